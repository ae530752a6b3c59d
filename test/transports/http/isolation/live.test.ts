import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { newId } from '../../../../src/domain/ids.ts'
import { EventStream } from '../../../support/event-stream.ts'
import { openPort, type Port, withPort } from '../../../support/http.ts'
import { testsRunOnRedis } from '../../../support/redis-env.ts'
import { headersOf, KEYS, MARK, makeWorld, type World } from './world.ts'

// What is told of its own accord, what is kept for later, and what is asked for by a name of MCP.

type Json = Readonly<Record<string, unknown>>

const ENV = { AGENT_MEMORY_HTTP_API_KEYS: KEYS, AGENT_MEMORY_TOOLSETS: 'all' }

/** `other` is the port of a second instance: what instances share must not carry over it either. */
function inWorld(body: (port: Port, world: World, other: Port) => Promise<void>) {
  return withPort({ env: ENV }, async (port, t) => {
    const other = await openPort(await t.secondApp())
    try {
      await body(port, await makeWorld(t), other)
    } finally {
      await other.close()
    }
  })
}

const ids = (answer: Json, list: string) => (answer[list] as { id: string }[]).map(({ id }) => id)

/** Something happens in both projects: to theirs first. */
async function write(port: Port, { theirs, mine }: World): Promise<void> {
  const change = (id: string, agent: string) =>
    port.ask(`PATCH /v1/guidelines/${id}`, { content: `${agent} writes ${Math.random()}` }, headersOf(agent))
  await change(theirs.guideline, 'bob')
  await port.ask('POST /v1/locks', { file_path: `${theirs.root}/${newId()}.ts` }, headersOf('bob'))
  const place = { scope_type: 'project', scope_id: theirs.id }
  await port.ask('POST /v1/votes', { task_id: MARK, vote_value: 1 }, headersOf('root'))
  await port.ask('POST /v1/votes', { task_id: MARK, vote_value: 1, ...place }, headersOf('bob'))
  await change(mine.guideline, 'alice')
}

test('a stream of events tells of one’s own project alone, and of others as soon as that is granted', () =>
  inWorld(async (port, world, other) => {
    const stream = await EventStream.open(`${other.address}/v1/events`, headersOf('alice'))
    await stream.begun()
    await write(port, world)
    const own = await stream.next()
    expect(own).toMatchObject({ event: 'entry.updated' })
    expect(own?.data).toContain(world.mine.guideline)
    const place = { scope_type: 'project', scope_id: world.theirs.id }
    const grant = { grantee: 'alice', permission: 'read', ...place }
    await port.ask('POST /v1/permissions', grant, headersOf('bob'))
    await write(port, world)
    // Where Redis keeps the locks, their events come through its outbox: in an order of their own.
    for (
      const missing = new Set([world.theirs.guideline, 'lock.acquired', 'vote.recorded']);
      missing.size > 0;
    ) {
      const told = await stream.next()
      expect(told).toBeDefined()
      for (const awaited of missing)
        if (told?.event === awaited || told?.data?.includes(awaited)) missing.delete(awaited)
    }
    await stream.close()
  }))

test('earlier events are replayed to the callers that may see them', () =>
  inWorld(async (port, world) => {
    await write(port, world)
    const headers = { ...headersOf('alice'), 'last-event-id': '0' }
    const stream = await EventStream.open(`${port.address}/v1/events`, headers)
    for (let seen = ''; !seen.includes(`alice writes`) && !seen.includes('"version":2'); ) {
      seen = (await stream.next())?.data ?? ''
      expect(seen).not.toMatch(MARK)
      for (const secret of Object.values(world.theirs).filter((value) => typeof value === 'string'))
        expect(seen).not.toContain(secret)
    }
    await stream.close()
  }))

async function withMcp<T>(port: Port, agent: string, body: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ name: agent, version: '1' })
  const options = { requestInit: { headers: headersOf(agent) } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${port.address}/mcp`), options))
  try {
    return await body(client)
  } finally {
    await client.close()
  }
}

test('resources of MCP: a client lists, completes, reads and is notified of its own ones only', () =>
  inWorld((port, world, other) =>
    withMcp(other, 'alice', async (client) => {
      const { mine, theirs } = world
      const told: string[] = []
      client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
        told.push(params.uri)
      })
      const listed = JSON.stringify(await client.listResources())
      expect(listed).toContain(mine.id)
      for (const secret of [MARK, theirs.id, theirs.guideline]) expect(listed).not.toContain(secret)
      for (const uri of [`memory://entry/${theirs.guideline}`, `memory://context/${theirs.id}`]) {
        await expect(client.readResource({ uri })).rejects.toThrow()
        await expect(client.subscribeResource({ uri })).rejects.toThrow()
      }
      const locks = await client.readResource({ uri: 'memory://locks' })
      expect(JSON.stringify(locks)).toContain(mine.lock)
      expect(JSON.stringify(locks)).not.toContain(theirs.lock)
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri: 'memory://context/{scope_id}' },
        argument: { name: 'scope_id', value: '' },
      })
      expect(completion.values).toContain(mine.id)
      expect(completion.values).not.toContain(theirs.id)
      const own = `memory://entry/${mine.guideline}`
      await client.subscribeResource({ uri: 'memory://locks' })
      await client.subscribeResource({ uri: own })
      await write(port, world)
      await expect.poll(() => told).toContain(own)
      // What bob locked was told of before, had it been told of.
      expect(told).toEqual([own])
    }),
  ))

