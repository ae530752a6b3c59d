import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, test } from 'vitest'
import type { TestApp, TestAppOptions } from '../../support/app.ts'
import {
  databaseEnv,
  giveDatabaseFolderBack,
  takeDatabaseFolder,
  testDatabase,
} from '../../support/database.ts'
import { type Answer, grantAll, type OpenPort, withPort } from '../../support/http.ts'
import { type TcpProxy, withProxy } from '../../support/tcp-proxy.ts'

type Json = Readonly<Record<string, unknown>>
type Call = (args: Json) => Promise<Json>

interface Team {
  readonly port: OpenPort
  readonly id: string
  /** The headers of an agent that was granted to read. */
  readonly reader: Readonly<Record<string, string>>
  /** Asks as an agent that was granted to read. */
  readonly ask: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>
  /** Calls a tool over MCP 2026-07-28 as that agent, or with these headers. */
  readonly call: (
    id: string | number,
    args: Json,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>
  /** The headers of the agent that may write. */
  readonly writer: Readonly<Record<string, string>>
  readonly update: Call
  /** Another agent wants that file. */
  readonly wish: (path: string) => Promise<unknown>
  readonly revokeKey: () => Promise<unknown>
  readonly revokeGrant: () => Promise<unknown>
  /** Another instance on the same database. */
  readonly elsewhere: Call
}

const SCOPE = { type: 'global', id: 'global' } as const
const OPERATOR = { agentId: 'operator', workspace: null }

function withTeam(
  env: Readonly<Record<string, string>>,
  body: (team: Team) => Promise<void>,
  more: Pick<TestAppOptions, 'dataDir'> = {},
): Promise<void> {
  const settings = { AGENT_MEMORY_HTTP_ADMIN_KEY: 'administrator-key', ...env }
  return withPort({ env: settings, ...more }, async (port, t) => {
    await grantAll(t, 'writer')
    const { permissions, apiKeys } = t.app.services
    const read = { grantee: 'reader', scope: SCOPE, entry_type: null }
    const grant = await permissions.grant(OPERATOR, read, 'read')
    const made = await apiKeys.create('operator', { agentId: 'reader' })
    const writer = await apiKeys.create('operator', { agentId: 'writer' })
    let other: Promise<TestApp> | undefined
    const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
    const add = { name: 'Tabs', content: 'Use tabs: ⇥, für alle.', scope_type: 'global' }
    const { body: entry } = await port.ask('POST /v1/guidelines', add, bearer(writer.key))
    const id = String(entry['id'])
    await body({
      port,
      id,
      reader: bearer(made.key),
      ask: (path, headers) => port.ask(`GET ${path}`, undefined, { ...bearer(made.key), ...headers }),
      call: (id, args, headers) =>
        port.ask('POST /mcp', toolCall(id, args), { ...bearer(made.key), ...MCP_HEADERS, ...headers }),
      writer: bearer(writer.key),
      wish: (path) => t.refused('memory_file_lock', 'checkout', { file_path: path }),
      update: async (args) => (await port.ask(`PATCH /v1/guidelines/${id}`, args, bearer(writer.key))).body,
      revokeKey: () => apiKeys.revoke('operator', made.id),
      revokeGrant: () => permissions.revoke(OPERATOR, grant.id),
      elsewhere: async (args) => {
        other ??= t.secondApp()
        return (await other).call('memory_guideline', 'update', { id, ...args })
      },
    })
  })
}

const MCP_HEADERS = {
  accept: 'application/json, text/event-stream',
  'mcp-protocol-version': '2026-07-28',
  'mcp-method': 'tools/call',
  'mcp-name': 'memory_query',
}

function toolCall(id: string | number, args: Json) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return {
    jsonrpc: '2.0',
    id,
    method: 'tools/call',
    params: { name: 'memory_query', arguments: args, _meta },
  }
}

async function counted({ port }: Team, name: string): Promise<number> {
  const response = await fetch(`${port.address}/metrics`, {
    headers: { authorization: 'Bearer administrator-key' },
  })
  const line = (await response.text()).split('\n').find((text) => text.startsWith(`${name} `))
  return Number(line?.split(' ').at(-1) ?? 0)
}

/** Asked until the answer is one that is kept: the first read fills the cache, the second is made of it. */
async function repeated({ ask }: Team, path: string): Promise<Answer[]> {
  const answers: Answer[] = []
  for (let n = 0; n < 5; n++) answers.push(await ask(path))
  return answers
}

