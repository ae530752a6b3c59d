import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { KeyedCall } from '../../src/services/running/answered-calls.ts'
import { withApp } from '../support/app.ts'
import { projectIn } from '../support/calls.ts'
import {
  giveDatabaseFolderBack,
  openTestDatabase,
  runStatement,
  takeDatabaseFolder,
  testDatabase,
} from '../support/database.ts'
import { type Answer, HttpServer } from '../support/http.ts'
import { removeRedisKeys, testsRunOnRedis } from '../support/redis-env.ts'
import { refusal } from '../support/refusal.ts'
import { until } from '../support/until.ts'

// Writes with an Idempotency-Key whose process is killed before it answers, sent again to another process.

let dataDir: string
/** The one that stays, for all tests; each has the one that it kills. */
let other: HttpServer
const killed: HttpServer[] = []
beforeAll(async () => {
  dataDir = await takeDatabaseFolder()
  projectIn(dataDir)
  other = await HttpServer.start(dataDir)
})
afterEach(async () => {
  for (const server of killed.splice(0)) await server.close()
})
afterAll(async () => {
  await other.close()
  await removeRedisKeys(dataDir)
  await giveDatabaseFolderBack(dataDir)
})

async function serve(): Promise<HttpServer> {
  const server = await HttpServer.start(dataDir)
  killed.push(server)
  return server
}

function post(server: HttpServer, path: string, body: object, key?: string): Promise<Answer> {
  return server.ask(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) },
    body: JSON.stringify(body),
  })
}

/** Sends it as a client does that is told to come again: until it is answered otherwise. */
function insisting(ask: () => Promise<Answer>): Promise<Answer> {
  return until('another answer than to come again', async () => {
    const answer = await ask()
    return answer.headers.get('retry-after') === null && answer
  })
}

const QUEUED = '/srv/shop/queued.ts'

/** One write that waits in its process, until that is killed; the answer of the other one to the same request. */
async function killedWhileWaiting(): Promise<{ again: Promise<Answer> }> {
  const first = await serve()
  const held = await post(other, '/v1/locks', { file_path: QUEUED, agent_id: 'bob' })
  expect(held.status).toBe(200)
  const wanted = { file_path: QUEUED, agent_id: 'ann', wait_ms: 300_000 }
  const lost = post(first, '/v1/locks', wanted, 'killed').catch(() => 'cut')
  const queue = async () => (await other.ask('/v1/locks?queues=true')).body['locks']
  await until('it waits in the queue', async () => JSON.stringify(await queue()).includes('ann'))
  first.kill('SIGKILL')
  expect(await lost).toBe('cut')
  const ask = () => post(other, '/v1/locks', wanted, 'killed')
  const soon = await ask()
  expect(soon).toMatchObject({ status: 409, body: { error: { code: 'E2002' } } })
  return { again: insisting(ask) }
}

if (testsRunOnRedis) {
  test('what Redis may have done for a process that was killed is not done again', async () => {
    const { again } = await killedWhileWaiting()
    expect(await again).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('whether it took effect is not known') },
    })
  })
} else {
  test('a write that was killed before it changed anything is done by the next that asks', async () => {
    const { again } = await killedWhileWaiting()
    await other.ask(`/v1/locks?file_path=${QUEUED}&agent_id=bob`, { method: 'DELETE' })
    const granted = await again
    expect(granted).toMatchObject({ status: 200, body: { agent_id: 'ann' } })
    const wanted = { file_path: QUEUED, agent_id: 'ann', wait_ms: 300_000 }
    const replayed = await post(other, '/v1/locks', wanted, 'killed')
    expect(replayed.headers.get('idempotency-replayed')).toBe('true')
    expect(replayed.body).toEqual(granted.body)
  })
}

