import type { ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { exported } from '../../services/transfer/files.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { fill, fillMore, TEXT } from '../../support/one-of-everything.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { endOf, runProgram, startProgram } from '../../support/run-program.ts'

const PASSWORD = 's3cret:/@p%w'
type Settings = Readonly<Record<string, string>>

let server: PostgresServer
let home = ''
const children: ChildProcess[] = []

beforeAll(async () => {
  server = await PostgresServer.start({ password: PASSWORD, isOneOfItsKind: true })
})
afterAll(() => server.close())
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'agent-memory-migrate-'))
  mkdirSync(join(home, 'project', '.git'), { recursive: true })
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(home, { recursive: true, force: true })
})

const onFile = (name = 'memory.db'): Settings => ({
  AGENT_MEMORY_DB_TYPE: 'sqlite',
  AGENT_MEMORY_DATA_DIR: home,
  AGENT_MEMORY_DB_PATH: name,
})
const onServer = (database: string): Settings => ({
  AGENT_MEMORY_DB_TYPE: 'postgresql',
  AGENT_MEMORY_DATA_DIR: home,
  AGENT_MEMORY_PG_URL: server.url(database),
})

async function run(argv: readonly string[], env: Settings) {
  const result = await runProgram(argv, { home, env })
  expect(result.stdout + result.stderr).not.toMatch(/s3cret/)
  return result
}

/** What a program must do, and its answer. */
async function done(argv: readonly string[], env: Settings): Promise<string> {
  const { code, stdout, stderr } = await run(argv, env)
  expect([argv[0], code, stderr]).toEqual([argv[0], 0, ''])
  return stdout
}

const migrate = (to: string, env: Settings) => run(['migrate', '--to', to], env)

/** Without starting a program for it. */
const exportOf = (env: Settings) => inApp(env, exported)

function inApp<T>(env: Settings, body: (t: TestApp) => Promise<T>): Promise<T> {
  return withApp({ env, dataDir: home }, body)
}

async function newDatabase(name: string): Promise<string> {
  await server.query(`create database ${name}`)
  return server.url(name)
}

/** Facts in a database that is there. */
function fillFacts(env: Settings, count: number, name = 'Fact'): Promise<object> {
  const entries = Array.from({ length: count }, (_, i) => ({ name: `${name} ${i}`, content: `${TEXT} ${i}` }))
  return inApp(env, (t) => t.call('memory_knowledge', 'bulk_add', { scope_type: 'global', entries }))
}

const QUERIES = ['Grüße', '世界', 'force push', '文章', 'offer', 'jq', 'port 8080']

/** What is found by words, with every version of what is found. */
async function answers(env: Settings): Promise<unknown> {
  return inApp(env, async (t) => {
    const found: unknown[] = []
    for (const query of QUERIES) {
      const { results } = await t.call<{ results: { id: string; name: string; type: string }[] }>(
        'memory_query',
        'search',
        { query, limit: 100, include_sessions: true },
      )
      found.push(results.map(({ id, name }) => `${id} ${name}`).sort())
      for (const { id, type } of results)
        if (type !== 'observation') found.push(await t.call(`memory_${type}`, 'history', { id }))
    }
    return found
  })
}

interface Events {
  readonly events: readonly { readonly seq: number; readonly id: string }[]
  readonly last_seq: number
}

const eventsSince = (env: Settings, since: number) =>
  inApp(env, (t) => t.call<Events>('memory_event', 'list', { since, limit: 100 }))
const takeToken = (env: Settings) =>
  inApp(env, async (t) => {
    const lock = { file_path: '/srv/a.ts', agent_id: 'tester' }
    const { fencing_token } = await t.call<{ fencing_token: number }>('memory_file_lock', 'checkout', lock)
    await t.call('memory_file_lock', 'checkin', lock)
    return fencing_token
  })