function lasting({ status, headers, body }: Answer): unknown {
  const { served_from: _from, ...rest } = body
  const named = [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date')
  const sizeOfFrom = 'served_from' in body
  return { status, headers: named.filter(([name]) => !sizeOfFrom || name !== 'content-length'), rest }
}

for (const [what, path] of [
  ['an entry', (id: string) => `/v1/guidelines/${id}`],
  ['a search', () => '/v1/search?query=tabs'],
] as const) {
  test(`${what} that is asked for again is answered as the first time, each time under a number of its own`, () =>
    withTeam({}, async (team) => {
      const answers = await repeated(team, path(team.id))
      const [first] = answers
      expect(first?.status).toBe(200)
      for (const answer of answers) expect(lasting(answer)).toEqual(lasting(first as Answer))
      expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(answers.length)
    }))

  test(`${what} costs one look at the cache when it is asked for again, and is counted as a call`, () =>
    withTeam({}, async (team) => {
      await repeated(team, path(team.id))
      const hits = 'agent_memory_cache_hits_total{level="l1"}'
      const calls = what === 'an entry' ? 'memory_guideline get' : 'memory_query search'
      const call = `agent_memory_calls_total{operation="${calls}",outcome="ok"}`
      const looks: number[] = []
      for (let n = 0; n < 8; n++) {
        const before = [await counted(team, hits), await counted(team, call)] as const
        await team.ask(path(team.id))
        looks.push((await counted(team, hits)) - before[0])
        expect(await counted(team, call)).toBe(before[1] + 1)
      }
      // On PostgreSQL the server looks every so often for what the agent is to be told: such an answer is made anew.
      if (testDatabase === 'sqlite') expect(Math.min(...looks)).toBe(1)
    }))

  test(`${what} is not given again after a write, here or through another instance`, () =>
    withTeam({}, async (team) => {
      const text = async () => JSON.stringify((await team.ask(path(team.id))).body)
      await repeated(team, path(team.id))
      await team.update({ content: 'Use tabs, always.' })
      expect(await text()).toContain('always')
      await repeated(team, path(team.id))
      await team.elsewhere({ content: 'Use tabs, mostly.' })
      await expect.poll(text).toContain('mostly')
    }))

  test(`${what} is not given again once the grant or the key is gone`, () =>
    withTeam({}, async (team) => {
      await repeated(team, path(team.id))
      await team.revokeGrant()
      expect((await team.ask(path(team.id))).status).toBeGreaterThanOrEqual(403)
      await team.revokeKey()
      expect((await team.ask(path(team.id))).status).toBe(401)
    }))
}

const SEARCH = { action: 'search', query: 'tabs' }

test('a call of MCP that is repeated is answered as the first time, to its own id, and is counted', () =>
  withTeam({}, async (team) => {
    const first = await team.call(1, SEARCH)
    await team.call(2, SEARCH)
    const hits = 'agent_memory_cache_hits_total{level="l1"}'
    const calls = 'agent_memory_calls_total{operation="memory_query search",outcome="ok"}'
    const looks: number[] = []
    for (const id of [3, 'a "quoted" ⇥ id', 5, -1, 1]) {
      const before = [await counted(team, hits), await counted(team, calls)] as const
      const { status, headers, body } = await team.call(id, SEARCH)
      looks.push((await counted(team, hits)) - before[0])
      expect(await counted(team, calls)).toBe(before[1] + 1)
      expect([status, headers.get('content-type'), body['id']]).toEqual([200, 'application/json', id])
      expect(resultsIn(body)).toEqual(resultsIn(first.body))
      expect(resultsIn(body)).toHaveLength(1)
    }
    // One for the key of the request, and one for the answer; on PostgreSQL it is made anew every so often (see above).
    if (testDatabase === 'sqlite') expect(Math.min(...looks)).toBe(2)
  }))

function resultsIn({ result }: Json): unknown {
  return (result as { structuredContent: Json }).structuredContent['results']
}

test('a call of MCP is not answered again after a write, or once the grant or the key is gone', () =>
  withTeam({}, async (team) => {
    const call = async () => JSON.stringify((await team.call(1, SEARCH)).body)
    for (let n = 0; n < 4; n++) await call()
    await team.update({ content: 'Use tabs, always.' })
    expect(await call()).toContain('always')
    for (let n = 0; n < 4; n++) await call()
    await team.elsewhere({ content: 'Use tabs, mostly.' })
    await expect.poll(call).toContain('mostly')
    for (let n = 0; n < 4; n++) await call()
    await team.revokeGrant()
    expect(await call()).not.toContain('mostly')
    await team.revokeKey()
    expect((await team.call(1, SEARCH)).status).toBe(401)
  }))

test('another call of MCP, or agent, gets nothing of what was kept', () =>
  withTeam({}, async (team) => {
    for (let n = 0; n < 4; n++) await team.call(n, SEARCH)
    const other = await team.call(9, { ...SEARCH, query: 'spaces of a kind' })
    expect(resultsIn(other.body)).toEqual([])
    expect((await team.call(9, SEARCH, { authorization: 'Bearer am_other' })).status).toBe(401)
    const without = { 'mcp-name': 'memory_knowledge' }
    expect((await team.call(9, SEARCH, without)).body).toHaveProperty('error')
  }))

test('whoever asks after a commit of another instance gets it, however many ask at the same time', () =>
  withTeam({}, async (team) => {
    const path = `/v1/guidelines/${team.id}`
    await repeated(team, path)
    let isOver = false
    const askOn = async () => {
      while (!isOver) expect((await team.ask(path)).status).toBe(200)
    }
    const others = Array.from({ length: 12 }, askOn)
    for (let n = 0; n < 40; n++) {
      await team.elsewhere({ content: `Rule ${n} holds.` })
      const answers = await Promise.all([team.ask(path), team.ask(path), team.ask(path)])
      for (const { body } of answers) expect(body).toMatchObject({ content: `Rule ${n} holds.` })
    }
    isOver = true
    await Promise.all(others)
  }))

test('the key of another agent, or none, gets nothing of what was kept', () =>
  withTeam({}, async (team) => {
    const path = `/v1/guidelines/${team.id}`
    await repeated(team, path)
    expect((await team.port.ask(`GET ${path}`)).status).toBe(401)
    expect((await team.ask(path, { authorization: 'Bearer am_other' })).status).toBe(401)
  }))

test('a request of a foreign host or page is refused, whatever was kept', () =>
  withTeam({}, async (team) => {
    const path = `/v1/guidelines/${team.id}`
    await repeated(team, path)
    expect((await team.ask(path, { origin: 'https://elsewhere.example' })).status).toBe(403)
    const status = await new Promise((resolve, reject) => {
      const asked = { headers: { host: 'elsewhere.example', authorization: 'Bearer administrator-key' } }
      request(team.port.address + path, asked, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject)
        .end()
    })
    expect(status).toBe(403)
  }))

test('answers that are given again count against the limit of the agent', () =>
  withTeam({ AGENT_MEMORY_RATE_LIMIT: 'true', AGENT_MEMORY_RATE_LIMIT_PER_AGENT: '20' }, async (team) => {
    let answered = 0
    let status = 200
    for (; status === 200 && answered < 100; answered++)
      status = (await team.ask(`/v1/guidelines/${team.id}`)).status
    expect(status).toBe(429)
    expect(answered).toBeGreaterThan(20)
  }))

test('a time that is meant back from now is read anew each time', () =>
  withTeam({}, async (team) => {
    const path = '/v1/search?query=tabs&updated_after=-1h'
    const hits = 'agent_memory_cache_hits_total{level="l1"}'
    await repeated(team, path)
    const before = await counted(team, hits)
    expect((await team.ask(path)).status).toBe(200)
    expect(await counted(team, hits)).not.toBe(before + 1)
  }))

test('what an agent is to be told stands in its next answer, once', () =>
  withTeam({}, async (team) => {
    const writing = { ...team, ask: (path: string) => team.port.ask(`GET ${path}`, undefined, team.writer) }
    const path = `/v1/guidelines/${team.id}`
    await team.port.ask('POST /v1/locks', { file_path: '/srv/a.ts' }, team.writer)
    await repeated(writing, path)
    await team.wish('/srv/a.ts')
    const told = async () => (await writing.ask(path)).body['notices']
    await expect.poll(told).toMatchObject([expect.stringContaining('/srv/a.ts')])
    for (const { body } of await repeated(writing, path)) expect(body).not.toHaveProperty('notices')
  }))

/** Only a server in a process of its own has to be asked for each answer. */
if (testDatabase === 'postgresql') {
  test('requests that come together are proven by one question to the database', () =>
    withSpiedTeam(async (team, proxy) => {
      const asked = 24
      await repeated(team, `/v1/guidelines/${team.id}`)
      const questions: number[] = []
      for (let n = 0; n < 8; n++) {
        let sent = 0
        proxy.spy((bytes) => {
          sent += bytes.toString('latin1').split(SYNC).length - 1
        })
        expect(await pipelined(team, asked)).toBe(asked)
        questions.push(sent)
      }
      // Every so often they are made anew, to look for what the agent is to be told.
      expect(Math.min(...questions)).toBeLessThanOrEqual(3)
    }))
}

/** Ends each question to PostgreSQL. */
const SYNC = 'S\0\0\0\x04'

async function withSpiedTeam(body: (team: Team, proxy: TcpProxy) => Promise<void>): Promise<void> {
  const dataDir = await takeDatabaseFolder()
  const url = new URL(databaseEnv(dataDir)['AGENT_MEMORY_PG_URL'] ?? '')
  try {
    await withProxy(Number(url.port), (proxy) => {
      url.port = String(proxy.port)
      return withTeam({ AGENT_MEMORY_PG_URL: url.href }, (team) => body(team, proxy), { dataDir })
    })
  } finally {
    await giveDatabaseFolderBack(dataDir)
  }
}

/** Sends the same request so often in one piece; how many of the answers are the entry. */
async function pipelined({ port, id, reader }: Team, count: number): Promise<number> {
  const { hostname, port: number, host } = new URL(port.address)
  const head = `GET /v1/guidelines/${id} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${reader['authorization']}\r\n`
  const socket = connect(Number(number), hostname)
  await once(socket, 'connect')
  socket.write(`${`${head}\r\n`.repeat(count - 1)}${head}connection: close\r\n\r\n`)
  let text = ''
  for await (const chunk of socket) text += chunk
  return text.split('"content":"Use tabs').length - 1
}
