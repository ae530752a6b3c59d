/** A text that was run so often is kept ready on each connection. */
const OFTEN = 3
/** Each takes memory of every server process that has run it. Texts with as many values as there are rows would be endless. */
const MOST = 200
const MOST_COUNTED = 1_000

/** Names for the statements that are run again and again, the same on every connection of the process. */
export class StatementNames {
  readonly #names = new Map<string, string>()
  #counts = new Map<string, number>()

  /** Undefined for a text that is not worth one. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size === MOST) return known
    const count = (this.#counts.get(text) ?? 0) + 1
    if (count < OFTEN) {
      if (this.#counts.size === MOST_COUNTED) this.#counts = new Map()
      this.#counts.set(text, count)
      return undefined
    }
    this.#counts.delete(text)
    const name = `agent_memory_${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}