test('a rich memory goes to PostgreSQL and back and is the same, event numbers and fencing tokens go on', async () => {
  const [first, second, third] = [onFile(), onServer('round'), onFile('back.db')]
  await inApp(first, async (t) => {
    await fill(t)
    await fillMore(t)
  })
  await takeToken(first)
  const [file, found, events] = [await exportOf(first), await answers(first), await eventsSince(first, 0)]
  expect(JSON.stringify(found)).toContain('文章')

  const there = await done(['migrate', '--to', await newDatabase('round')], first)
  expect(there).toContain('AGENT_MEMORY_DB_TYPE=postgresql\n')
  expect(there).toContain(`AGENT_MEMORY_PG_URL=postgresql://postgres:***@127.0.0.1:${server.port}/round\n`)
  const back = await done(['migrate', '--to', `sqlite:${join(home, 'back.db')}`, '--json'], second)
  expect(JSON.parse(back)).toMatchObject({
    source: `postgresql://127.0.0.1:${server.port}/round`,
    target: `sqlite:${join(home, 'back.db')}`,
    resumed: false,
    settings: { AGENT_MEMORY_DB_TYPE: 'sqlite', AGENT_MEMORY_DB_PATH: join(home, 'back.db') },
  })

  for (const place of [first, second, third]) {
    expect(await exportOf(place)).toBe(file)
    expect(await answers(place)).toEqual(found)
    expect(await eventsSince(place, 0)).toEqual(events)
  }
  // A client that does not know of the move yet.
  let last = await takeToken(first)
  for (const place of [second, third]) {
    const next = await takeToken(place)
    expect(next).toBeGreaterThan(last)
    last = next
    const since = await eventsSince(place, events.last_seq)
    expect(since.events.map(({ seq }) => seq)).toEqual([events.last_seq + 1, events.last_seq + 2])
    await inApp(place, (t) =>
      t.call('memory_knowledge', 'add', { name: 'New here', content: 'still written' }),
    )
  }
})

describe('a move is refused', () => {
  beforeEach(() => fillFacts(onFile(), 2))

  test('to a database that holds something, which stays as it is', async () => {
    const url = await newDatabase('filled')
    await fillFacts(onServer('filled'), 1, 'Other')
    const before = await exportOf(onServer('filled'))
    expect(await migrate(url, onFile())).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^E2001 ALREADY_EXISTS: The target is not empty \(rows in: entry, /),
    })
    expect(await exportOf(onServer('filled'))).toBe(before)
  })

  test('to the tables of another program, with a wrong password, to no database, without rights', async () => {
    await newDatabase('shop')
    await server.query('create table orders (id int)', 'shop')
    expect((await migrate(server.url('shop'), onFile())).stderr).toContain(
      `Target: 127.0.0.1:${server.port}/shop holds the tables of another program. It was not touched.`,
    )
    const wrong = server.url('shop').replace('s3cret', 's3cret1')
    expect((await migrate(wrong, onFile())).stderr).toContain('Target: PostgreSQL refused the password')
    expect((await migrate(server.url('nowhere'), onFile())).stderr).toContain('The database does not exist')
    await newDatabase('narrow')
    await server.query(`create role reader login password '${PASSWORD}'`)
    const asReader = server.url('narrow').replace('postgres:', 'reader:')
    expect((await migrate(asReader, onFile())).stderr).toContain('The user lacks rights in')
    expect(await server.query("select tablename from pg_tables where schemaname = 'public'", 'shop')).toEqual(
      [{ tablename: 'orders' }],
    )
  })

  test('to itself, by whatever name', async () => {
    await newDatabase('self')
    await fillFacts(onServer('self'), 1)
    const other = server.url('self').replace('127.0.0.1', 'localhost')
    expect((await migrate(other, onServer('self'))).stderr).toContain('The target is the database itself')
  })

  test('while a lock is held in PostgreSQL', async () => {
    await newDatabase('locked')
    await inApp(onServer('locked'), (t) =>
      t.call('memory_file_lock', 'checkout', { file_path: '/srv/a.ts', agent_id: 'tester' }),
    )
    const target = join(home, 'target.db')
    expect((await migrate(`sqlite:${target}`, onServer('locked'))).stderr).toMatch(
      /^E3000 FILE_LOCKED: 1 file is locked; locks are not moved/,
    )
  })
})

