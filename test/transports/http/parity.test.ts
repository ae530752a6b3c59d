import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import type { Operation } from '../../../src/operations/define.ts'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { type Route, routeParts } from '../../../src/operations/routes.ts'
import { readCommandLine } from '../../../src/transports/cli/arguments/command-line.ts'
import { inputOf } from '../../../src/transports/cli/arguments/input.ts'
import { isBranch } from '../../../src/transports/cli/command.ts'
import { PROGRAM } from '../../../src/transports/cli/commands.ts'
import { openTestApp } from '../../support/app.ts'
import { type Cli, shellWords, withCli } from '../../support/cli.ts'
import { must, prepareExample } from '../../support/examples.ts'
import { grantAll, type OpenPort, openPort } from '../../support/http.ts'
import { comparable, whole } from '../../support/same-answer.ts'

// One port, two ways in: the same call has the same answer over REST and over MCP, on every route of the catalogue.

type Json = Readonly<Record<string, unknown>>

const ENV = {
  AGENT_MEMORY_AGENT_ID: 'parity',
  AGENT_MEMORY_TOOLSETS: 'all',
  AGENT_MEMORY_RATE_LIMIT: 'false',
  AGENT_MEMORY_HTTP_API_KEYS: 'key-of-parity:parity',
}
const HEADERS = { authorization: 'Bearer key-of-parity' }

// MCP has no keys.
const ROUTES = OPERATIONS.filter(({ tool }) => tool !== 'memory_key').flatMap((operation) =>
  operation.routes.map((route) => [route, operation] as const),
)

/** Runs `body` on a copy of the folder, which is thrown away. */
async function onCopy(cli: Cli, body: (port: OpenPort) => Promise<Json>): Promise<Json> {
  const dataDir = `${cli.dataDir}.copy`
  cpSync(cli.dataDir, dataDir, { recursive: true })
  const t = await openTestApp({ dataDir, env: ENV })
  await grantAll(t, ENV.AGENT_MEMORY_AGENT_ID)
  const port = await openPort(t)
  try {
    return await body(port)
  } finally {
    await port.close()
    await t.close()
    rmSync(dataDir, { recursive: true })
  }
}

function overRest(cli: Cli, route: Route, args: Json): Promise<Json> {
  const { method, path, parameters } = routeParts(route)
  const rest = Object.entries(args).filter(([name]) => !parameters.includes(name))
  const place = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(args[name] ?? 'nothing')),
  )
  const hasBody = method === 'POST' || method === 'PATCH'
  const line = hasBody ? `${method} ${place}` : `${method} ${place}?${queryOf(rest)}`
  return onCopy(cli, async (port) => {
    const { status, body } = await port.ask(line, hasBody ? Object.fromEntries(rest) : undefined, HEADERS)
    expect({ line, isRefused: status >= 400 }).toEqual({ line, isRefused: 'error' in body })
    // Beside our own body a problem says the same in the words of HTTP.
    return 'error' in body ? { error: body['error'] } : body
  })
}

function queryOf(args: readonly (readonly [name: string, value: unknown])[]): URLSearchParams {
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
  const query = new URLSearchParams()
  for (const [name, value] of args) for (const each of [value].flat()) query.append(name, text(each))
  return query
}

function overMcp(cli: Cli, { tool, action }: Operation, args: Json): Promise<Json> {
  return onCopy(cli, async (port) => {
    const client = new Client({ name: 'parity', version: '1' })
    await client.connect(
      new StreamableHTTPClientTransport(new URL(`${port.address}/mcp`), {
        requestInit: { headers: HEADERS },
      }),
    )
    try {
      const given = { ...(action !== null && { action }), ...args }
      const { structuredContent } = await client.callTool({ name: tool, arguments: given })
      return structuredContent as Json
    } finally {
      await client.close()
    }
  })
}

/** What the operation's example asks for, by ids and in a scope that is named: over HTTP nothing is guessed. */
async function prepared(cli: Cli, operation: Operation, route: Route): Promise<Json> {
  const line = await prepareExample(operation, cli)
  const read = readCommandLine(shellWords(line).slice(1), PROGRAM)
  if (!read.place || isBranch(read.place)) throw new RangeError(line)
  const { name, ...args } = (await inputOf(read.place, read, async () => '')) as Record<string, unknown>
  const isById = routeParts(route).parameters.includes('id') && args['id'] === undefined
  const key = isById ? { id: await idOf(cli, operation, String(name)) } : name === undefined ? {} : { name }
  return { ...args, ...key, ...(await scopeIn(cli, operation, args)), ...pathIn(cli, args) }
}

async function idOf(cli: Cli, { tool }: Operation, name: string): Promise<unknown> {
  const word = tool.replace('memory_', '')
  const { entries } = await must(cli, `agent-memory ${word} list --status all`)
  return (entries as { id: string; name: string }[]).find((entry) => entry.name === name)?.id
}

async function scopeIn(cli: Cli, { input, tool, action }: Operation, args: Json): Promise<Json> {
  if (tool === 'memory_scope' && action === 'start') {
    // On the command line the first session makes the project of the folder; over HTTP there is no folder.
    await must(cli, 'agent-memory scope start first')
    return { project_id: (await must(cli, 'agent-memory scope current'))['id'] }
  }
  if (!('scope_id' in input.shape) || args['scope_type'] !== undefined || tool === 'memory_scope') return {}
  const { id, exists } = await must(cli, 'agent-memory scope current')
  return exists === true ? { scope_type: 'project', scope_id: id } : { scope_type: 'global' }
}

function pathIn({ project }: Cli, { file_path: file, prefix }: Json): Json {
  return {
    ...(typeof file === 'string' && { file_path: join(project, file) }),
    ...(typeof prefix === 'string' && { prefix: join(project, prefix) }),
  }
}

test.each(ROUTES)('one result: %s', (route, operation) =>
  withCli(async (cli) => {
    const asAgent = Object.assign((argv: readonly string[]) => cli(argv, { env: ENV }), {
      dataDir: cli.dataDir,
      project: cli.project,
    })
    const args = await prepared(asAgent, operation, route)
    const fromRest = await overRest(cli, route, args)
    expect(fromRest).not.toHaveProperty('error')
    expect(comparable(whole(await overMcp(cli, operation, args), fromRest))).toEqual(comparable(fromRest))
  }),
)

test.each(ROUTES.filter(([, { mayWait, action }]) => !mayWait || action === 'checkout'))(
  'one answer where nothing is there and nothing is asked: %s',
  (route, operation) =>
    withCli(async (cli) => {
      const named = Object.fromEntries(routeParts(route).parameters.map((name) => [name, 'nothing']))
      const fromRest = await overRest(cli, route, named)
      expect(comparable(whole(await overMcp(cli, operation, named), fromRest))).toEqual(comparable(fromRest))
    }),
)
