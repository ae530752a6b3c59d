import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { newId } from '../../../../src/domain/ids.ts'
import { OPERATIONS } from '../../../../src/operations/index.ts'
import { routeParts } from '../../../../src/operations/routes.ts'
import { type Port, withPort } from '../../../support/http.ts'
import { type Attempt, LAST, ROWS } from './rows.ts'
import { headersOf, KEYS, MARK, makeWorld, stateOf, type World } from './world.ts'

type Json = Readonly<Record<string, unknown>>
type Listed = (typeof OPERATIONS)[number]
type Ask = (agent: string, operation: Listed, args: Json) => Promise<Json | undefined>

const ENV = {
  AGENT_MEMORY_HTTP_API_KEYS: KEYS,
  AGENT_MEMORY_TOOLSETS: 'all',
  AGENT_MEMORY_RATE_LIMIT: 'false',
}
const nameOf = ({ tool, action }: Listed) => [tool, action].filter(Boolean).join(' ')
const IN_ORDER = OPERATIONS.toSorted((a, b) => LAST.indexOf(nameOf(a)) - LAST.indexOf(nameOf(b)))

test('every operation has a row, and no row is of nothing', () => {
  expect(Object.keys(ROWS).sort()).toEqual(OPERATIONS.map(nameOf).sort())
})

/** Over REST, with what stands in the path in the path; undefined for what has no path without it. */
function overRest(port: Port): Ask {
  return async (agent, { routes }, args) => {
    const fitting = routes.map(routeParts).find(({ parameters }) => parameters.every((name) => name in args))
    if (!fitting) return undefined
    const { method, path, parameters } = fitting
    const place = path.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(String(args[name] ?? 'nothing')),
    )
    const rest = Object.entries(args).filter(([name]) => !parameters.includes(name))
    const hasBody = method === 'POST' || method === 'PATCH'
    const query = new URLSearchParams()
    for (const [name, value] of rest)
      query.append(name, typeof value === 'string' ? value : JSON.stringify(value))
    const line = hasBody ? `${method} ${place}` : `${method} ${place}?${query}`
    return (await port.ask(line, hasBody ? Object.fromEntries(rest) : undefined, headersOf(agent))).body
  }
}

async function overMcp(port: Port): Promise<{ ask: Ask; close: () => Promise<void> }> {
  const clients = new Map<string, Client>()
  for (const agent of ['alice', 'bob', 'root', 'nobody']) {
    const client = new Client({ name: 'isolation', version: '1' })
    const options = { requestInit: { headers: headersOf(agent) } }
    await client.connect(new StreamableHTTPClientTransport(new URL(`${port.address}/mcp`), options))
    clients.set(agent, client)
  }
  return {
    async ask(agent, { tool, action }, args) {
      // No tool of MCP.
      if (tool === 'memory_key') return undefined
      const given = { ...(action !== null && { action }), ...args }
      const answer = await clients.get(agent)?.callTool({ name: tool, arguments: given })
      return answer?.structuredContent as Json
    },
    async close() {
      for (const client of clients.values()) await client.close()
    },
  }
}

/**
 * A caller without rights there is refused, in the words of what is not there, or answered without a trace of
 * it.
 */
async function tryAs(
  agent: 'alice' | 'nobody',
  { ask, world }: { ask: Ask; world: World },
  { operation, attempt }: { operation: Listed; attempt: Attempt },
) {
  const { args, expect: expected, id } = attempt
  const answer = await ask(agent, operation, args)
  if (!answer) return
  const told = { call: `${nameOf(operation)} ${JSON.stringify(args)}`, answer }
  const isRefused = 'error' in answer
  // A caller without any rights is refused where others are answered with what is theirs.
  if (expected === 'refused' || agent === 'alice')
    expect({ ...told, isRefused }).toEqual({ ...told, isRefused: expected === 'refused' })
  expect({ ...told, traces: traceOf(world, answer, args) }).toEqual({ ...told, traces: [] })
  if (expected === 'quiet') return
  expect(['NOT_FOUND', 'PERMISSION_DENIED'], told.call).toContain(codeOf(answer))
  if (id === undefined) return
  const nowhere = newId()
  const other = await ask(agent, operation, { ...args, [id]: nowhere })
  const given = String(args[id])
  expect(JSON.stringify(answer).replaceAll(given, nowhere), told.call).toBe(JSON.stringify(other))
}

/** The same call of a caller with the rights: it was refused for no other reason. */
async function tryAsOwner(ask: Ask, operation: Listed, { args, by = 'bob', expect: expected }: Attempt) {
  const answer = expected === 'refused' ? await ask(by, operation, args) : undefined
  if (!answer) return
  const isDenied = ['NOT_FOUND', 'PERMISSION_DENIED'].includes(String(codeOf(answer)))
  const told = { call: `${nameOf(operation)} ${JSON.stringify(args)}`, answer }
  expect({ ...told, isDenied }).toEqual({ ...told, isDenied: false })
}

function attemptsOf(operation: Listed, world: World): readonly Attempt[] {
  return ROWS[nameOf(operation)]?.(world) ?? []
}

function codeOf(answer: Json): unknown {
  return (answer['error'] as Json | undefined)?.['name']
}

/** What of the other project stands in an answer that was not in the question. */
function traceOf({ theirs, grant }: World, answer: Json, args: Json): string[] {
  const asked = JSON.stringify(args)
  const words = [MARK, grant, ...Object.values(theirs).filter((value) => typeof value === 'string')]
  const text = JSON.stringify(answer)
  return words.filter((word) => word !== '' && text.includes(word) && !asked.includes(word))
}

for (const way of ['REST', 'MCP'] as const) {
  test(`over ${way} no operation reads or changes what stands in the project of others`, () =>
    withPort({ env: ENV }, async (port, t) => {
      const world = await makeWorld(t)
      const { ask, close } =
        way === 'REST' ? { ask: overRest(port), close: async () => {} } : await overMcp(port)
      const before = await stateOf(world, world.theirs)
      expect(before).toContain(MARK)
      for (const operation of OPERATIONS) {
        for (const attempt of attemptsOf(operation, world)) {
          await tryAs('alice', { ask, world }, { operation, attempt })
          await tryAs('nobody', { ask, world }, { operation, attempt })
        }
        expect(await stateOf(world, world.theirs), nameOf(operation)).toBe(before)
      }
      for (const operation of IN_ORDER)
        for (const attempt of attemptsOf(operation, world)) await tryAsOwner(ask, operation, attempt)
      await close()
    }))
}
