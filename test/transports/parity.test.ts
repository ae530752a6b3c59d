import { cpSync, rmSync } from 'node:fs'
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { openApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Operation } from '../../src/operations/define.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { findWorkspace } from '../../src/services/workspace/workspace.ts'
import { readCommandLine } from '../../src/transports/cli/arguments/command-line.ts'
import { inputOf } from '../../src/transports/cli/arguments/input.ts'
import { isBranch } from '../../src/transports/cli/command.ts'
import { PROGRAM } from '../../src/transports/cli/commands.ts'
import { commandOf, exampleOf } from '../../src/transports/cli/names.ts'
import { Subscriptions } from '../../src/transports/mcp/resources/subscriptions.ts'
import { createServer } from '../../src/transports/mcp/server.ts'
import { Calls } from '../../src/transports/mcp/tools/calls.ts'
import { Tools } from '../../src/transports/mcp/tools/tools.ts'
import { type Cli, shellWords, withCli } from '../support/cli.ts'
import { must, prepareExample } from '../support/examples.ts'
import { comparable, whole } from '../support/same-answer.ts'

// One catalogue, several ways in: the same call has the same answer through each, over MCP within its ceiling.

const ENV = { AGENT_MEMORY_AGENT_ID: 'parity', AGENT_MEMORY_TOOLSETS: 'all' }

type Json = Readonly<Record<string, unknown>>

/** A command line in a folder of its own, on which one agent works. */
function withParity(body: (cli: Cli) => Promise<void>): Promise<void> {
  return withCli((cli) => {
    const run = (argv: readonly string[]) => cli(argv, { env: ENV })
    return body(Object.assign(run, { dataDir: cli.dataDir, project: cli.project }))
  })
}

/** The words after the command. */
function argumentWords(operation: Operation, line: string): string[] {
  return shellWords(line).slice(shellWords(commandOf(operation)).length)
}

async function overCli(cli: Cli, operation: Operation, words: readonly string[]): Promise<Json> {
  const command = shellWords(commandOf(operation)).slice(1)
  const { code, stdout, stderr } = await cli([...command, ...words, '--json'])
  expect(stderr.replaceAll(/^Notice: .*\n/gm, '')).toBe('')
  const answer = JSON.parse(stdout) as Json
  expect(code).toBe('error' in answer ? 1 : 0)
  return answer
}

/** A real client and the server on the folder of that command line. */
async function overMcp(cli: Cli, operation: Operation, input: Json): Promise<Json> {
  const app = await openApp(readConfig({ ...ENV, AGENT_MEMORY_DATA_DIR: cli.dataDir }))
  const workspace = findWorkspace(cli.project, undefined)
  const calls = new Calls(app, { callerOf: async () => ({ agentId: 'parity', workspace }) })
  const tools = new Tools(calls, app.config.toolsets)
  const subscriptions = new Subscriptions({ app, calls, flushed: async () => {} })
  const server = createServer({ calls, tools, subscriptions }, { era: 'legacy' })
  const client = new Client({ name: 'parity', version: '1' })
  const [near, far] = InMemoryTransport.createLinkedPair()
  await server.connect(far)
  await client.connect(near)
  try {
    const { tool: name, action } = operation
    const { structuredContent, isError, content } = await client.callTool({
      name,
      arguments: { ...(action !== null && { action }), ...input },
    })
    const answer = structuredContent as Json
    expect(isError ?? false).toBe('error' in answer)
    const { context } = answer
    const text =
      typeof context === 'string' ? context || 'Nothing is stored here yet.' : JSON.stringify(answer)
    expect(content).toEqual([{ type: 'text', text }])
    // Sent once, by whichever transport it is asked.
    const { notices: _told, ...result } = answer
    return result
  } finally {
    await client.close()
    await app.close()
  }
}

