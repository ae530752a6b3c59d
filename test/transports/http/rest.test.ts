import { describe, expect, test } from 'vitest'
import type { ErrorBody } from '../../../src/domain/errors.ts'
import { EventStream, type StreamedEvent } from '../../support/event-stream.ts'
import { type Answer, grantAll, openPort, type Port, withPort } from '../../support/http.ts'

const GLOBAL = { scope_type: 'global' }

function add(port: Port, name: string, more: object = {}, headers = {}): Promise<Answer> {
  return port.ask('POST /v1/guidelines', { ...GLOBAL, name, content: `About ${name}.`, ...more }, headers)
}

function codeOf({ body }: Answer): string {
  return (body as { error?: ErrorBody['error'] }).error?.code ?? 'none'
}

describe('what is made', () => {
  test('has a place, and a tag that is its version', () =>
    withPort({}, async (port) => {
      const made = await add(port, 'Tabs')
      expect(made.status).toBe(201)
      expect(made.headers.get('etag')).toBe('"1"')
      const place = made.headers.get('location') ?? ''
      expect(place).toBe(`/v1/guidelines/${made.body['id']}`)
      const read = await port.ask(`GET ${place}`)
      expect(read).toMatchObject({ status: 200, body: { name: 'Tabs', version: 1 } })
      expect(read.headers.get('etag')).toBe('"1"')
      expect(await port.ask(`HEAD ${place}`)).toMatchObject({ status: 200 })
    }))

  test('or was there already is answered differently', () =>
    withPort({}, async (port) => {
      await add(port, 'Tabs')
      expect(await add(port, 'Tabs', { upsert: true, content: 'Changed.' })).toMatchObject({
        status: 200,
        body: { version: 2 },
      })
      expect(await add(port, 'Tabs')).toMatchObject({ status: 409, body: { error: { code: 'E2001' } } })
    }))
})

test('a scope that is not there is refused with what to do where no project is known', () =>
  withPort({}, async (port, t) => {
    const unknown = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b'
    const project = `scope_type=project&scope_id=${unknown}`
    const suggestion = async (line: string, body?: object) => {
      const answer = await port.ask(line, body)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      return String((answer.body['error'] as { suggestion: string }).suggestion)
    }
    for (const told of [
      await suggestion(`GET /v1/guidelines?${project}`),
      await suggestion(`GET /v1/search?query=x&${project}`),
      await suggestion('POST /v1/guidelines', {
        name: 'n',
        content: 'c',
        scope_type: 'org',
        scope_id: unknown,
      }),
      await suggestion('GET /v1/guidelines?scope_type=org'),
      await suggestion('GET /v1/guidelines?scope_type=project'),
    ]) {
      expect(told).toContain('memory_scope list')
      expect(told).not.toMatch(/Leave scope_id out|The current project/)
    }
    expect(await suggestion('POST /v1/guidelines', { name: 'n', content: 'c' })).toContain(
      'memory_scope list',
    )
    expect(await suggestion('POST /v1/locks', { file_path: 'src/a.ts' })).toBe('Give an absolute path.')
    const here = await t.refused('memory_guideline', 'list', { scope_type: 'project', scope_id: unknown })
    expect(here.suggestion).toContain('Leave scope_id out for the current project')
  }))

test('who is at work, with its files, is at /v1/presence', () =>
  withPort({}, async (port) => {
    const scope = { scope_type: 'project', name: 'shop', root_path: '/srv/shop', agent_id: 'ann' }
    const { body } = await port.ask('POST /v1/scopes', scope)
    const lock = { file_path: '/srv/shop/a.ts', purpose: 'fix the rounding', agent_id: 'ann' }
    await port.ask('POST /v1/locks', lock)
    const shop = `scope_type=project&scope_id=${body['id']}`
    expect(await port.ask(`GET /v1/presence?${shop}`)).toMatchObject({
      status: 200,
      body: {
        agents: [
          {
            agent_id: 'ann',
            state: 'editing',
            working_on: 'fix the rounding',
            locks: [{ file_path: '/srv/shop/a.ts' }],
          },
        ],
      },
    })
  }))

