const MOST = 4_096

/** Puts the small numbers of a state, one after the other, into a short text. */
export class KeyWriter {
  readonly #bytes = Buffer.alloc(MOST)
  #end = 0

  /** -1 to 254. */
  number(value: number): void {
    this.#bytes[this.#end++] = value + 1
  }

  flags(...flags: readonly boolean[]): void {
    let bits = 0
    for (const flag of flags) bits = bits * 2 + (flag ? 1 : 0)
    this.number(bits)
  }

  /** Of a length that is the same in all states. */
  numbers(values: readonly number[]): void {
    for (let at = 0; at < values.length; at++) this.number(values[at] ?? -1)
  }

  list(values: readonly number[]): void {
    this.number(values.length)
    this.numbers(values)
  }

  /** Nothing, or what `write` writes. */
  optional<T>(value: T | null, write: (value: T) => void): void {
    this.number(value === null ? 0 : 1)
    if (value !== null) write(value)
  }

  /** A list whose order does not matter. */
  unordered<T>(items: readonly T[], write: (item: T) => void): void {
    this.number(items.length)
    const starts: number[] = []
    for (const item of items) {
      starts.push(this.#end)
      write(item)
    }
    if (items.length > 1 && !this.#isSorted(starts)) this.#sort(starts)
  }

  #isSorted(starts: readonly number[]): boolean {
    for (let place = 1; place < starts.length; place++) {
      const [before = 0, start = 0, end = this.#end] = starts.slice(place - 1, place + 2)
      if (this.#bytes.compare(this.#bytes, start, end, before, start) > 0) return false
    }
    return true
  }

  #sort(starts: readonly number[]): void {
    const parts = starts.map((start, place) =>
      Buffer.from(this.#bytes.subarray(start, starts[place + 1] ?? this.#end)),
    )
    this.#bytes.set(Buffer.concat(parts.sort(Buffer.compare)), starts[0] ?? 0)
  }

  /** What was written since the last call. */
  take(): string {
    const text = this.#bytes.toString('latin1', 0, this.#end)
    this.#end = 0
    return text
  }
}