/** What the command line makes of the words. */
async function readInput(operation: Operation, words: readonly string[]): Promise<Json> {
  const line = readCommandLine([...shellWords(commandOf(operation)).slice(1), ...words], PROGRAM)
  if (!line.place || isBranch(line.place)) throw new RangeError(words.join(' '))
  return inputOf(line.place, line, async () => '')
}

/** Both answers, each from the same state of the folder. */
async function bothAnswers(cli: Cli, operation: Operation, words: readonly string[]): Promise<[Json, Json]> {
  const input = await readInput(operation, words)
  const before = `${cli.dataDir}.before`
  cpSync(cli.dataDir, before, { recursive: true })
  try {
    const fromCli = await overCli(cli, operation, words)
    rmSync(cli.dataDir, { recursive: true })
    cpSync(before, cli.dataDir, { recursive: true })
    return [fromCli, whole(await overMcp(cli, operation, input), fromCli)]
  } finally {
    rmSync(before, { recursive: true })
  }
}

/** Runs the words both ways and answers the result that they have in common. */
async function oneAnswer(cli: Cli, operation: Operation, words: readonly string[]): Promise<Json> {
  const [fromCli, fromMcp] = await bothAnswers(cli, operation, words)
  expect(comparable(fromMcp)).toEqual(comparable(fromCli))
  return fromCli
}

// Keys are no tool of MCP, and have a command of their own.
const rows = OPERATIONS.filter(({ tool }) => tool !== 'memory_key').map(
  (operation) => [exampleOf(operation), operation] as const,
)

test.each(rows)('one result: %s', (_example, operation) =>
  withParity(async (cli) => {
    const words = argumentWords(operation, await prepareExample(operation, cli))
    expect(await oneAnswer(cli, operation, words)).not.toHaveProperty('error')
  }),
)

test.each(rows)('one answer where nothing is there yet: %s', (example, operation) =>
  withParity(async (cli) => {
    await oneAnswer(cli, operation, argumentWords(operation, example))
  }),
)

const WAITS: readonly string[] = ['memory_event wait']

test.each(rows.filter(([, { tool, action }]) => !WAITS.includes(`${tool} ${action}`)))(
  'one answer where nothing is asked: %s',
  (_example, operation) =>
    withParity(async (cli) => {
      await oneAnswer(cli, operation, [])
    }),
)

const BEFORE = [
  'agent-memory guideline add Tabs "Use tabs."',
  'agent-memory lock checkout a.ts --agent-id other',
  'agent-memory guideline update Tabs "Use them." --agent-id other',
]

test.each([
  ['ALREADY_EXISTS', 'agent-memory guideline add Tabs Again.'],
  ['CONFLICT', 'agent-memory guideline update Tabs Never. --base-version 1'],
  ['INVALID_PARAMETER', 'agent-memory guideline add Other Text. --priority 101'],
  ['INVALID_SCOPE', 'agent-memory guideline list --scope-type global --scope-id x'],
  ['NOT_FOUND', 'agent-memory knowledge get Nothing'],
  ['TOO_LARGE', `agent-memory tool add ${'x'.repeat(513)} Text.`],
  ['FILE_LOCKED', 'agent-memory lock checkout a.ts --wait-ms 0'],
  ['NOT_LOCK_OWNER', 'agent-memory lock checkin a.ts'],
  ['LOCK_NOT_FOUND', 'agent-memory lock renew b.ts'],
  ['INVALID_FILE_PATH', `agent-memory lock checkout ${'x'.repeat(5_000)}`],
  ['INVALID_PARAMETER', 'agent-memory event list --cursor %'],
])('one refusal, %s: %s', (name, line) =>
  withParity(async (cli) => {
    for (const before of BEFORE) await must(cli, before)
    const operation = OPERATIONS.find((one) => line.startsWith(`${commandOf(one)} `))
    if (!operation) throw new RangeError(line)
    expect(await oneAnswer(cli, operation, argumentWords(operation, line))).toMatchObject({ error: { name } })
  }),
)
