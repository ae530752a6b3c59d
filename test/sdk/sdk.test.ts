import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openMemory } from '../../src/embedded.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { AgentMemory, AgentMemoryError, type EmbeddedMemory, type Memory } from '../../src/sdk/index.ts'
import { openTestApp, type TestApp } from '../support/app.ts'
import { databaseEnv, giveDatabaseFolderBack, takeDatabaseFolder } from '../support/database.ts'
import { grantAll, type OpenPort, openPort } from '../support/http.ts'
import { redisEnv, removeRedisKeys } from '../support/redis-env.ts'

/** The two ways in, on a database each. */
interface Body {
  readonly memory: Memory
  close(): Promise<void>
}

async function overRest(): Promise<Body> {
  const t = await openTestApp({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:ann' } })
  await grantAll(t, 'ann')
  const port = await openPort(t)
  return {
    memory: new AgentMemory({ url: port.address, key: 'k1' }),
    async close() {
      await port.close()
      await t.close()
    },
  }
}

async function embedded(): Promise<Body> {
  const dataDir = await takeDatabaseFolder()
  const settings = { ...databaseEnv(dataDir), ...redisEnv(dataDir) }
  const memory = await openMemory({ dataDir, agentId: 'ann', settings })
  return {
    memory,
    async close() {
      await memory.close()
      await removeRedisKeys(dataDir)
      await giveDatabaseFolderBack(dataDir)
    },
  }
}

async function refusalOf(call: Promise<unknown>): Promise<AgentMemoryError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AgentMemoryError) return error
  throw new Error('it was not refused', { cause: error })
}

describe.each([
  ['over REST', overRest],
  ['embedded', embedded],
])('%s', (_way, open) => {
  let body: Body
  let memory: Memory
  beforeAll(async () => {
    body = await open()
    memory = body.memory
  })
  afterAll(() => body.close())

  test('has a method for every operation, and no other', () => {
    const methods = Object.entries(memory).flatMap(([tool, value]: [string, unknown]) =>
      typeof value === 'function'
        ? [tool]
        : Object.keys(value as object).map((action) => `${tool}.${action}`),
    )
    const camel = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
    const wanted = OPERATIONS.map(({ tool, action }) =>
      [tool.replace(/^memory_/, ''), action]
        .filter((name) => name !== null)
        .map(camel)
        .join('.'),
    )
    expect(methods.toSorted()).toEqual(wanted.toSorted())
  })

  test('writes, reads, lists and deletes', async () => {
    const { id, created_by } = await memory.guideline.add({
      scope_type: 'global',
      name: 'Money is cents, 50 % & more?',
      content: 'Never floats.',
      tags: ['money', 'a b'],
      metadata: { deep: [1, null, 'ü'] },
    })
    expect(created_by).toBe('ann')
    const found = await memory.query.search({
      query: 'floats',
      types: ['guideline', 'knowledge'],
      tags: { include: ['a b'] },
    })
    expect(found.results.map((hit) => hit.id)).toEqual([id])
    const one = await memory.query.search({ query: 'floats', types: ['guideline'] })
    expect(one.results).toHaveLength(1)
    // Longer than an address may be.
    const long = await memory.query.search({
      query: `floats ${'words '.repeat(150)}`,
      tags: { include: ['money'] },
    })
    expect(long.results.map((hit) => hit.id)).toEqual([id])
    expect(await memory.guideline.get({ id })).toMatchObject({ metadata: { deep: [1, null, 'ü'] } })
    expect(await memory.guideline.history({ id })).toMatchObject({ versions: [{ version: 1 }] })
    expect(await memory.guideline.delete({ id })).toMatchObject({ id, deleted: true })
    const gone = await refusalOf(memory.guideline.get({ id }))
    expect(gone).toMatchObject({ code: 'E2000', errorName: 'NOT_FOUND', status: 404 })
    expect(gone.suggestion).not.toBe('')
  })

  test('changes only the version that is named', async () => {
    const { id } = await memory.knowledge.add({ scope_type: 'global', name: 'Port', content: '8080' })
    expect(await memory.knowledge.update({ id, priority: 60 }, { ifVersion: 1 })).toMatchObject({
      version: 2,
    })
    expect(await refusalOf(memory.knowledge.update({ id, content: '9090' }, { ifVersion: 1 }))).toMatchObject(
      {
        errorName: 'CONFLICT',
        status: 412,
      },
    )
    expect(await memory.conflict.list({ scope_type: 'global' })).toMatchObject({ conflicts: [] })
  })

  test('locks, votes and asks how it is', async () => {
    const lock = await memory.fileLock.checkout({ file_path: '/srv/a.ts' })
    expect(lock).toMatchObject({ locked: true, agent_id: 'ann' })
    expect(await memory.fileLock.checkin({ file_path: '/srv/a.ts' })).toMatchObject({
      file_path: '/srv/a.ts',
    })
    for (const vote_value of [null, 'yes', { b: [1], a: null }]) {
      await memory.voting.recordVote({ task_id: 'color', vote_value })
      expect(await memory.voting.listVotes({ task_id: 'color' })).toMatchObject({ votes: [{ vote_value }] })
    }
    expect(await memory.health()).toMatchObject({ status: 'healthy' })
  })

  test('a call can be given up', async () => {
    const signal = AbortSignal.timeout(20)
    const started = memory.event.wait({ timeout_ms: 60_000, types: ['conflict.*'] }, { signal })
    await started.then(
      (answer) => expect(answer.events).toEqual([]),
      (error: unknown) => expect(error).toMatchObject({ name: 'TimeoutError' }),
    )
  })

  test('follows events from where the caller says, and ends with its signal', async () => {
    const { last_seq: since } = await memory.event.list({ limit: 1 })
    const seen: string[] = []
    const ends = new AbortController()
    const names = ['one', 'two', 'three']
    const add = async (name = '') =>
      void (await memory.tool.add({ scope_type: 'global', name, content: name }))
    const newest = (await memory.event.list({ since, limit: 100 })).last_seq
    await add(names[0])
    for await (const event of memory.follow({
      since: newest,
      types: ['entry.created'],
      signal: ends.signal,
    })) {
      seen.push(event.type)
      if (seen.length === names.length) ends.abort()
      else await add(names[seen.length])
    }
    expect(seen).toEqual(['entry.created', 'entry.created', 'entry.created'])
    const refused = memory.follow({ types: ['nothing.*'] }).next()
    expect(await refusalOf(refused)).toMatchObject({ errorName: 'INVALID_PARAMETER', status: 400 })
  })
})

