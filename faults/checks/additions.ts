import type { Line, LineOf, Logged, StoredEntry } from '../history.ts'
import type { Check, Violation } from './check.ts'

type Added = LineOf<'added'>

/** What an addition of a run brings: see work/additions.ts. */
const TAGS = 2
const isOfRun = ({ name }: StoredEntry) => /^(of|wanted) /.test(name)

/** At the end of a run: each acknowledged addition is there once and whole, and of no other there is a part. */
export class AdditionsCheck implements Check {
  readonly #added: Added[] = []
  readonly #taken: LineOf<'taken'>[] = []
  readonly #stored = new Map<string, StoredEntry>()
  readonly #log: Logged[] = []
  shared = 0

  get acknowledged(): number {
    return this.#added.length
  }

  take(line: Line): readonly Violation[] {
    if (line.op === 'added') this.#added.push(line)
    if (line.op === 'taken') this.#taken.push(line)
    if (line.op === 'entries') for (const row of line.rows) this.#stored.set(row.entry, row)
    if (line.op !== 'log') return []
    this.#log.push(...line.rows)
    return line.isEnd ? this.#atEnd() : []
  }

  #atEnd(): Violation[] {
    this.#countShared()
    return [...this.#lost(), ...this.#doubled(), ...this.#halves(), ...this.#withoutEvent()]
  }

  #countShared(): void {
    const added = new Set(this.#added.map(({ entry }) => entry))
    const own = this.#log.filter(({ entry }) => added.has(entry))
    for (const together of Map.groupBy(own, ({ transaction }) => transaction).values())
      if (together.length > 1) this.shared += together.length
  }

  /** A name that was refused as taken stands for an entry too. */
  #lost(): Violation[] {
    const names = new Set([...this.#stored.values()].map(placeOf))
    return [
      ...this.#added
        .filter(({ entry }) => !this.#stored.has(entry))
        .map((line) => broken('no addition is lost', `${line.name} (${line.entry}) is not there`, [line])),
      ...this.#taken
        .filter((line) => !names.has(placeOf(line)))
        .map((line) =>
          broken('no addition is lost', `${line.name} was taken in ${line.scope}, and is not there`, [line]),
        ),
    ]
  }

  #doubled(): Violation[] {
    const stored = Map.groupBy(this.#stored.values(), placeOf)
    const acknowledged = Map.groupBy(this.#added, placeOf)
    const rule = 'no addition is doubled'
    return [
      ...[...stored].flatMap(([place, { length }]) =>
        length > 1 ? [broken(rule, `there are ${length} of ${place}`, [])] : [],
      ),
      ...[...acknowledged].flatMap(([place, lines]) =>
        lines.length > 1 ? [broken(rule, `${place} was acknowledged ${lines.length} times`, lines)] : [],
      ),
    ]
  }

  /** Those of which the outcome is not known too, and what the log tells of none that is there. */
  #halves(): Violation[] {
    const rule = 'no addition is there by half'
    const parts = [...this.#stored.values()].filter(isOfRun).flatMap(({ name, tags, found }) => {
      if (tags === TAGS && found === 1) return []
      return [broken(rule, `${name} has ${tags} tags and ${found} rows in the index`, [])]
    })
    const events = this.#log
      .filter(({ entry }) => !this.#stored.has(entry))
      .map(({ seq, entry }) => broken(rule, `event ${seq} is of ${entry}, which is not there`, []))
    return [...parts, ...events]
  }

  /** Of those that the log still reaches back to: asked for after one was answered that stands in it. */
  #withoutEvent(): Violation[] {
    const logged = new Set(this.#log.map(({ entry }) => entry))
    const oldest = this.#added.find(({ entry }) => logged.has(entry))
    if (!oldest) return []
    return this.#added
      .filter(({ entry, sent }) => sent > oldest.t && !logged.has(entry))
      .map((line) => broken('no event is lost', `the addition of ${line.name} is not in the log`, [line]))
  }
}

function placeOf({ scope, name }: { readonly scope: string; readonly name: string }): string {
  return `${name} in ${scope}`
}

function broken(rule: string, message: string, lines: readonly Line[]): Violation {
  return { rule, message, lines }
}
