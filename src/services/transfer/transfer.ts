import {
  RECORD_KINDS,
  type RecordKind,
  type TransferHeader,
  type TransferRecord,
} from '../../domain/transfer.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import type { Caller } from '../running/caller.ts'
import type { SecretGuard } from '../secrets/secret-guard.ts'
import { applyRecords } from './apply.ts'
import { exportHeader, exportRecords } from './export.ts'
import { ImportRun, type OnConflict, type Outcome } from './import/run.ts'
import { markdownPages, type Page, type PageCounts } from './markdown-export.ts'
import { type Numbered, readCount } from './parse.ts'
import { checkedRecords, preparedRecords } from './preparing/records.ts'
import { openPreparation } from './preparing/threads.ts'
import type { TransferSource } from './source.ts'

/** Called after each record. */
type Progress = (done: number, total: number) => void

interface ImportOptions {
  readonly onConflict: OnConflict
  /** Says what would become of the records, and does nothing. */
  readonly isDryRun?: boolean
  /** The file is read twice: whole, before anything is written, and while it is. Of the first it is told in batches. */
  readonly checked?: Progress
  readonly imported?: Progress
}

interface CheckedImport extends Required<Omit<ImportOptions, 'checked'>> {
  readonly records: () => AsyncIterable<Numbered>
  readonly total: number
}

/** What became of the records of a file, by kind. */
export type ImportCounts = Readonly<Record<RecordKind, Readonly<Record<Outcome, number>>>>

/** So many records are worth some statements of their own, each time. */
const MANY = 500

/** The whole memory as a file of JSON lines, and back. */
export class Transfer {
  readonly #store: Store
  readonly #secrets: SecretGuard

  constructor(store: Store, secrets: SecretGuard) {
    this.#store = store
    this.#secrets = secrets
  }

  /** Gives every line to `write`, as one state that no commit changes. */
  async export(
    write: (line: string) => Promise<void>,
    progress: Progress = () => {},
  ): Promise<TransferHeader['counts']> {
    return this.#store.snapshot(async (db) => {
      const header = await exportHeader(db)
      const total = sumOf(header.counts)
      // What was written cannot be taken back: from here on nothing is tried again.
      try {
        await write(lineOf(header))
        let done = 0
        for await (const record of exportRecords(db)) {
          await write(lineOf(record))
          progress(++done, total)
        }
      } catch (error) {
        throw this.#store.database.toAppError(error)
      }
      return header.counts
    })
  }

  /** Gives every page to `write`, as one state that no commit changes. */
  async exportMarkdown(write: (page: Page) => Promise<void>): Promise<PageCounts> {
    return this.#store.snapshot(async (db) => {
      try {
        return await markdownPages(db, write)
      } catch (error) {
        throw this.#store.database.toAppError(error)
      }
    })
  }

  /** Takes all of a file or nothing. */
  async import(
    caller: Caller,
    source: TransferSource,
    { onConflict, isDryRun = false, checked = () => {}, imported = () => {} }: ImportOptions,
  ): Promise<ImportCounts> {
    const total = await readCount(source)
    const preparation = openPreparation(this.#secrets, total)
    try {
      let done = 0
      for await (const count of checkedRecords(source, preparation)) {
        done += count
        checked(done, total)
      }
      const records = () => preparedRecords(source, preparation)
      return await this.#importChecked(caller, { records, total, onConflict, isDryRun, imported })
    } finally {
      await preparation.close()
    }
  }

  async #importChecked(
    caller: Caller,
    { records, total, onConflict, isDryRun, imported }: CheckedImport,
  ): Promise<ImportCounts> {
    const apply = async (unit: WriteUnit) => {
      const counts = noCounts()
      let done = 0
      const run = new ImportRun({ unit, caller, onConflict })
      const bulk = total < MANY ? undefined : this.#store.database.bulkWrites
      await bulk?.begin(unit.db)
      for await (const [kind, outcome] of applyRecords(run, records())) {
        counts[kind][outcome]++
        const to = counts.entry.added
        if (kind === 'entry' && outcome === 'added' && to % MANY === 0)
          await bulk?.grown(unit.db, { from: to - MANY, to })
        imported(++done, total)
      }
      await bulk?.end(unit.db)
      return counts
    }
    return isDryRun ? this.#store.rehearse(apply) : this.#store.write(apply)
  }
}

function noCounts(): Record<RecordKind, Record<Outcome, number>> {
  const none = () => ({ added: 0, identical: 0, kept: 0, replaced: 0 })
  return {
    scope: none(),
    tombstone: none(),
    entry: none(),
    version: none(),
    relation: none(),
    conflict: none(),
    vote: none(),
  }
}

function lineOf(record: TransferHeader | TransferRecord): string {
  return `${JSON.stringify(record)}\n`
}

function sumOf(counts: TransferHeader['counts']): number {
  return RECORD_KINDS.reduce((sum, kind) => sum + counts[kind], 0)
}
