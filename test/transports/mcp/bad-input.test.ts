import { expect, test } from 'vitest'
import { type RawServer, shareRawServer, withRawServer } from '../../support/mcp.ts'

const sharedServer = shareRawServer()

async function expectAlive(server: RawServer, id: string): Promise<void> {
  const { result } = await server.call(id, 'memory_health', {})
  expect(result).toMatchObject({ structuredContent: { status: 'healthy' } })
}

test('what is no message is answered with an error, and the next line is read', async () => {
  const server = await sharedServer()
  const cases: [line: string | Buffer, id: string | number | null, code: number][] = [
    ['{"jsonrpc":"2.0","id":1,', null, -32700],
    ['hello', null, -32700],
    ['"text"', null, -32600],
    ['null', null, -32600],
    ['7', null, -32600],
    ['[{"jsonrpc":"2.0","id":1,"method":"ping"}]', null, -32600],
    ['{"id":"a","method":"ping"}', 'a', -32600],
    ['{"jsonrpc":"1.0","id":"b","method":"ping"}', 'b', -32600],
    ['{"jsonrpc":"2.0","id":"c","method":5}', 'c', -32600],
    ['{"jsonrpc":"2.0","id":"d"}', 'd', -32600],
    ['{"jsonrpc":"2.0","id":null,"method":"ping"}', null, -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"ping"}', null, -32600],
    ['{"jsonrpc":"2.0","id":"e","method":"ping","params":"x"}', 'e', -32600],
    ['{"jsonrpc":"2.0","id":1,"method":"ping"\0}', null, -32700],
    [Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), null, -32700],
    ['['.repeat(100_000), null, -32700],
  ]
  for (const [line, id, code] of cases) {
    const seen = server.answers.length
    server.write(line)
    server.write('\n')
    const answer = await server.until((candidate) => server.answers.indexOf(candidate) >= seen)
    expect(answer, String(line).slice(0, 80)).toMatchObject({ jsonrpc: '2.0', id, error: { code } })
  }
  await expectAlive(server, 'alive')
})

test('empty lines, carriage returns and split or joined chunks are fine', async () => {
  const server = await sharedServer()
  server.write('\n\r\n  \n{"jsonrpc":"2.0","id":1,"method":"ping"}\r\n{"jsonrpc":"2.0","id":2,"meth')
  server.write('od":"ping"}\n')
  expect(await server.answer(1)).toMatchObject({ result: {} })
  expect(await server.answer(2)).toMatchObject({ result: {} })
  expect(server.answers.filter(({ error }) => error)).toEqual([])
})

test('a message that is far too long is dropped as it comes, and said so', async () => {
  const server = await sharedServer()
  server.write('{"jsonrpc":"2.0","id":"long","method":"ping","params":{"x":"')
  const part = Buffer.alloc(4 * 1024 * 1024, 'x')
  for (let i = 0; i < 17; i++) server.write(part)
  server.write('"}}\n')
  const answer = await server.until(({ error }) => error !== undefined)
  expect(answer).toMatchObject({
    id: 'long',
    error: { code: -32600, message: expect.stringContaining('bytes') },
  })
  await expectAlive(server, 'alive')
})

test('arguments that are null are none, and a text that is the object as JSON is that object', async () => {
  const server = await sharedServer()
  const call = (id: number, name: string, given: unknown) =>
    server.ask(id, 'tools/call', { name, arguments: given })
  for (const [id, none] of [null, '', ' '].entries())
    expect(await call(id + 1, 'memory_health', none)).toMatchObject({
      result: { structuredContent: { status: 'healthy' } },
    })
  expect(await call(4, 'memory_knowledge', '{"action":"list","scope_type":"global"}')).toMatchObject({
    result: { structuredContent: { entries: [] } },
  })
  for (const [id, wrong] of ['list', '[1]', '{"action":'].entries())
    expect(await call(id + 5, 'memory_knowledge', wrong)).toMatchObject({
      error: { code: -32602, message: 'params.arguments: expected record, received string.' },
    })
})