describe('arguments', () => {
  test('of a query are read as they are meant', () =>
    withPort({}, async (port) => {
      await add(port, 'One', { tags: ['a', 'b'] })
      await add(port, 'Two', { tags: ['c'] })
      const names = async (query: string) => {
        const { body } = await port.ask(`GET /v1/guidelines?${query}`)
        return (body['entries'] as { name: string }[] | undefined)?.map(({ name }) => name)
      }
      expect(await names('')).toEqual(['Two', 'One'])
      expect(await names('tags=a')).toEqual(['One'])
      expect(await names('tags=a&tags=c')).toEqual(['Two', 'One'])
      expect(await names(`tags=${encodeURIComponent('{"exclude":["c"]}')}`)).toEqual(['One'])
      expect(await names('tags[]=c')).toEqual(['Two'])
      expect(await names('tags[include]=a')).toEqual(['One'])
      expect(await names('tags[include][]=a&tags[include][]=c&tags%5Bexclude%5D=b')).toEqual(['Two'])
      expect(await port.ask('GET /v1/guidelines?tags=a&tags[include]=c')).toMatchObject({
        status: 400,
        body: { detail: 'tags is given twice, in two forms.' },
      })
      expect(await names('minPriority=51')).toEqual([])
      expect(await names('scope_type=Global&limit=1&inherit=TRUE')).toEqual(['Two'])
    }))

  test('walk a list by its cursor', () =>
    withPort({}, async (port) => {
      for (const name of ['A', 'B', 'C']) await add(port, name)
      const found: string[] = []
      let cursor = ''
      do {
        const { body } = await port.ask(`GET /v1/guidelines?limit=2${cursor}`)
        found.push(...(body['entries'] as { name: string }[]).map(({ name }) => name))
        const next = body['next_cursor']
        cursor = next === undefined ? '' : `&cursor=${encodeURIComponent(String(next))}`
      } while (cursor)
      expect(found).toEqual(['C', 'B', 'A'])
    }))

  test('of a deletion may stand in the query or in the body', () =>
    withPort({}, async (port) => {
      const file = { file_path: '/srv/a.ts', agent_id: 'ann' }
      for (const how of ['query', 'body'] as const) {
        expect(await port.ask('POST /v1/locks', file)).toMatchObject({ status: 200, body: { locked: true } })
        const { status } =
          how === 'query'
            ? await port.ask('DELETE /v1/locks?file_path=/srv/a.ts&agent_id=ann')
            : await port.ask('DELETE /v1/locks', file)
        expect({ how, status }).toEqual({ how, status: 200 })
      }
    }))
})

describe('If-Match', () => {
  test('changes only the version that it names, and merges nothing', () =>
    withPort({}, async (port) => {
      const place = (await add(port, 'Tabs')).headers.get('location')
      const change = (body: object, match: string) => port.ask(`PATCH ${place}`, body, { 'if-match': match })
      expect(await change({ priority: 60 }, '"1"')).toMatchObject({ status: 200, body: { version: 2 } })
      const late = await change({ content: 'Mine.' }, '"1"')
      expect(late).toMatchObject({ status: 412, body: { status: 412, error: { code: 'E2002' } } })
      expect((await port.ask('GET /v1/conflicts')).body['conflicts']).toEqual([])
      // The same call with base_version merges: other fields.
      expect(await port.ask(`PATCH ${place}`, { content: 'Mine.', base_version: 1 })).toMatchObject({
        status: 200,
        body: { version: 3, merged: true },
      })
      expect(await change({ priority: 61 }, '*')).toMatchObject({ status: 200, body: { version: 4 } })
      expect(await port.ask(`DELETE ${place}`, undefined, { 'if-match': '"3"' })).toMatchObject({
        status: 412,
      })
      expect(await port.ask(`DELETE ${place}`, undefined, { 'if-match': '"4"' })).toMatchObject({
        status: 200,
      })
    }))

  test('of several tags is met by any of them, and by no weak or foreign one', () =>
    withPort({}, async (port) => {
      const place = (await add(port, 'Tabs')).headers.get('location')
      const change = (priority: number, match: string) =>
        port.ask(`PATCH ${place}`, { priority }, { 'if-match': match })
      expect(await change(1, '"7", "1"')).toMatchObject({ status: 200, body: { version: 2 } })
      for (const match of ['"7", "1"', 'W/"2"', 'W/"2", "9"', '"a"', '"0"'])
        expect(await change(2, match)).toMatchObject({ status: 412, body: { error: { code: 'E2002' } } })
      for (const match of ['2', '"2', '2, "2"', '*, "2"'])
        expect(await change(3, match)).toMatchObject({ status: 400 })
      expect(await port.ask(`GET ${place}`)).toMatchObject({ body: { version: 2, priority: 1 } })
    }))

  test('has no counterpart for what is not there yet: a write with If-None-Match is refused', () =>
    withPort({}, async (port) => {
      await add(port, 'Tabs')
      const once = await add(port, 'Tabs', { upsert: true, content: 'Mine.' }, { 'if-none-match': '*' })
      expect(once).toMatchObject({
        status: 400,
        body: { error: { suggestion: expect.stringContaining('upsert') } },
      })
      expect((await port.ask('GET /v1/guidelines')).body).toMatchObject({
        entries: [{ content: 'About Tabs.' }],
      })
    }))

  test('is the only condition of a write: one with If-Unmodified-Since is refused, not made', () =>
    withPort({}, async (port) => {
      const place = (await add(port, 'Tabs')).headers.get('location')
      const since = { 'if-unmodified-since': 'Mon, 01 Jan 2001 00:00:00 GMT' }
      for (const answer of [
        await port.ask(`PATCH ${place}`, { content: 'Mine.' }, since),
        await port.ask(`DELETE ${place}`, undefined, since),
      ])
        expect(answer).toMatchObject({
          status: 400,
          body: { error: { suggestion: expect.stringContaining('If-Match') } },
        })
      expect(await port.ask(`GET ${place}`, undefined, since)).toMatchObject({ body: { version: 1 } })
    }))
})

