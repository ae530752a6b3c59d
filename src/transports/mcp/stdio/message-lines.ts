/** Splits a stream of bytes into lines. A line longer than the limit is dropped as it arrives, and reported once. */
export class MessageLines {
  readonly #maxBytes: number
  readonly #onLine: (line: Buffer) => void
  readonly #onTooLong: () => void
  #parts: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number, on: { line: (line: Buffer) => void; tooLong: () => void }) {
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
    if (this.#bytes > this.#maxBytes) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  #finish(): void {
    const line = Buffer.concat(this.#parts)
    const isTooLong = this.#bytes > this.#maxBytes
    this.#parts = []
    this.#bytes = 0
    if (isTooLong) this.#onTooLong()
    else this.#onLine(line)
  }
}

const NEWLINE = 0x0a
