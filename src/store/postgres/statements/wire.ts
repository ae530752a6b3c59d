/** Most batches fit; what is larger makes it grow. */
const FIRST_BYTES = 16 * 1024
/** What a rare large batch made it grow to is not kept. */
const MOST_KEPT_BYTES = 256 * 1024
/** Of one character of a text, in UTF-8. */
const MOST_BYTES_OF_ONE = 3
/** More than a message has beside its texts. */
const HEAD_BYTES = 64

let scratch = Buffer.allocUnsafe(FIRST_BYTES)

/**
 * Messages of PostgreSQL's protocol, one after the other in one buffer: as one write of the socket each of them costs a fraction of what
 * it costs as a buffer of its own. One is written at a time, from its first message to `take`.
 */
export class Wire {
  #end = 0

  parse(name: string, text: string): void {
    const start = this.#begin('P', name.length + text.length)
    this.#text(name)
    this.#text(text)
    this.#int16(0)
    this.#close(start)
  }

  /** The values as texts, and the answer in texts. */
  bind(name: string, values: readonly (string | null)[]): void {
    const start = this.#begin('B', name.length)
    this.#text('')
    this.#text(name)
    this.#int16(0)
    this.#int16(values.length)
    for (const value of values) this.#value(value)
    this.#room(HEAD_BYTES)
    this.#int16(0)
    this.#close(start)
  }

  /** Asks what the rows of the statement that was bound look like. */
  describe(): void {
    const start = this.#begin('D')
    this.#text('P')
    this.#close(start)
  }

  execute(): void {
    const start = this.#begin('E')
    this.#text('')
    this.#int32(0)
    this.#close(start)
  }

  /** Forgets a statement that is kept ready, or does nothing. */
  forget(name: string): void {
    const start = this.#begin('C', name.length)
    this.#text(`S${name}`)
    this.#close(start)
  }

  sync(): void {
    this.#close(this.#begin('S'))
  }

  /** All of it, for the socket to keep. */
  take(): Buffer {
    const taken = Buffer.from(scratch.subarray(0, this.#end))
    if (scratch.length > MOST_KEPT_BYTES) scratch = Buffer.allocUnsafe(FIRST_BYTES)
    return taken
  }

  #begin(type: string, characters = 0): number {
    this.#room(characters * MOST_BYTES_OF_ONE + HEAD_BYTES)
    scratch[this.#end] = type.charCodeAt(0)
    this.#end += 5
    return this.#end - 4
  }

  /** The length of a message counts itself, and not its type. */
  #close(start: number): void {
    scratch.writeInt32BE(this.#end - start, start)
  }

  #value(value: string | null): void {
    if (value === null) {
      this.#room(4)
      this.#int32(-1)
      return
    }
    this.#room(value.length * MOST_BYTES_OF_ONE + 4)
    const start = this.#end
    this.#end += 4 + scratch.write(value, start + 4)
    scratch.writeInt32BE(this.#end - start - 4, start)
  }

  /** A zero ends it. */
  #text(text: string): void {
    if (text !== '') this.#end += scratch.write(text, this.#end)
    scratch[this.#end++] = 0
  }

  #int16(value: number): void {
    this.#end = scratch.writeUInt16BE(value, this.#end)
  }

  #int32(value: number): void {
    this.#end = scratch.writeInt32BE(value, this.#end)
  }

  #room(bytes: number): void {
    if (this.#end + bytes <= scratch.length) return
    const larger = Buffer.allocUnsafe(2 * (this.#end + bytes))
    scratch.copy(larger, 0, 0, this.#end)
    scratch = larger
  }
}