describe('Idempotency-Key', () => {
  const key = { 'idempotency-key': 'c1b9a0f2' }

  test('does a write once, whichever instance it is sent to', () =>
    withPort({}, async (port, t) => {
      const other = await openPort(await t.secondApp())
      try {
        const first = await add(port, 'Once', {}, key)
        const again = await add(other, 'Once', {}, key)
        expect(again).toMatchObject({ status: 201, body: first.body })
        expect(again.headers.get('location')).toBe(first.headers.get('location'))
        expect(again.headers.get('idempotency-replayed')).toBe('true')
        expect(first.headers.get('idempotency-replayed')).toBe(null)
        expect((await port.ask('GET /v1/guidelines')).body['entries']).toHaveLength(1)
      } finally {
        await other.close()
      }
    }))

  test('at once does it once too', () =>
    withPort({}, async (port) => {
      const answers = await Promise.all(Array.from({ length: 8 }, () => add(port, 'Once', {}, key)))
      // One is first; the others hear its answer, or that it is still at work.
      expect(answers.map(({ status }) => status).filter((status) => status !== 409)).toContain(201)
      for (const answer of answers.filter(({ status }) => status === 409)) {
        expect(codeOf(answer)).toBe('E2002')
        expect(answer.headers.get('retry-after')).toBe('1')
      }
      expect((await port.ask('GET /v1/guidelines')).body['entries']).toHaveLength(1)
    }))

  test('keeps a refusal, and belongs to one request', () =>
    withPort({}, async (port) => {
      await add(port, 'Once')
      const refused = await add(port, 'Once', {}, key)
      expect(refused).toMatchObject({ status: 409, body: { error: { code: 'E2001' } } })
      expect(await add(port, 'Once', {}, key)).toMatchObject({ status: 409, body: refused.body })
      expect(await add(port, 'Other', {}, key)).toMatchObject({
        status: 422,
        body: { error: { code: 'E1004' } },
      })
      expect(await add(port, 'Other', {}, { 'idempotency-key': 'a b' })).toMatchObject({ status: 400 })
    }))
})

