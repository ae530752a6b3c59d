/** A text that was run so often is kept ready on each connection. */
const OFTEN = 3
/** Each takes memory of every server process that has run it. Texts with as many values as there are rows would be endless. */
const MOST = 200
const MOST_COUNTED = 1_000

/** Stands in a text whose best plan hangs on its values: a common word is found in another way than a rare one. */
export const PLANNED_ANEW = '/* planned anew */'

/**
 * Names for the statements that are run again and again, the same on every connection of the process. Of a statement of ours
 * PostgreSQL needs longer to read and plan it than to do it.
 */
export class StatementNames {
  readonly #prefix: string
  readonly #names = new Map<string, string>()
  #counts = new Map<string, number>()

  /** The prefix of its names, which no other statement on the same connections may have. */
  constructor(prefix: string) {
    this.#prefix = prefix
  }

  /** Undefined for a text that is not worth one. */
  nameOf(text: string): string | undefined {
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size === MOST) return known
    if (text.includes(PLANNED_ANEW)) return undefined
    const count = (this.#counts.get(text) ?? 0) + 1
    if (count < OFTEN) {
      if (this.#counts.size === MOST_COUNTED) this.#counts = new Map()
      this.#counts.set(text, count)
      return undefined
    }
    this.#counts.delete(text)
    const name = `${this.#prefix}${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}
