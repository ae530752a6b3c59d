import { closeSync, openSync, readSync, writeSync } from 'node:fs'

// What the processes of a run write down, a JSON line each. All times are microseconds of the machine's monotonic clock,
// which its processes share; `t` is when the line was written, and grows in each file.

/** A lock as its holder knows it. */
export interface Held {
  readonly path: string
  readonly token: number
}

/** A change of an entry as the log has it. */
export interface Logged {
  readonly seq: number
  readonly entry: string
  readonly version: number
  /** Scope keys and where they went. */
  readonly versions: Readonly<Record<string, number>>
  /** Rows of one transaction have the same. */
  readonly transaction: string
}

/** An entry as the database has it in the end, and how many tags and rows of the search index are its own. */
export interface StoredEntry {
  readonly entry: string
  readonly scope: string
  readonly name: string
  readonly tags: number
  readonly found: number
}

interface Base {
  readonly t: number
  /** The process: `2.5` is the fifth one in the second place. */
  readonly by: string
}

export type Line = Base &
  /** `ends`: until then the holder may count on it, by the answer. */
  (
    | { op: 'granted'; agent: string; locks: readonly Held[]; sent: number; ends: number; kept: boolean }
    | { op: 'renewed'; agent: string; path: string; token: number; ends: number }
    | { op: 'releasing'; agent: string; locks: readonly Held[] }
    | { op: 'released'; agent: string; locks: readonly Held[]; sent: number }
    | { op: 'forcing'; path: string }
    | { op: 'forced'; path: string; sent: number }
    | { op: 'verified'; agent: string; path: string; token: number; sent: number; valid: boolean }
    /** What an agent that never held anything holds right after it was refused several files at once. */
    | { op: 'refused'; agent: string; paths: readonly string[]; error: string; held: readonly string[] }
    /** The protected counter: what was found there, and what was written over it. */
    | { op: 'counted'; path: string; token: number; foundToken: number; value: number; late: boolean }
    | { op: 'wrote'; entry: string; version: number; sent: number }
    | { op: 'added'; entry: string; scope: string; name: string; version: number; sent: number }
    /** An addition was refused, for its name was there. */
    | { op: 'taken'; scope: string; name: string; sent: number }
    /** The database has it; no event was published yet. */
    | { op: 'committed'; entry: string; version: number }
    /** Answers of one version in a row: the first and the last one asked for, the first one's end, how many. */
    | { op: 'read'; entry: string; version: number; first: number; firstEnd: number; last: number; n: number }
    | { op: 'heard'; entry: string; version: number }
    /** Changes of entries that a cursor has led to; `resync`: the log no longer had all before them. */
    | { op: 'told'; seqs: readonly number[]; resync: boolean }
    /** What the log says of entries in the end, in its order. */
    | { op: 'log'; rows: readonly Logged[]; isEnd: boolean }
    /** All entries in the end; before the log. */
    | { op: 'entries'; rows: readonly StoredEntry[] }
    | { op: 'failed'; what: 'read' | 'write' | 'lock'; error: string; said?: string; sent: number }
    | { op: 'counts'; counts: Counts; rssMb: number; lagMs: number }
    | { op: 'fault'; kind: string; target: string; phase: 'begin' | 'end' }
    /**
     * From the first line to the second one no agent may be granted a lock; with a target, no agent of that
     * place.
     */
    | { op: 'away'; target: string; phase: 'begin' | 'end' }
    /** That process has ended. */
    | { op: 'gone'; process: string }
    | { op: 'crashed'; process: string; said: string }
    /** A new question, asked by all at once: how often it reached the database. */
    | { op: 'cold'; readers: number; processes: number; loads: number }
    /** Answers that lie in Redis, against the database. */
    | { op: 'stored'; looked: number; wrong: readonly string[] }
  )

/** Totals of one process since its last line of this kind. */
export interface Counts {
  /** Every answer to a question about locks, refusals too; of them granted. */
  readonly lockOps: number
  readonly grants: number
  readonly reads: number
  readonly l1: number
  readonly l2: number
  readonly database: number
  readonly writes: number
  readonly unknown: number
}

export type Op = Line['op']
export type LineOf<O extends Op> = Extract<Line, { op: O }>

/** Microseconds of the machine's monotonic clock. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

type WithoutStamp<T> = T extends Line ? Omit<T, 't' | 'by'> : never
export type Unstamped = WithoutStamp<Line>

/** Writes each line before it answers: what a killed process did is known to its last step. */
export class HistoryWriter {
  readonly #file: number
  readonly #by: string

  constructor(path: string, by: string) {
    this.#file = openSync(path, 'a')
    this.#by = by
  }

  add(line: Unstamped): void {
    writeSync(this.#file, `${JSON.stringify({ t: microseconds(), by: this.#by, ...line })}\n`)
  }

  close(): void {
    closeSync(this.#file)
  }
}

/** The lines of all files in the order of their time, a block of each file in memory. */
export function* mergedHistory(paths: readonly string[]): Generator<Line> {
  const sources = paths.map((path) => readHistory(path))
  const heads = sources.map((source) => source.next().value)
  for (;;) {
    let first = -1
    let earliest = Number.POSITIVE_INFINITY
    for (const [place, head] of heads.entries()) {
      if (!head || head.t >= earliest) continue
      earliest = head.t
      first = place
    }
    const line = heads[first]
    if (!line) return
    yield line
    heads[first] = sources[first]?.next().value
  }
}

const BLOCK_BYTES = 64 * 1024

function* readHistory(path: string): Generator<Line, undefined> {
  const file = openSync(path, 'r')
  const block = Buffer.alloc(BLOCK_BYTES)
  let rest = ''
  try {
    for (;;) {
      const bytes = readSync(file, block)
      if (bytes === 0) return
      const lines = (rest + block.toString('latin1', 0, bytes)).split('\n')
      rest = lines.pop() ?? ''
      // No other process writes into these files.
      for (const line of lines) yield JSON.parse(line) as Line
    }
  } finally {
    closeSync(file)
  }
}