test('a cursor of another caller leads nowhere', () =>
  inWorld(async (port, { mine, theirs }) => {
    const list = (scope: string, agent: string, cursor = '') =>
      port.ask(
        `GET /v1/knowledge?scope_type=project&scope_id=${scope}&limit=1&cursor=${cursor}`,
        undefined,
        headersOf(agent),
      )
    const { body } = await list(theirs.id, 'bob')
    const cursor = String(body['next_cursor'])
    expect(body['next_cursor']).toBeTypeOf('string')
    expect((await list(theirs.id, 'bob', cursor)).status).toBe(200)
    expect((await list(theirs.id, 'alice', cursor)).status).toBe(404)
    expect((await list(mine.id, 'alice', cursor)).status).toBe(400)
  }))

test('an answer that one instance has put into the shared cache is given by another one to those who may read it', () =>
  inWorld(async (first, { theirs }, second) => {
    const search = (port: Port, agent: string, limit: number) =>
      port.ask(
        `GET /v1/search?query=${MARK}&scope_id=${theirs.id}&limit=${limit}`,
        undefined,
        headersOf(agent),
      )
    let limit = 1
    if (testsRunOnRedis)
      await expect
        .poll(async () => {
          await search(first, 'bob', ++limit)
          return (await search(second, 'bob', limit)).body['served_from']
        })
        .toBe('l2')
    else await search(first, 'bob', limit)
    for (const port of [first, second]) {
      const { status, body } = await search(port, 'alice', limit)
      expect(status).toBe(404)
      expect(JSON.stringify(body)).not.toContain(`${MARK} `)
    }
  }))

test('an answer that is kept for one agent is not given to another, by its key for idempotency neither', () =>
  inWorld(async (port, { theirs }) => {
    const headers = { 'idempotency-key': 'the-same' }
    const body = { content: `${MARK} once` }
    const line = `PATCH /v1/guidelines/${theirs.guideline}`
    expect((await port.ask(line, body, { ...headers, ...headersOf('bob') })).status).toBe(200)
    const other = await port.ask(line, body, { ...headers, ...headersOf('alice') })
    expect(other.status).toBe(404)
    expect(JSON.stringify(other.body)).not.toContain(MARK)
  }))

test('the cache answers every caller with what that caller may read: by scope and by type', () =>
  inWorld(async (first, { t, theirs }, second) => {
    let calls = 0
    // The instances take turns: what one has been asked, the other may find in the shared cache.
    const port: Pick<Port, 'ask'> = { ask: (...call) => (calls++ % 2 === 0 ? first : second).ask(...call) }
    const org = { scope_type: 'org', scope_id: theirs.org }
    for (const [tool, word] of [
      ['memory_guideline', 'rule'],
      ['memory_knowledge', 'fact'],
    ] as const)
      await t.call(tool, 'add', { ...org, name: `wide ${word}`, content: `${MARK} is wide` })
    const grant = (grantee: string, permission: string, scope: Json, more: Json = {}) =>
      t.call('memory_permission', 'grant', { grantee, permission, ...scope, ...more })
    const project = { scope_type: 'project', scope_id: theirs.id }
    await grant('carol', 'read', project)
    await grant('carol', 'read', org, { entry_type: 'guideline' })
    const search = async (agent: string) => {
      const place = `scope_type=project&scope_id=${theirs.id}&limit=50`
      const { body } = await port.ask(`GET /v1/search?query=${MARK}&${place}`, undefined, headersOf(agent))
      return (body['results'] as { name: string }[]).map(({ name }) => name)
    }
    const context = async (agent: string) => {
      const { body } = await port.ask('POST /v1/context', { ...project }, headersOf(agent))
      return String(body['context'])
    }
    for (let round = 0; round < 4; round++) {
      const all = await search('root')
      expect(all).toContain('wide rule')
      expect(all).toContain('wide fact')
      const some = await search('carol')
      expect(some).toContain('wide rule')
      expect(some).not.toContain('wide fact')
      expect(some).toContain(`${MARK} fact`)
      const near = await search('bob')
      expect(near).not.toContain('wide rule')
      expect(near).toContain(`${MARK} fact`)
      expect(await context('root')).toContain('wide fact')
      expect(await context('carol')).toContain('wide rule')
      expect(await context('carol')).not.toContain('wide fact')
      expect(await context('bob')).not.toContain('wide')
    }
    const tags = async (agent: string) => {
      await t.call('memory_knowledge', 'update', { ...org, name: 'wide fact', tags: ['widely'] })
      const { body } = await port.ask(
        `GET /v1/tags?scope_type=project&scope_id=${theirs.id}`,
        undefined,
        headersOf(agent),
      )
      return (body['tags'] as { tag: string }[]).map(({ tag }) => tag)
    }
    expect(await tags('root')).toContain('widely')
    expect(await tags('carol')).not.toContain('widely')
    const past = `as_of=${encodeURIComponent(new Date(Date.now() + 60_000).toISOString())}`
    const { body } = await port.ask(
      `GET /v1/search?query=${MARK}&scope_type=project&scope_id=${theirs.id}&limit=50&${past}`,
      undefined,
      headersOf('carol'),
    )
    expect(ids(body, 'results')).not.toHaveLength(0)
    expect(JSON.stringify(body)).not.toContain('wide fact')
    await t.call('memory_permission', 'revoke', { grantee: 'carol', ...project })
    await t.call('memory_permission', 'revoke', { grantee: 'carol', ...org, entry_type: 'guideline' })
    const { status } = await port.ask(
      `GET /v1/search?query=${MARK}&scope_id=${theirs.id}`,
      undefined,
      headersOf('carol'),
    )
    expect(status).toBe(404)
  }))
