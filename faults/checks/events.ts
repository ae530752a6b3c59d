import type { Line, LineOf, Logged } from '../history.ts'
import type { Check, Violation } from './check.ts'

/**
 * The events that one process got by its cursor since it began, or since it got `resync` because the log no
 * longer reaches so far back.
 */
type Told = number[]

const PROMOTION = 'PostgreSQL promotion of the standby'
/** A server that takes over may lack the last numbers that were given out: all go on further by one time in ms, which is more than this. */
const LEAST_RAISE = 1e9

/** At the end of a run: the log has each acknowledged change once and in order, and each follower got all of it. */
export class EventsCheck implements Check {
  /** Entry → acknowledged versions. */
  readonly #wrote = new Map<string, Map<number, Line>>()
  readonly #told = new Map<string, Told[]>()
  readonly #log: Logged[] = []
  #promotions = 0
  /** By how much numbers went on after a promotion. */
  readonly #raises = new Set<number>()
  followed = 0

  take(line: Line): readonly Violation[] {
    if (line.op === 'fault' && line.phase === 'begin' && line.kind === PROMOTION) this.#promotions++
    if (line.op === 'wrote') this.#acknowledged(line.entry).set(line.version, line)
    if (line.op === 'told') return this.#follow(line)
    if (line.op !== 'log') return []
    this.#log.push(...line.rows)
    return line.isEnd ? [...this.#lost(), ...this.#outOfOrder(), ...this.#leftOut(), ...this.#untold()] : []
  }

  #acknowledged(entry: string): Map<number, Line> {
    const versions = this.#wrote.get(entry) ?? new Map<number, Line>()
    this.#wrote.set(entry, versions)
    return versions
  }

  #follow(line: LineOf<'told'>): Violation[] {
    const all = this.#told.get(line.by) ?? [[]]
    this.#told.set(line.by, all)
    if (line.resync) all.push([])
    const told = all.at(-1) ?? []
    const before = told.at(-1) ?? -1
    told.push(...line.seqs)
    this.followed += line.seqs.length
    const grows = [before, ...line.seqs].every((seq, at, seqs) => at === 0 || seq > (seqs[at - 1] ?? seq))
    return grows ? [] : [broken('events are told once, in order', `${line.by} was told ${line.seqs}`, [line])]
  }

  /** Of what the log has kept of an entry. */
  #lost(): Violation[] {
    const logged = Map.groupBy(this.#log, ({ entry }) => entry)
    return [...this.#wrote].flatMap(([entry, acknowledged]) => {
      const versions = new Set((logged.get(entry) ?? []).map(({ version }) => version))
      const first = Math.min(...versions)
      const isMissing = (version: number) => !(version < first) && !versions.has(version)
      return [...acknowledged]
        .filter(([version]) => isMissing(version))
        .map(([version, line]) =>
          broken('no event is lost', `version ${version} of ${entry} is not in the log`, [line]),
        )
    })
  }

  /** The same for all numbers, once a promotion. */
  #isRaise(by: number): boolean {
    if (by > LEAST_RAISE && this.#raises.size < this.#promotions) this.#raises.add(by)
    return this.#raises.has(by)
  }

  #outOfOrder(): Violation[] {
    const entries = new Map<string, number>()
    return this.#log.flatMap(({ seq, entry, version }) => {
      const before = entries.get(entry)
      entries.set(entry, version)
      // What is changed after it counts on above all that it may have had.
      const isRaised = before !== undefined && version > before && this.#isRaise(version - 1)
      if (before === undefined || version === before + 1 || isRaised) return []
      return [
        broken('events are in order', `event ${seq}: version ${version} of ${entry} after ${before}`, []),
      ]
    })
  }

  #leftOut(): Violation[] {
    const keys = new Map<string, { last: number; raised: number; transaction: string }>()
    const moves = this.#log.flatMap(({ seq, versions, transaction }) =>
      Object.entries(versions).map(([key, moved]) => ({ seq, key, moved, transaction })),
    )
    return moves.flatMap(({ seq, key, moved, transaction }) => {
      const { last, raised, ...before } = keys.get(key) ?? { last: moved - 1, raised: 0, transaction: '' }
      const isRaise = raised < this.#promotions && this.#isRaise(moved - last - 1)
      keys.set(key, { last: moved, raised: raised + Number(isRaise), transaction })
      // One transaction moves it once, however much is written in it.
      const isStill = moved === last && transaction === before.transaction
      if (isRaise || isStill || moved === last + 1) return []
      return [broken('scope versions go on by one', `event ${seq}: ${key} is ${moved} after ${last}`, [])]
    })
  }

  #untold(): Violation[] {
    const seqs = this.#log.map(({ seq }) => seq)
    const logged = new Set(seqs)
    const oldest = seqs[0] ?? Number.POSITIVE_INFINITY
    return [...this.#told].flatMap(([by, parts]) =>
      parts.flatMap((told) => {
        const [first = 0, last = 0] = [told[0], told.at(-1)]
        const known = new Set(told)
        const missed = seqs.filter((seq) => seq > first && seq < last && !known.has(seq))
        const invented = told.filter((seq) => seq >= oldest && !logged.has(seq))
        return [
          ...missed.map((seq) => broken('followers miss nothing', `${by} was not told of event ${seq}`, [])),
          ...invented.map((seq) =>
            broken('what was told stays', `${by} was told of event ${seq}, which the log has not`, []),
          ),
        ]
      }),
    )
  }
}

function broken(rule: string, message: string, lines: readonly Line[]): Violation {
  return { rule, message, lines }
}
