import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ERRORS } from '../../../src/domain/errors.ts'
import { TOOLS } from '../../../src/domain/toolsets.ts'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { RawServer, withFolder } from '../../support/mcp.ts'

const KNOWN_CODES = Object.values(ERRORS).map(({ code }) => code)
const SERVER_FAULTS: readonly string[] = [ERRORS.INTERNAL_ERROR.code, ERRORS.DATABASE_ERROR.code]

let server: RawServer
let close: () => Promise<void>

beforeAll(async () => {
  const opened = Promise.withResolvers<void>()
  const finished = Promise.withResolvers<void>()
  const folder = withFolder(async (dataDir) => {
    server = new RawServer(dataDir)
    await server.initialize()
    opened.resolve()
    await finished.promise
    await server.close()
  })
  folder.catch(opened.reject)
  close = async () => {
    finished.resolve()
    await folder
  }
  await opened.promise
})
afterAll(() => close())

const hostile = fc.constantFrom(
  '"a',
  'NEAR/',
  '*',
  'a OR',
  '-',
  '../../etc/passwd',
  '/',
  'C:\\x',
  '\0',
  '\ud800',
  '%00',
  "'; drop table entry; --",
  'x'.repeat(20_000),
  '-1',
  '1e999',
  '2026-13-45',
  '2026-01-01T00:00:00Z',
  '__proto__',
)
const value = fc.oneof(
  { weight: 3, arbitrary: hostile },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.array(hostile, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('project', 'global', 'session', 'org', 'active', 'all', 'markdown'),
  },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, 1, 2 ** 53, 1e308, 0.5, true, null) },
)

const LISTED = OPERATIONS.filter(({ tool }) => TOOLS[tool].toolset !== 'admin')

/** A call of a real action with what it needs and some of its other arguments, and whatever in them. It never waits. */
const toolCall = fc.constantFrom(...LISTED).chain(({ tool, action, input }) => {
  const { shape } = input
  const names = [...Object.keys(shape), 'agent_id']
  const needed = names.filter((name) => shape[name]?.safeParse(undefined).success === false)
  const few = fc
    .shuffledSubarray(names)
    .chain((some) =>
      fc.record(Object.fromEntries([...needed, ...some.slice(0, 3)].map((name) => [name, value]))),
    )
  const odd = fc.oneof(
    { weight: 9, arbitrary: fc.constant({}) },
    fc.dictionary(hostile, value, { maxKeys: 2 }),
  )
  return fc.tuple(few, odd).map(([given, more]) => ({
    name: tool,
    arguments: {
      ...given,
      ...more,
      ...(action !== null && { action }),
      ...(action === 'wait' && { timeout_ms: 0 }),
      ...(action === 'checkout' && { wait_ms: 0 }),
    },
  }))
})

let lastId = 0

test('whatever the arguments, the answer is a result or an error of the table', async () => {
  const batch = fc.array(toolCall, { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(batch, async (calls) => {
      const sent = calls.map((params) => {
        const id = ++lastId
        server.send({ id, method: 'tools/call', params })
        return { id, params }
      })
      for (const { id, params } of sent) {
        const { result } = await server.answer(id)
        expect(result, JSON.stringify(params)).toHaveProperty('structuredContent')
        if (!result?.['isError']) continue
        const { error } = result['structuredContent'] as { error: { code: string; message: string } }
        expect(KNOWN_CODES).toContain(error.code)
        expect(SERVER_FAULTS, JSON.stringify({ params, error })).not.toContain(error.code)
        expect(error.message).toMatch(/\S.*[.?]/)
      }
    }),
    { numRuns: 150 },
  )
})

test('whatever the bytes, the server goes on', async () => {
  const line = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .record(
        { jsonrpc: fc.constant('2.0'), id: fc.jsonValue(), method: fc.string(), params: fc.jsonValue() },
        { requiredKeys: [] },
      )
      .map((message) => Buffer.from(JSON.stringify(message))),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 30 }), async (lines) => {
      for (const bytes of lines) server.write(Buffer.concat([bytes, Buffer.from('\n')]))
      const id = `alive ${++lastId}`
      expect(await server.ask(id, 'ping')).toMatchObject({ result: {} })
    }),
    { numRuns: 200 },
  )
})
