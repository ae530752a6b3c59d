import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { HOOK_TOOL, HOOK_TOOL_INPUT } from '../../../domain/hooks/by-tool.ts'
import type { CommandIo } from '../io.ts'
import { claudeCode } from '../setup/clients/client-files.ts'
import { findProjectRoot } from '../setup/clients/locate.ts'
import { findProgram } from '../setup/clients/programs.ts'
import { envOf, isRecord, SERVER_NAME } from '../setup/entry.ts'
import type { CommandOptions } from './command.ts'

/** The first version that was seen to call a tool as a hook, also one that is in no list; one before it may drop all hooks of the file. */
const FIRST = [2, 1, 150] as const
/** The first that blocks where such a hook failsand is set to block. */
const FIRST_BLOCKING = [2, 1, 328] as const
const ANSWER_MS = 20_000

/** How the client calls our tool as a hook; undefined where it does not, or where another memory would answer. */
export async function hookTool(
  { env, failClosed }: CommandOptions,
  io: CommandIo,
): Promise<object | undefined> {
  if (!(await isOurServer(env, io))) return undefined
  const version = await versionOf(io)
  if (!version || isBefore(version, FIRST)) return undefined
  if (!failClosed) return toolHook({})
  return isBefore(version, FIRST_BLOCKING) ? undefined : toolHook({ failClosed })
}

export function toolHook({ failClosed = false }: { readonly failClosed?: boolean }): object {
  const input = { ...HOOK_TOOL_INPUT, ...(failClosed && { fail_closed: true }) }
  return {
    type: 'mcp_tool',
    server: SERVER_NAME,
    tool: HOOK_TOOL,
    input,
    ...(failClosed && { onFailure: 'block' }),
  }
}

/** Whether the client starts our server here, with the settings that the hooks are to have. */
async function isOurServer(env: CommandOptions['env'], io: CommandIo): Promise<boolean> {
  const root = await findProjectRoot(io.cwd)
  const users = await readJson(claudeCode(io)[0]?.file ?? '')
  const projects = recordIn(users, 'projects')
  const shared = await readJson(join(root, '.mcp.json'))
  const [entry] = [recordIn(projects, root), shared, users].flatMap((place) => {
    const servers = recordIn(place, 'mcpServers')
    return servers && isRecord(servers[SERVER_NAME]) ? [servers[SERVER_NAME]] : []
  })
  if (typeof entry?.['command'] !== 'string') return false
  const given = envOf({ command: entry['command'], args: entry['args'], env: entry['env'], others: {} })
  const names = new Set([
    ...Object.keys(env),
    ...Object.keys(given).filter((name) => /^AGENT_MEMORY_/.test(name)),
  ])
  return [...names].every((name) => env[name] === given[name])
}

async function versionOf(io: CommandIo): Promise<readonly number[] | undefined> {
  const program = await findProgram('claude', io)
  if (program === undefined) return undefined
  try {
    const { stdout } = await promisify(execFile)(program, ['--version'], { timeout: ANSWER_MS })
    const [, ...numbers] = /^(\d+)\.(\d+)\.(\d+)/.exec(stdout) ?? []
    return numbers.length === 3 ? numbers.map(Number) : undefined
  } catch {
    return undefined
  }
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  const at = version.findIndex((number, place) => number !== other[place])
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0)
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return undefined
  }
}

function recordIn(value: unknown, name: string): Record<string, unknown> | undefined {
  if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined
  const found = value[name]
  return isRecord(found) ? found : undefined
}
