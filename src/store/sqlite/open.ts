import { statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { systemClock } from '../../domain/clock.ts'
import { makeFolder } from '../../make-folder.ts'
import { logChanges } from '../change-log.ts'
import { missingProblem } from '../check/parts.ts'
import { backoffMs, type Database } from '../database.ts'
import { type Migration, newerSchemaProblem, requireKnown } from '../migrate.ts'
import { MIGRATIONS } from '../migrations/index.ts'
import type { Schema } from '../schema.ts'
import { bulkWrites } from './bulk.ts'
import { sqliteKysely } from './dialect.ts'
import { isBusy, isReadOnly, toAppError } from './errors.ts'
import { OpenFile } from './file/open-file.ts'
import { parts } from './parts.ts'
import { prepareFile, START_TIMEOUT_MS } from './prepare.ts'
import { FtsSearchIndex } from './search/index.ts'
import { dropOlderIndex } from './search/schema.ts'

export interface SqliteOptions {
  readonly path: string
  /** The real list unless a test plants another. */
  readonly migrations?: readonly Migration[]
}

/** The driver waits on the event loop: keep that short, the store retries. */
const BUSY_TIMEOUT_MS = 20

/** Opens (or makes) the database file, safely when several processes start on a new file at once. */
export async function openSqlite({ path, migrations = MIGRATIONS }: SqliteOptions): Promise<Database> {
  const deadline = performance.now() + START_TIMEOUT_MS
  for (;;) {
    try {
      const database = await open(path, migrations)
      if (database) return database
    } catch (error) {
      // Where two starters change the journal mode at once, SQLite refuses one of them without waiting.
      if (!isBusy(error) || performance.now() > deadline) throw toAppError(error, path)
      await new Promise((resolve) => setTimeout(resolve, BUSY_TIMEOUT_MS))
    }
  }
}

/** Opens a file as it is: the caller knows that it is ours and of this schema. */
export function openPrepared(path: string, schemaVersion: number): Database {
  return databaseOf(path, schemaVersion, new Connections(path))
}

/** Undefined when the file was replaced meanwhile: the connections would lead to the one that a restore has put aside. */
async function open(path: string, migrations: readonly Migration[]): Promise<Database | undefined> {
  makeFolder(dirname(path))
  const schemaVersion = await prepareFile(path, migrations)
  const { ino } = statSync(path)
  const connections = new Connections(path)
  if (statSync(path).ino === ino) return databaseOf(path, schemaVersion, connections)
  connections.close()
  return undefined
}

/** One that writes and two that read, all open or none. */
class Connections {
  readonly writer: DatabaseSync
  readonly reader: DatabaseSync
  readonly snapshots: DatabaseSync
  readonly #opened: DatabaseSync[] = []

  constructor(path: string) {
    try {
      this.writer = this.#connect(path)
      // A copy of the file made with other tools may have lost the mode.
      this.writer.exec('pragma journal_mode = wal')
      // From here on it waits as sqlite/dialect.ts says.
      this.writer.exec('pragma busy_timeout = 0')
      this.reader = this.#connect(path, true)
      this.snapshots = this.#connect(path, true)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** The writer comes last: the last one writes the log back into the file, and those that read may not. */
  close(): void {
    for (const db of this.#opened.reverse()) if (db.isOpen) db.close()
  }

  #connect(path: string, readOnly = false): DatabaseSync {
    const db = new DatabaseSync(path, {
      readOnly,
      timeout: BUSY_TIMEOUT_MS,
      enableForeignKeyConstraints: true,
    })
    this.#opened.push(db)
    // FULL: an acknowledged write, and a fencing token, survive a power cut too.
    db.exec('pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -8000')
    return db
  }
}

function databaseOf(path: string, schemaVersion: number, connections: Connections): Database {
  const { writer, reader } = connections
  const file = new OpenFile(path)
  const writing = sqliteKysely<Schema>(writer, 'begin immediate')
  const reading = sqliteKysely<Schema>(reader, 'begin deferred')
  const snapshots = sqliteKysely<Schema>(connections.snapshots, 'begin deferred')
  const dataVersion = writer.prepare('pragma data_version')
  const userVersion = writer.prepare('pragma user_version')
  // A newer program may have brought the file up to date meanwhile: what this one writes would not fit.
  const fileVersion = () => Number(userVersion.get()?.['user_version'])
  const transaction: Database['transaction'] = (fn) =>
    writing.transaction().execute(async (db) => {
      file.requireSame()
      requireKnown(fileVersion(), schemaVersion)
      const result = await fn(db)
      file.requireSame()
      return result
    })
  return {
    type: 'sqlite',
    place: { path },
    placeProblem: () => (file.isReplaced() ? file.replaced().message : null),
    writeProblem: async () =>
      newerSchemaProblem(fileVersion(), schemaVersion) ?? (await missingProblem(reading, parts)),
    pollingReason: () => null,
    pool: () => null,
    reader: reading,
    searchIndex: new FtsSearchIndex(),
    dropOlderIndex,
    schemaVersion,
    async readPlace() {
      const { dev, ino } = statSync(path)
      return `${dev}:${ino}`
    },
    snapshot: (fn) => snapshots.transaction().execute(fn),
    transaction,
    logLast: logChanges,
    sharedWrites: null,
    jointTransactions: {
      transaction,
      // A transaction has everything for itself.
      claimScope: async () => {},
      claimFree: async (_db, ids) => new Set(ids),
      isCommitUnknown: () => false,
      takeTurns: true,
    },
    bulkWrites,
    // Others see it by the change token.
    announceCommit: () => {},
    retryAfterMs: (error, tries) => (isBusy(error) ? backoffMs(tries) : null),
    isReadOnly,
    toAppError: (error) => toAppError(error, path),
    // Asked on the writing connection: there only the commits of other connections move it.
    changeToken: onceATurn(() => {
      try {
        return Number(dataVersion.get()?.['data_version'])
      } catch (error) {
        // Another process just mends the log's index: like no number from before.
        if (isBusy(error)) return Number.NaN
        throw error
      }
    }),
    // The change token is cheap to ask and misses nothing.
    watchCommits: () => () => {},
    pollMs: 15,
    readClock: null,
    clock: systemClock,
    async close() {
      await Promise.all([snapshots.destroy(), reading.destroy(), writing.destroy()])
      connections.close()
    },
  }
}

/** One look serves all that ask before this turn of the program ends: no request can come in between. */
function onceATurn(look: () => number): () => number {
  let known: number | undefined
  return () => {
    if (known === undefined) {
      known = look()
      queueMicrotask(() => {
        known = undefined
      })
    }
    return known
  }
}
