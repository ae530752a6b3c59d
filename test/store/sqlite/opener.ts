import { sql } from 'kysely'
import { EmbeddedCache } from '../../../src/coordination/embedded/cache.ts'
import { systemClock } from '../../../src/domain/clock.ts'
import { AppError } from '../../../src/domain/errors.ts'
import { Permissions } from '../../../src/services/access/permissions.ts'
import { Places } from '../../../src/services/access/places.ts'
import { Sight } from '../../../src/services/access/sight.ts'
import { CachedReads } from '../../../src/services/cached-reads.ts'
import { EntryReads } from '../../../src/services/entries/entry-reads.ts'
import { Scopes } from '../../../src/services/scopes/scopes.ts'
import { Votes } from '../../../src/services/votes.ts'
import { readVersions } from '../../../src/store/change-log.ts'
import type { Migration } from '../../../src/store/migrate.ts'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { openSqlite } from '../../../src/store/sqlite/open.ts'
import { Store } from '../../../src/store/store.ts'

// A process that opens a database file: `opener.ts <path> [how …]`. One line of JSON says how it went.

const [path = '', ...how] = process.argv.slice(2)

const CALLER = { agentId: 'opener', workspace: null }

/** Ends the process as a kill -9 in the middle of a migration does. */
const suicidal: Migration = {
  name: 'next',
  changesData: false,
  async up(db) {
    await sql`update scope set name = 'half' where id = 'global'`.execute(db)
    process.kill(process.pid, 'SIGKILL')
    await new Promise(() => {})
  },
}

/** Takes its time, so that others arrive meanwhile. */
const slow: Migration = {
  name: 'next',
  changesData: true,
  async up(db) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    await sql`update scope set version = version + 1 where id = 'global'`.execute(db)
  },
}

if (how.includes('as-nobody')) {
  process.setegid?.(65534)
  process.seteuid?.(65534)
}
process.umask(0)
process.stdout.write(`${JSON.stringify(await attempt())}\n`)

async function attempt(): Promise<object> {
  try {
    const database = await openSqlite({ path, migrations: migrations() })
    const store = new Store(database, 'opener')
    try {
      if (how.includes('write'))
        await store.write(({ db }) => sql`update scope set purpose = 'seen' where id = 'global'`.execute(db))
      const { rows } = await store.read((db) => sql`select count(*) as n from scope`.execute(db))
      const votes = votesIn(store)
      if (how.includes('vote')) await votes.record(CALLER, {}, { task_id: 'task', vote_value: 'yes' })
      if (how.includes('ask'))
        return { consensus: await votes.consensus(CALLER, { task_id: 'task' }, { k: 1, quorum: 1 }) }
      return { version: database.schemaVersion, rows }
    } finally {
      await store.close()
    }
  } catch (error) {
    return error instanceof AppError ? error.toBody() : { broken: String(error) }
  }
}

function votesIn(store: Store): Votes {
  const source = {
    changeToken: () => store.database.changeToken(),
    readVersions: (keys: readonly string[]) => store.read((db) => readVersions(db, keys)),
  }
  const reads = new CachedReads(store, new EmbeddedCache(source, { maxBytes: 1, clock: systemClock }))
  const scopes = new Scopes(store, reads, systemClock)
  const places = new Places(store, { reads, entries: new EntryReads(reads, systemClock), scopes })
  const sight = new Sight(places, new Permissions(store, { reads, clock: systemClock }))
  return new Votes(store, { scopes, sight, clock: systemClock })
}

function migrations(): readonly Migration[] {
  if (how.includes('die')) return [...MIGRATIONS, suicidal]
  if (how.includes('die-first')) return [suicidalFirst()]
  return how.includes('slow') ? [...MIGRATIONS, slow] : MIGRATIONS
}

function suicidalFirst(): Migration {
  const [first] = MIGRATIONS
  if (!first) throw new RangeError('there is a first migration')
  return {
    ...first,
    async up(db, dialect) {
      await first.up(db, dialect)
      await suicidal.up(db, dialect)
    },
  }
}