/** After it no answer can be noted. */
const REFUSE_ANSWERS =
  testDatabase === 'sqlite'
    ? [
        `create trigger refuse_answers before update on answered_call when new.status is not null begin select raise(abort, 'no'); end`,
      ]
    : [
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'no'; end $$`,
        `create trigger refuse_answers before update on answered_call for each row when (new.status is not null) execute function refuse()`,
      ]
const TAKE_ANSWERS =
  testDatabase === 'sqlite' ? ['drop trigger refuse_answers'] : ['drop function refuse cascade']

async function run(statements: readonly string[]): Promise<void> {
  for (const statement of statements) await runStatement(dataDir, statement)
}

test('a write that was killed after it was stored, before its answer, is not done again', async () => {
  const first = await serve()
  const rule = { scope_type: 'global', name: 'Once', content: 'Done once.' }
  await run(REFUSE_ANSWERS)
  try {
    expect((await post(first, '/v1/guidelines', rule, 'stored')).status).toBe(201)
    first.kill('SIGKILL')
    const again = await insisting(() => post(other, '/v1/guidelines', rule, 'stored'))
    expect(again).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('it has changed something') },
    })
  } finally {
    await run(TAKE_ANSWERS)
  }
  expect((await other.ask('/v1/guidelines')).body['entries']).toHaveLength(1)
})

test('a process that was only slow changes nothing once another has taken its call over', () =>
  withApp(async (t) => {
    const call: KeyedCall = { agentId: 'ann', key: 'once', requestHash: 'same', isElsewhere: false }
    const [slow, next] = [t.app.services.answeredCalls, (await t.secondApp()).app.services.answeredCalls]
    const claim = async (calls: typeof slow) => {
      const found = await calls.claim(call)
      if (found.kind !== 'first') throw new Error(`it is ${found.kind}`)
      return found.claim
    }
    const add = (name: string) =>
      t.call('memory_guideline', 'add', { name, content: 'x', scope_type: 'global' })
    const first = await claim(slow)
    expect((await next.claim(call)).kind).toBe('running')
    await slow.run(first, async () => {
      await runStatement(t.dataDir, 'update answered_call set claimed_until = 0')
      const second = await claim(next)
      await next.run(second, () => add('Of the second'))
      expect((await refusal(add('Of the first'))).toBody().error).toMatchObject({ name: 'DATABASE_ERROR' })
      await next.answer(second, { status: 201, body: '{}' })
    })
    await slow.release(first)
    await slow.answer(first, { status: 503, body: '{}' })
    expect(await next.claim(call)).toEqual({ kind: 'answered', answer: { status: 201, body: '{}' } })
    expect((await t.call<{ entries: unknown[] }>('memory_guideline', 'list')).entries).toMatchObject([
      { name: 'Of the second' },
    ])
  }))

const LONG = '/srv/shop/long.ts'

test('a write that is at work for long stays the one that does it', async () => {
  const first = await serve()
  const database = await openTestDatabase(dataDir)
  const claimedUntil = async () => {
    const rows = database.reader.selectFrom('answered_call').where('key', '=', 'long')
    return (await rows.select('claimed_until').executeTakeFirst())?.claimed_until
  }
  try {
    await post(other, '/v1/locks', { file_path: LONG, agent_id: 'bob', ttl_ms: 600_000 })
    const wanted = { file_path: LONG, agent_id: 'ann', wait_ms: 300_000 }
    const waiting = post(first, '/v1/locks', wanted, 'long')
    await until('it is at work', claimedUntil)
    const signs = new Set<string>()
    await until('it has given signs of life for longer than it would take to be gone', async () => {
      expect((await post(other, '/v1/locks', wanted, 'long')).headers.get('retry-after')).not.toBe(null)
      signs.add(String(await claimedUntil()))
      return signs.size > 4
    })
    await other.ask(`/v1/locks?file_path=${LONG}&agent_id=bob`, { method: 'DELETE' })
    expect((await waiting).status).toBe(200)
  } finally {
    await database.close()
  }
})