test('unknown methods, early requests and bad parameters', async () => {
  await withRawServer(async (server) => {
    expect(await server.ask(1, 'no/such/method')).toMatchObject({ error: { code: -32601 } })
    expect(await server.ask(2, 'tools/list')).toHaveProperty('result.tools')
    expect(await server.ask(3, 'tools/call', {})).toMatchObject({ error: { code: -32602 } })
    expect(await server.ask(4, 'tools/call', { name: 'memory_health', arguments: [1] })).toMatchObject({
      error: { code: -32602 },
    })
    expect(await server.ask(5, 'resources/read', {})).toHaveProperty('error.code')
    server.send({ method: 'notifications/no-such-thing' })
    server.send({ method: 'notifications/cancelled', params: { requestId: 99 } })
    server.send({ id: 77, result: {} })
    expect(await server.initialize()).toMatchObject({ result: { protocolVersion: '2025-11-25' } })
    await expectAlive(server, 'alive')
  })
})

test('a request of an unknown revision gets the list of the known ones', async () => {
  await withRawServer(async (server) => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2199-01-01',
      'io.modelcontextprotocol/clientInfo': { name: 'future', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    expect(await server.ask(1, 'server/discover', { _meta })).toMatchObject({
      error: { data: { supported: ['2026-07-28'], requested: '2199-01-01' } },
    })
    const params = {
      protocolVersion: '1999-01-01',
      capabilities: {},
      clientInfo: { name: 'old', version: '1' },
    }
    expect(await server.ask(2, 'initialize', params)).toMatchObject({
      result: { protocolVersion: '2025-11-25' },
    })
  })
})

test('hostile arguments are refused or stored as they are', async () => {
  const server = await sharedServer()
  const call = async (id: string, args: object, tool = 'memory_knowledge') => {
    const { result } = await server.call(id, tool, args)
    return result?.['structuredContent']
  }
  expect(await call('nul', { action: 'add', name: 'a\0b', content: 'x' })).toMatchObject({
    error: { name: 'INVALID_PARAMETER' },
  })
  server.write(
    '{"jsonrpc":"2.0","id":"half","method":"tools/call","params":{"name":"memory_knowledge","arguments":{"action":"add","name":"\\ud800","content":"x"}}}\n',
  )
  expect(await server.answer('half')).toMatchObject({
    result: { isError: true, structuredContent: { error: { name: 'INVALID_PARAMETER' } } },
  })
  expect(await call('large', { action: 'add', name: 'a', content: 'x'.repeat(300_000) })).toMatchObject({
    error: { name: 'TOO_LARGE' },
  })
  server.write(
    '{"jsonrpc":"2.0","id":"proto","method":"tools/call","params":{"name":"memory_knowledge","arguments":{"action":"list","__proto__":{"limit":1},"constructor":1}}}\n',
  )
  expect(await server.answer('proto')).toMatchObject({
    result: { structuredContent: { error: { name: 'UNKNOWN_PARAMETER' } } },
  })
  const content = 'line\nline \u2028 {"jsonrpc":"2.0"} 漢字 👩‍💻'
  expect(await call('odd', { action: 'add', name: 'odd', content })).toMatchObject({ content })
  for (const query of ['"a', 'NEAR/', '*', 'a'.repeat(20_000), 'a AND (', "'; drop table entry; --"]) {
    expect(await call(`q${query.slice(0, 9)}`, { action: 'search', query }, 'memory_query')).toHaveProperty(
      'results',
    )
  }
})

test('200 requests at once are all answered, and every write is kept', async () => {
  await withRawServer(
    async (server) => {
      await server.initialize()
      for (let i = 0; i < 200; i++) {
        const args = i % 2 ? { action: 'list', limit: 1 } : { action: 'add', name: `n${i}`, content: 'x' }
        server.send({ id: i, method: 'tools/call', params: { name: 'memory_tool', arguments: args } })
      }
      for (let i = 0; i < 200; i++) {
        const { result } = await server.answer(i)
        expect(result).not.toHaveProperty('isError')
      }
      const { result } = await server.call('all', 'memory_tool', { action: 'list', limit: 100 })
      expect(result).toMatchObject({ structuredContent: { entries: { length: 100 } } })
    },
    { env: { AGENT_MEMORY_ANSWER_TOKENS: '20000' } },
  )
})

