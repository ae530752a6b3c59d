/** How a line that was dropped begins and ends. */
export interface LineEnds {
  readonly head: string
  readonly tail: string
}

/** Splits a stream of bytes into lines. A line longer than the limit is dropped as it arrives, and reported once. */
export class MessageLines {
  readonly #maxBytes: number
  readonly #onLine: (line: Buffer) => void
  readonly #onTooLong: (ends: LineEnds) => void
  #ends: { head: Buffer; tail: Buffer } | undefined
  #parts: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number, on: { line: (line: Buffer) => void; tooLong: (ends: LineEnds) => void }) {
    this.#maxBytes = maxBytes
    this.#onLine = on.line
    this.#onTooLong = on.tooLong
  }

  push(chunk: Buffer): void {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#take(chunk.subarray(start, end))
      this.#finish()
      start = end + 1
    }
    this.#take(chunk.subarray(start))
  }

  /** The last line need not end with a newline. */
  end(): void {
    this.#finish()
  }

  #take(part: Buffer): void {
    this.#bytes += part.length
    if (this.#bytes > this.#maxBytes) this.#drop(part)
    else if (part.length > 0) this.#parts.push(part)
  }

  #drop(part: Buffer): void {
    this.#ends ??= {
      head: Buffer.concat([...this.#parts, part].slice(0, 2)).subarray(0, END_BYTES),
      tail: part,
    }
    // Copies: a view would keep the whole chunk.
    const head = Buffer.from(this.#ends.head)
    this.#ends = { head, tail: Buffer.from(Buffer.concat([this.#ends.tail, part]).subarray(-END_BYTES)) }
    this.#parts = []
  }

  #finish(): void {
    const line = Buffer.concat(this.#parts)
    const isTooLong = this.#bytes > this.#maxBytes
    const ends = this.#ends
    this.#ends = undefined
    this.#parts = []
    this.#bytes = 0
    if (isTooLong) this.#onTooLong({ head: String(ends?.head), tail: String(ends?.tail) })
    else this.#onLine(line)
  }
}

const NEWLINE = 0x0a
/** Enough for what stands before and behind the params of a message. */
const END_BYTES = 1_024
