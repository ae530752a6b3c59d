import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { sql } from 'kysely'
import { openDatabase } from '../../src/app.ts'
import type { Config } from '../../src/config.ts'
import { Store } from '../../src/store/store.ts'

// The same memory in PostgreSQL: rows go over by COPY (through psql), the index of words is built in one go afterwards, as one would
// with any bulk load.

const TABLES = ['scope', 'entry', 'entry_tag'] as const
const ROWS_AT_ONCE = 2_000

export async function copyToPostgres(file: string, config: Config, url: string): Promise<void> {
  const database = await openDatabase(config)
  const store = new Store(database, 'bench')
  const from = new DatabaseSync(file, { readOnly: true })
  try {
    await store.write(async ({ db }) => {
      await sql`alter table entry disable trigger entry_search`.execute(db)
      await sql`drop index entry_search_vector`.execute(db)
    })
    for (const table of TABLES) await copyTable(from, table, url)
    await psql(url, BUILD)
  } finally {
    from.close()
    await database.close()
  }
}

const BUILD = `set statement_timeout = 0; set maintenance_work_mem = '512MB'; set jit = off;
  select setval(pg_get_serial_sequence('entry', 'seq'), (select max(seq) from entry));
  insert into entry_search (seq, vector) select seq, entry_words_vector(entry, 4000000) from entry;
  insert into entry_word select distinct unnest(tsvector_to_array(vector)) from entry_search on conflict do nothing;
  create index entry_search_vector on entry_search using gin (vector) with (fastupdate = off);
  alter table entry enable trigger entry_search;
  vacuum analyze;`

async function copyTable(from: DatabaseSync, table: string, url: string): Promise<void> {
  const where = table === 'scope' ? "where type <> 'global' order by type" : ''
  const rows = from.prepare(`select * from ${table} ${where}`)
  const columns = rows.columns().map(({ name }) => name)
  const child = startPsql(url, `copy ${table} (${columns.join(', ')}) from stdin`)
  const ended = once(child, 'close')
  let lines: string[] = []
  for (const row of rows.iterate()) {
    lines.push(columns.map((column) => fieldOf(row[column])).join('\t'))
    if (lines.length < ROWS_AT_ONCE) continue
    if (!child.stdin.write(`${lines.join('\n')}\n`)) await once(child.stdin, 'drain')
    lines = []
  }
  child.stdin.end(lines.map((line) => `${line}\n`).join(''))
  const [code] = await ended
  if (code !== 0) throw new Error(`COPY of ${table} failed`)
}

/** As COPY reads it. */
function fieldOf(value: unknown): string {
  if (value === null || value === undefined) return '\\N'
  return String(value)
    .replaceAll('\\', '\\\\')
    .replaceAll('\t', '\\t')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
}

function startPsql(url: string, command: string) {
  return spawn('psql', [url, '-qX', '-v', 'ON_ERROR_STOP=1', '-c', command], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
}

async function psql(url: string, commands: string): Promise<void> {
  const child = spawn('psql', [url, '-qX', '-v', 'ON_ERROR_STOP=1', '-f', '-'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  child.stdin.end(commands)
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error('the index could not be built')
}
