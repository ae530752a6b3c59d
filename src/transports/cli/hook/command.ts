import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { HOOK_TOOL } from '../../../domain/hooks/by-tool.ts'
import type { CommandIo } from '../io.ts'
import { stableNodePath } from '../setup/clients/node-path.ts'
import type { HookGroup } from './hook-editor.ts'
import type { SettingsClient } from './install-clients.ts'

/** The settings that a hook's command repeats as options; the rest goes through `env`. */
const OPTIONS: Readonly<Record<string, string>> = {
  AGENT_MEMORY_DATA_DIR: '--data-dir',
  AGENT_MEMORY_DB_PATH: '--db-path',
  AGENT_MEMORY_PROJECT: '--project',
  AGENT_MEMORY_AGENT_ID: '--agent-id',
}

export interface CommandOptions {
  /** Variables of the hook's process. */
  readonly env: Readonly<Record<string, string>>
  readonly failClosed: boolean
}

type Machine = Pick<CommandIo, 'nodePath' | 'mainPath' | 'platform'>

/** What a client is to run, as one line for a shell. */
export async function hookCommand(
  client: string,
  { env, failClosed }: CommandOptions,
  io: Machine,
): Promise<string> {
  const options = Object.entries(env).flatMap(([name, value]) => {
    const option = OPTIONS[name]
    return option === undefined ? [] : [option, value]
  })
  const variables = Object.entries(env).flatMap(([name, value]) =>
    Object.hasOwn(OPTIONS, name) ? [] : `${name}=${value}`,
  )
  const words = [
    ...(variables.length > 0 ? ['env', ...variables] : []),
    ...hookProgram(await stableNodePath(io.nodePath), io),
    'hook',
    'run',
    '--client',
    client,
    ...(failClosed ? ['--fail-closed'] : []),
    ...options,
  ]
  return words.map((word) => quoted(word, io.platform)).join(' ')
}

/** What stands beside the built program: a shell's script, or a small program, that asks a server which runs. */
function hookProgram(node: string, { mainPath, platform }: Machine): readonly string[] {
  const [script, small] = ['hook.sh', 'hook.cjs'].map((name) => join(dirname(mainPath), name))
  if (!script || !small || basename(mainPath) !== 'main.js' || !existsSync(script)) return [node, mainPath]
  return platform === 'win32' ? [node, small] : ['sh', script, node]
}

/** Whether a hook is one of ours for this client, whatever its paths and settings. */
export function isOwnHook(client: string): (hook: Readonly<Record<string, unknown>>) => boolean {
  const words = new RegExp(
    `(main\\.[jt]s|hook\\.cjs|hook\\.sh["']? .+|agent-memory)["']? hook run --client ${client}(?![\\w-])`,
  )
  return ({ type, tool, ...commands }) =>
    type === 'mcp_tool'
      ? tool === HOOK_TOOL
      : ['command', 'bash', 'powershell'].some((name) => words.test(String(commands[name])))
}

export interface WantedCommand {
  readonly command: string
  readonly tool: object | undefined
  readonly platform: NodeJS.Platform
}

/** The groups of a client, each with the command, or with the tool where there is one and it can be called then. */
export function wantedGroups(
  { hooks, isFlat }: SettingsClient,
  { command, tool, platform }: WantedCommand,
): readonly HookGroup[] {
  return hooks.map(({ event, matcher, timeout, byTool, isNamed }) => {
    const line = isNamed ? `${command} ${event}` : command
    if (isFlat)
      return { event, group: { type: 'command', [platform === 'win32' ? 'powershell' : 'bash']: line } }
    const hook = byTool && tool ? tool : { type: 'command', command: line }
    return {
      event,
      group: {
        ...(matcher !== undefined && { matcher }),
        hooks: [{ ...hook, ...(timeout !== undefined && { timeout }) }],
      },
    }
  })
}

function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return platform === 'win32' ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", "'\\''")}'`
}
