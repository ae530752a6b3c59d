import type { Clock } from '../../domain/clock.ts'
import { newId } from '../../domain/ids.ts'
import type { Reader } from '../../store/access.ts'
import { lastSeq } from '../../store/change-log.ts'
import { digestOf } from '../../store/move/digest.ts'
import type { MoveEnd, MoveTarget } from '../../store/move/end.ts'
import { readMarker, setMarker } from '../../store/move/marker.ts'
import { appendRows, countRows, keyOf, lastKey, pages } from '../../store/move/rows.ts'
import { LEFT_BEHIND, MOVED, STEPS, type Step } from '../../store/move/steps.ts'
import { beginMove, endMove, filledTables, throwAway } from '../../store/move/target.ts'
import { Store } from '../../store/store.ts'
import { differs, notEmpty, ofAnother, ofTarget, sameDatabase } from './refusals.ts'
import { refuseLateChanges, refuseLeases } from './source-at-rest.ts'

/** Rows done of all, in what is being done. */
type Progress = (done: number, total: number) => void

interface MoveOptions {
  readonly moved: Progress
  readonly checked: Progress
  readonly signal: AbortSignal
}

/** A table after the move: equal on both sides. */
interface MovedTable {
  readonly table: string
  readonly rows: number
  readonly digest: string
}

export interface MoveReport {
  readonly source: string
  readonly target: string
  /** Whether it went on where another run had stopped. */
  readonly resumed: boolean
  readonly tables: readonly MovedTable[]
  readonly left_behind: readonly string[]
}

interface MoveParts {
  readonly source: MoveEnd
  /** Called when the source is fit to be moved: nothing is made before. */
  readonly openTarget: () => Promise<MoveTarget>
  readonly clock: Clock
}

/**
 * Moves everything from one database to an empty one: rows as they are, page by page, read from one snapshot. A run that was
 * killed leaves its marker in the target; the next one goes on behind the last row, or begins anew if the source has changed.
 */
export class Move {
  readonly #source: MoveEnd
  readonly #sourceStore: Store
  readonly #openTarget: MoveParts['openTarget']
  readonly #clock: Clock

  constructor({ source, openTarget, clock }: MoveParts) {
    this.#source = source
    this.#sourceStore = new Store(source.database, newId())
    this.#openTarget = openTarget
    this.#clock = clock
  }

  async run(options: MoveOptions): Promise<MoveReport> {
    await refuseLeases(this.#sourceStore, this.#clock)
    const target = await this.#openTarget().catch((error: unknown) => {
      throw ofTarget(error)
    })
    const store = new Store(target.database, newId())
    try {
      if (target.identity === this.#source.identity) throw sameDatabase()
      return await this.#moveTo(target, store, options)
    } finally {
      await store.close()
    }
  }

  async close(): Promise<void> {
    await this.#sourceStore.close()
  }

  async #moveTo(target: MoveTarget, store: Store, options: MoveOptions): Promise<MoveReport> {
    if (!target.isUnfinished) await markEmpty(store, this.#source.name)
    const { position, resumed, tables } = await this.#sourceStore.snapshot(async (db) => {
      const position = await lastSeq(db)
      const resumed = await makeReady(store, { source: this.#source.name, position, ...options })
      await copy(db, store, options)
      return { position, resumed, tables: await compare(db, store, options) }
    })
    await refuseLateChanges(this.#sourceStore, position)
    await store.write(({ db }) => endMove(db, target.continueNumbers))
    return { source: this.#source.name, target: target.name, resumed, tables, left_behind: LEFT_BEHIND }
  }
}

async function markEmpty(store: Store, source: string): Promise<void> {
  await store.write(async ({ db }) => {
    const filled = await filledTables(db)
    if (filled.length > 0) throw notEmpty(filled)
    await beginMove(db, source)
  })
}

/** Answers whether the rows that are there are those of this state of the source; others are thrown away. */
async function makeReady(
  store: Store,
  { source, position, signal }: { source: string; position: number; signal: AbortSignal },
): Promise<boolean> {
  const marker = await store.read(readMarker)
  if (marker.source !== source) throw ofAnother()
  if (marker.position === position) return true
  await store.write(({ db }) => setMarker(db, -1))
  while (await store.write(({ db }) => throwAway(db))) signal.throwIfAborted()
  await store.write(({ db }) => setMarker(db, position))
  return false
}

async function copy(source: Reader, target: Store, { moved, signal }: MoveOptions): Promise<void> {
  const total = await countAll(source)
  let done = await target.read(countAll)
  for (const step of STEPS) {
    let after = await target.read((db) => lastKey(db, step))
    for await (const rows of pages(source, step, after)) {
      signal.throwIfAborted()
      await target.write(({ db }) => appendRows(db, step, { rows, after }))
      after = keyOf(step, rows.at(-1))
      done += rows.length
      moved(done, total)
    }
  }
}

async function countAll(db: Reader): Promise<number> {
  let total = 0
  for (const step of STEPS) total += await countRows(db, step)
  return total
}

/** Reads all of both sides again. Tables that differ are moved anew by the next run. */
async function compare(source: Reader, target: Store, options: MoveOptions): Promise<MovedTable[]> {
  const total = 2 * (await countAll(source))
  const tables: MovedTable[] = []
  let done = 0
  const onRows = (count: number) => {
    options.signal.throwIfAborted()
    done += count
    options.checked(done, total)
  }
  for (const table of MOVED) {
    const steps = STEPS.filter((step: Step) => step.table === table)
    const here = await digestOf(source, steps, onRows)
    const there = await target.snapshot((db) => digestOf(db, steps, onRows))
    if (here.rows !== there.rows || here.digest !== there.digest) {
      await target.write(({ db }) => setMarker(db, -1))
      throw differs(table, here.rows, there.rows)
    }
    tables.push({ table, ...here })
  }
  return tables
}
