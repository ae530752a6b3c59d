import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PostgresServer } from '../../support/postgres-server.ts'
import { programArgs } from '../../support/program.ts'

// An import is one transaction. It also changes how PostgreSQL keeps its index of words meanwhile: that must not stay behind.

const ENTRIES = 3_000
let server: PostgresServer
let folder: string
let file: string

beforeAll(async () => {
  server = await PostgresServer.start()
  folder = mkdtempSync(join(tmpdir(), 'agent-memory-killed-import-'))
  file = join(folder, 'memory.jsonl')
  writeFileSync(file, exportOf(ENTRIES))
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

function exportOf(count: number): string {
  const counts = { scope: 0, tombstone: 0, entry: count, version: 0, relation: 0, conflict: 0, vote: 0 }
  const at = '2026-11-01T00:00:00.000Z'
  const written = { version: 1, created_at: at, created_by: 'a', updated_at: at, updated_by: 'a' }
  const state = { ...written, status: 'active', metadata: {}, tags: ['t'], priority: 50 }
  const scope = { scope_type: 'global', scope_id: null }
  const lines: object[] = [{ kind: 'header', format: 'agent-memory-export', format_version: 3, counts }]
  for (let n = 0; n < count; n++) {
    const id = `01a22702-c6f5-7055-9f37-${String(n).padStart(12, '0')}`
    const content = `Beast number ${n} is a walrus${n} with tusks.`
    lines.push({
      kind: 'entry',
      entry: { id, type: 'knowledge', name: `entry ${n}`, content, ...scope, ...state },
    })
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

function startImport() {
  const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url('killed') }
  return spawn(process.execPath, programArgs('import', file), {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, AGENT_MEMORY_DATA_DIR: folder, ...env },
    stdio: 'ignore',
  })
}

const stored = async () =>
  (
    await server.query(
      `select (select count(*)::int from entry) as entries, (select count(*)::int from entry_search) as indexed,
        (select count(*)::int from entry_word where term like 'walrus_%') as words,
        (select count(*)::int from change_log) as events,
        (select coalesce('fastupdate=on' = any (reloptions), false) from pg_class where relname = 'entry_search_vector') as "isListing"`,
      'killed',
    )
  )[0]

/** Rows of other transactions cannot be seen, but the numbers that they took can. */
const taken = async () =>
  Number(
    (await server.query("select coalesce(pg_sequence_last_value('entry_seq_seq'), 0) as n", 'killed'))[0]?.[
      'n'
    ],
  )

test.each([
  ['the importing program', (pid: number) => Promise.resolve(void process.kill(pid, 'SIGKILL'))],
  [
    'its connection',
    async () =>
      void (await server.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'killed' and pid <> pg_backend_pid()",
        'killed',
      )),
  ],
])(
  'a kill of %s in the middle of an import leaves nothing of it, and the next one is whole',
  async (_, kill) => {
    await server.query('drop database if exists killed with (force)')
    await server.query('create database killed')
    writeFileSync(file, exportOf(0))
    expect((await once(startImport(), 'close'))[0]).toBe(0)
    writeFileSync(file, exportOf(ENTRIES))
    const child = startImport()
    const ended = once(child, 'close')
    await expect.poll(taken, { interval: 5 }).toBeGreaterThan(300)
    await kill(child.pid ?? 0)
    const [code] = await ended
    const none = { entries: 0, indexed: 0, words: 0, events: 0, isListing: false }
    // Its connection is missed by the program, which may begin anew and end well.
    if (code === 0) expect(await stored()).toMatchObject({ entries: ENTRIES, isListing: false })
    else await expect.poll(stored).toEqual(none)
    if (code !== 0) expect((await once(startImport(), 'close'))[0]).toBe(0)
    expect(await stored()).toMatchObject({
      entries: ENTRIES,
      indexed: ENTRIES,
      words: ENTRIES,
      events: ENTRIES,
      isListing: false,
    })
  },
)