describe('events', () => {
  const names = (events: readonly (StreamedEvent | undefined)[]) => events.map((event) => event?.event)

  test('stream as they happen, and go on where a client was', () =>
    withPort({}, async (port, t) => {
      const url = `${port.address}/v1/events`
      const stream = await EventStream.open(url)
      await stream.begun()
      const { body } = await add(port, 'One')
      const created = await stream.next()
      expect(created?.event).toBe('entry.created')
      expect(JSON.parse(created?.data ?? '')).toMatchObject({
        seq: Number(created?.id),
        entry: { id: body['id'] },
      })
      await stream.close()
      await t.call('memory_voting', 'record_vote', { task_id: 'x', vote_value: 1 })
      await add(port, 'Two')
      const later = await EventStream.open(url, { 'last-event-id': created?.id ?? '' })
      expect(names([await later.next(), await later.next()])).toEqual(['vote.recorded', 'entry.created'])
      await later.close()
    }))

  test('of other instances stream too, filtered as asked', () =>
    withPort({}, async (port, t) => {
      const other = await t.secondApp()
      const stream = await EventStream.open(`${port.address}/v1/events?types=lock.*&since=0`)
      await stream.begun()
      await other.call('memory_guideline', 'add', { ...GLOBAL, name: 'No lock', content: 'x' })
      await other.call('memory_file_lock', 'checkout', { file_path: '/srv/a.ts' })
      expect(await stream.next()).toMatchObject({ event: 'lock.acquired' })
      await stream.close()
    }))

  test('that are gone are said to be', () =>
    withPort({}, async (port) => {
      // The log ends before this number, as after a restored backup.
      const stream = await EventStream.open(`${port.address}/v1/events`, { 'last-event-id': '4711' })
      expect(await stream.next()).toMatchObject({ event: 'resync' })
      await stream.close()
    }))

  test('end with the server, which says so', () =>
    withPort({}, async (port) => {
      const stream = await EventStream.open(`${port.address}/v1/events`)
      await stream.begun()
      port.end()
      expect(await stream.next()).toEqual({ event: 'end', data: '{"reason":"ending"}' })
      expect(await stream.next()).toBe(undefined)
    }))

  test('that are asked for wrongly are refused before a stream begins', () =>
    withPort({}, async (port) => {
      const ask = (query: string, headers = {}) =>
        port.ask(`GET /v1/events?${query}`, undefined, { accept: 'text/event-stream', ...headers })
      expect(await ask('types=nothing')).toMatchObject({ status: 400, body: { error: { code: 'E1004' } } })
      expect(await ask('colour=red')).toMatchObject({ status: 400, body: { error: { code: 'E1005' } } })
      expect(await ask('', { 'last-event-id': 'x' })).toMatchObject({ status: 400 })
    }))
})

describe('the calling agent', () => {
  test('is what the call says or, where it says nothing, one agent a connection', () =>
    withPort({}, async (port) => {
      expect(await add(port, 'One', { agent_id: 'ann' })).toMatchObject({ body: { created_by: 'ann' } })
      const { body } = await add(port, 'Two', {}, { 'user-agent': 'curl/8.5' })
      expect(body['created_by']).toMatch(/^curl-[0-9a-f]{8}$/)
    }))

  test('with a key is its agent, whatever the call says', () =>
    withPort({ env: { AGENT_MEMORY_HTTP_API_KEYS: 'k1:alice,k2:bob' } }, async (port, t) => {
      for (const agent of ['alice', 'bob', 'carol']) await grantAll(t, agent)
      const alice = { authorization: 'Bearer k1' }
      expect(await add(port, 'One', { agent_id: 'mallory' }, alice)).toMatchObject({
        status: 201,
        body: { created_by: 'alice' },
      })
      const file = { file_path: '/srv/a.ts', agent_id: 'bob' }
      expect(await port.ask('POST /v1/locks', file, alice)).toMatchObject({ body: { agent_id: 'alice' } })
      expect(await port.ask('DELETE /v1/locks', file, { 'x-api-key': 'k2' })).toMatchObject({ status: 403 })
      // As a filter it is what it says.
      const locks = async (query: string) =>
        (await port.ask(`GET /v1/locks${query}`, undefined, alice)).body['locks']
      expect(await locks('?agent_id=bob')).toEqual([])
      expect(await locks('?agent_id=alice')).toHaveLength(1)
      const { key, id } = await t.app.services.apiKeys.create('tester', { agentId: 'carol' })
      const carol = { authorization: `Bearer ${key}` }
      expect(await add(port, 'Two', {}, carol)).toMatchObject({ body: { created_by: 'carol' } })
      await t.app.services.apiKeys.revoke('tester', id)
      expect((await add(port, 'Three', { upsert: true }, carol)).status).toBe(401)
    }))
})