test('the password may stand in a variable of its own', async () => {
  await fillFacts(onFile(), 1)
  const url = (await newDatabase('apart')).replace(/:[^:@]+@/, '@')
  const stdout = await done(['migrate', '--to', url], { ...onFile(), AGENT_MEMORY_PG_PASSWORD: PASSWORD })
  expect(stdout).toMatch(
    /AGENT_MEMORY_PG_URL=postgresql:\/\/postgres@.*\n +AGENT_MEMORY_PG_PASSWORD=\*\*\*\n/,
  )
})

const STALL = `create function stall() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(1); return null; end $$;
  create trigger stall before insert on change_log execute function stall()`

describe('a move that ends early', () => {
  const ENTRIES = 400
  const holders: Client[] = []

  beforeEach(() => fillFacts(onFile(), ENTRIES))
  afterEach(async () => {
    for (const holder of holders.splice(0)) await holder.end()
  })

  /** A target on which a move stops at the log, when everything before it is done. */
  async function stopped(database: string): Promise<{ child: ChildProcess; letGo: () => Promise<void> }> {
    const url = await newDatabase(database)
    // An empty schema is an empty target.
    await inApp(onServer(database), async () => {})
    await server.query(STALL, database)
    const holder = new Client({ connectionString: url })
    await holder.connect()
    holders.push(holder)
    await holder.query('select pg_advisory_lock(1)')
    const child = startProgram(['migrate', '--to', url], { home, env: onFile() })
    children.push(child)
    await expect
      .poll(() => server.query('select count(*)::int as n from entry', database))
      .toEqual([{ n: ENTRIES }])
    return { child, letGo: () => holder.end() }
  }

  async function expectHalfMoved(database: string): Promise<void> {
    const { code, stderr } = await run(['mcp'], onServer(database))
    expect(code).toBe(1)
    expect(stderr).toMatch(/^E4001 MIGRATION_ERROR: .* is the target of a migration that has not finished/)
    expect(stderr).toContain('Run the same agent-memory migrate command again')
  }

  test('killed: no server starts on the target, and the same command goes on', async () => {
    const { child, letGo } = await stopped('killed')
    child.kill('SIGKILL')
    await endOf(child)
    await letGo()
    await expectHalfMoved('killed')
    const other = onFile('other.db')
    await fillFacts(other, 1)
    expect((await migrate(server.url('killed'), other)).stderr).toContain(
      'The target holds an unfinished migration of another database',
    )
    const stdout = await done(['migrate', '--to', server.url('killed'), '--json'], onFile())
    expect(JSON.parse(stdout)).toMatchObject({ resumed: true })
    expect(await exportOf(onServer('killed'))).toBe(await exportOf(onFile()))
    expect((await migrate(server.url('killed'), onFile())).stderr).toContain('The target is not empty')
  })

  test('killed, and the source has changed: the same command begins anew', async () => {
    const { child, letGo } = await stopped('changed')
    child.kill('SIGKILL')
    await endOf(child)
    await letGo()
    await inApp(onFile(), async (t) => {
      await t.call('memory_knowledge', 'delete', { scope_type: 'global', name: 'Fact 0' })
      await t.call('memory_knowledge', 'update', { scope_type: 'global', name: 'Fact 1', content: 'changed' })
    })
    const stdout = await done(['migrate', '--to', server.url('changed'), '--json'], onFile())
    expect(JSON.parse(stdout)).toMatchObject({ resumed: false })
    expect(await exportOf(onServer('changed'))).toBe(await exportOf(onFile()))
  })

  test('the source was written to meanwhile: that is said, and the next run has it', async () => {
    const { child, letGo } = await stopped('late')
    const ended = endOf(child)
    await fillFacts(onFile(), 3, 'Late')
    await letGo()
    const { code, stdout, stderr } = await ended
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^E2002 CONFLICT: 3 changes were made in the source during the move/)
    await expectHalfMoved('late')
    await done(['migrate', '--to', server.url('late')], onFile())
    const file = await exportOf(onServer('late'))
    expect(file).toContain('Late 2')
    expect(file).toBe(await exportOf(onFile()))
  })
})