describe('over REST', () => {
  let t: TestApp
  let port: OpenPort
  beforeAll(async () => {
    t = await openTestApp()
    port = await openPort(t)
  })
  afterAll(async () => {
    await port.close()
    await t.close()
  })

  test('without a key the agent is the one that it names, for one call or for all', async () => {
    const memory = new AgentMemory({ url: `${port.address}/`, agentId: 'bob' })
    const made = { scope_type: 'global', content: 'x' } as const
    expect(await memory.tool.add({ ...made, name: 'a' })).toMatchObject({ created_by: 'bob' })
    expect(await memory.tool.add({ ...made, name: 'b', agent_id: 'eve' })).toMatchObject({
      created_by: 'eve',
    })
  })

  test('reads are tried again, writes are sent once', async () => {
    const sent: string[] = []
    const failing = async (url: string | URL | Request, init?: RequestInit) => {
      sent.push(init?.method ?? '')
      if (sent.length === 1) throw new TypeError('fetch failed')
      if (sent.length === 2) return Response.json({ error: { code: 'E4000' } }, { status: 503 })
      return fetch(url, init)
    }
    const memory = new AgentMemory({ url: port.address, fetch: failing })
    expect(await memory.health()).toMatchObject({ status: 'healthy' })
    expect(sent).toEqual(['GET', 'GET', 'GET'])
    sent.length = 0
    await expect(memory.tool.add({ scope_type: 'global', name: 'c', content: 'x' })).rejects.toThrow(
      TypeError,
    )
    expect(sent).toEqual(['POST'])
  })

  test('a stream that breaks goes on where it was', async () => {
    const memory = new AgentMemory({ url: port.address, agentId: 'bob' })
    const seen: string[] = []
    const made = { scope_type: 'global', content: 'x' } as const
    const { last_seq } = await memory.event.list({ limit: 100 })
    await memory.tool.add({ ...made, name: 'before' })
    for await (const event of memory.follow({ since: last_seq, types: ['entry.created'] })) {
      if (event.type === 'resync') continue
      seen.push(event.id)
      if (seen.length === 2) break
      port.cutStreams()
      await t.call('memory_tool', 'add', { ...made, name: 'after' })
    }
    expect(new Set(seen).size).toBe(2)
  })

  test('what is no answer of ours is an error that says so', async () => {
    const memory = new AgentMemory({
      url: port.address,
      fetch: async () => new Response('<html>', { status: 502 }),
    })
    expect(await refusalOf(memory.health())).toMatchObject({ status: 502, code: '' })
  })
})

test('an embedded memory that cannot be opened says why, and ends with its block', async () => {
  const refused = await refusalOf(openMemory({ settings: { AGENT_MEMORY_DB_TYPE: 'oracle' } }))
  expect(refused).toMatchObject({ errorName: 'INVALID_PARAMETER' })
  const dataDir = await takeDatabaseFolder()
  let kept: EmbeddedMemory | undefined
  {
    await using memory = await openMemory({
      dataDir,
      settings: { ...databaseEnv(dataDir), ...redisEnv(dataDir) },
    })
    kept = memory
    const lock = await memory.fileLock.checkout({ file_path: '/srv/b.ts' })
    expect(lock).toMatchObject({ agent_id: expect.stringMatching(/^embedded-[0-9a-f]{8}$/) })
  }
  await expect(kept.query.search({ query: 'x' })).rejects.toThrow('closed')
  await removeRedisKeys(dataDir)
  await giveDatabaseFolderBack(dataDir)
})