test('params that do not fit are invalid params, in one sentence', async () => {
  const server = await sharedServer()
  const cases: [method: string, params: unknown][] = [
    ['resources/read', {}],
    ['resources/read', { uri: 5 }],
    ['resources/subscribe', { uri: 5 }],
    ['resources/list', { cursor: 5 }],
    ['tools/list', { cursor: {} }],
    ['tools/call', { name: 5 }],
    ['tools/call', { name: 'memory_health', arguments: 'x' }],
    ['prompts/get', { name: 5 }],
    ['prompts/list', { cursor: [] }],
    ['completion/complete', { ref: {} }],
  ]
  for (const [at, [method, params]] of cases.entries()) {
    server.write(`${JSON.stringify({ jsonrpc: '2.0', id: at + 100, method, params })}\n`)
    const { error } = await server.answer(at + 100)
    expect([method, error?.code]).toEqual([method, -32602])
    expect(error?.message).not.toMatch(/"path"|"code"|\n/)
  }
  await expectAlive(server, 'alive')
})

test.each(['tools/list', 'resources/list', 'prompts/list'])(
  '%s begins where the cursor is none',
  async (method) => {
    const server = await sharedServer()
    for (const [at, cursor] of [null, ''].entries()) {
      server.write(`${JSON.stringify({ jsonrpc: '2.0', id: at + 300, method, params: { cursor } })}\n`)
      expect((await server.answer(at + 300)).result).toBeDefined()
    }
  },
)

test('params and _meta that are null are none, and a byte order mark is no part of a message', async () => {
  const server = await sharedServer()
  server.send({ id: 'a', method: 'tools/list', params: null })
  expect(await server.answer('a')).toMatchObject({ result: { tools: expect.anything() } })
  const call = { name: 'memory_health', arguments: {}, _meta: null }
  const asked = { name: 'memory_health', arguments: {}, _meta: { progressToken: null } }
  for (const [id, params] of Object.entries({ b: call, d: asked }))
    expect(await server.ask(id, 'tools/call', params)).toMatchObject({
      result: { structuredContent: { status: 'healthy' } },
    })
  server.write('\uFEFF{"jsonrpc":"2.0","id":"c","method":"ping"}\n')
  expect(await server.answer('c')).toMatchObject({ result: {} })
})

test('a client may write an object that holds nothing as a list, and what it does not set as null', async () => {
  await withRawServer(async (server) => {
    const clientInfo = { name: 'lists', version: '1', title: null, icons: null }
    const odd = [
      [],
      { roots: [], sampling: null, experimental: { own: [] }, elicitation: { form: [], url: null } },
    ]
    for (const [at, capabilities] of odd.entries()) {
      const params = { protocolVersion: '2025-11-25', capabilities, clientInfo, _meta: [] }
      expect(await server.ask(`hello ${at}`, 'initialize', params)).toMatchObject({
        result: { protocolVersion: '2025-11-25' },
      })
    }
    server.send({ method: 'notifications/initialized', params: [] })
    expect(await server.ask('tools', 'tools/list', [])).toMatchObject({
      result: { tools: expect.anything() },
    })
    const call = { name: 'memory_health', arguments: [], _meta: [], task: null }
    expect(await server.ask('health', 'tools/call', call)).toMatchObject({
      result: { structuredContent: { status: 'healthy' } },
    })
    const nameless = { protocolVersion: '2025-11-25', capabilities: [], clientInfo: [] }
    expect(await server.ask('nameless', 'initialize', nameless)).toMatchObject({ error: { code: -32602 } })
    expect(await server.ask('more', 'tools/list', [1])).toMatchObject({ error: { code: -32600 } })
  })
})

test('a whole call inside of its only argument is that call', async () => {
  const server = await sharedServer()
  const call = { action: 'add', name: 'wrapped', content: 'c' }
  const wrapped = [{ arguments: call }, { input: JSON.stringify({ ...call, upsert: true }) }]
  for (const [at, given] of wrapped.entries()) {
    const params = { name: 'memory_knowledge', arguments: given }
    server.write(`${JSON.stringify({ jsonrpc: '2.0', id: at + 200, method: 'tools/call', params })}\n`)
    expect(JSON.stringify((await server.answer(at + 200)).result)).toContain('wrapped')
  }
})

test('a message that is too long is answered to its caller where its id can be seen', async () => {
  const server = await sharedServer()
  const filler = 'x'.repeat(65 * 1024 * 1024)
  server.write(`{"jsonrpc":"2.0","id":"first","method":"tools/call","params":{"name":"${filler}"}}\n`)
  expect((await server.answer('first')).error?.code).toBe(-32600)
  server.write(`{"jsonrpc":"2.0","method":"tools/call","params":{"id":9,"name":"${filler}"},"id":77}\n`)
  expect((await server.answer(77)).error?.message).toContain('split it')
  await expectAlive(server, 'alive')
})
