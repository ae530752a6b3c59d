import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Command, outcome, start } from './try-run.ts'

interface Result {
  readonly serverInfo?: { readonly version: string }
  readonly tools?: readonly { readonly name: string }[]
  readonly isError?: boolean
  readonly structuredContent?: { readonly results?: readonly { readonly name: string }[] }
}

interface Answer {
  readonly id?: number
  readonly error?: { readonly message: string }
  readonly result?: Result
}

type Ask = (method: string, params: object) => Promise<Result>

const HELLO = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'try-package', version: '1' },
}
const ENTRY = { scope_type: 'global', name: 'tabs', content: 'Indent with two spaces' }

/**
 * A whole MCP session over stdio, its JSON-RPC written by hand: says hello, lists the tools, stores an entry and
 * finds it, closes stdin and expects a clean end. Answers the tools' names.
 */
export async function tryMcp(command: Command, version: string): Promise<string[]> {
  const child = start(command, ['mcp'])
  const ended = outcome(child)
  // The end is looked at below, or not at all where an earlier step fails first.
  ended.catch(() => {})
  try {
    const tools = await converse(connect(child), child, version)
    child.stdin?.end()
    const { stderr } = await ended
    if (stderr.includes('Warning')) throw new Error(`a warning on stderr: ${stderr}`)
    return tools
  } finally {
    child.kill('SIGKILL')
  }
}

async function converse(ask: Ask, child: ChildProcess, version: string): Promise<string[]> {
  const { serverInfo } = await ask('initialize', HELLO)
  if (serverInfo?.version !== version) throw new Error(`the server says it is ${serverInfo?.version}`)
  send(child, { jsonrpc: '2.0', method: 'notifications/initialized' })
  const { tools = [] } = await ask('tools/list', {})
  await callTool(ask, 'memory_guideline', { action: 'add', ...ENTRY, upsert: true })
  const found = await callTool(ask, 'memory_query', {
    action: 'search',
    scope_type: 'global',
    query: 'indent',
  })
  const names = found.structuredContent?.results?.map(({ name }) => name)
  if (names?.[0] !== ENTRY.name) throw new Error(`the search found ${JSON.stringify(found)}`)
  return tools.map(({ name }) => name)
}

async function callTool(ask: Ask, name: string, args: object): Promise<Result> {
  const result = await ask('tools/call', { name, arguments: args })
  if (result.isError) throw new Error(`${name} answered ${JSON.stringify(result)}`)
  return result
}

/** Every line on stdout must be an answer in JSON; a line that is not breaks the session. */
function connect(child: ChildProcess): Ask {
  const waiting = new Map<number, PromiseWithResolvers<Result>>()
  const failAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
  }
  if (!child.stdout) throw new Error('no stdout')
  const lines = createInterface({ input: child.stdout })
  lines.on('line', (line) => {
    try {
      settle(JSON.parse(line) as Answer, waiting)
    } catch (cause) {
      failAll(new Error(`not protocol on stdout: ${line}`, { cause }))
    }
  })
  lines.on('close', () => failAll(new Error('the server ended before it had answered')))
  let lastId = 0
  return (method, params) => {
    const id = ++lastId
    const answer = Promise.withResolvers<Result>()
    waiting.set(id, answer)
    send(child, { jsonrpc: '2.0', id, method, params })
    return answer.promise
  }
}

function settle({ id, result, error }: Answer, waiting: Map<number, PromiseWithResolvers<Result>>): void {
  if (id === undefined) return
  if (result) waiting.get(id)?.resolve(result)
  else waiting.get(id)?.reject(new Error(error?.message ?? 'neither a result nor an error'))
  waiting.delete(id)
}

function send(child: ChildProcess, message: object): void {
  child.stdin?.write(`${JSON.stringify(message)}\n`)
}
