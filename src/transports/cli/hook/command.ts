import type { CommandIo } from '../io.ts'
import { stableNodePath } from '../setup/node-path.ts'
import type { HookGroup } from './hook-editor.ts'
import type { InstallClient } from './install-clients.ts'

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
    await stableNodePath(io.nodePath),
    io.mainPath,
    'hook',
    'run',
    '--client',
    client,
    ...(failClosed ? ['--fail-closed'] : []),
    ...options,
  ]
  return words.map((word) => quoted(word, io.platform)).join(' ')
}

/** Whether a command starts a hook of ours for this client, whatever its paths and settings. */
export function isOwnCommand(client: string): (command: string) => boolean {
  const words = new RegExp(`(main\\.[jt]s|agent-memory)["']? hook run --client ${client}(?![\\w-])`)
  return (command) => words.test(command)
}

/** The groups of a client, each with the command. */
export function wantedGroups({ hooks }: InstallClient, command: string): readonly HookGroup[] {
  return hooks.map(({ event, matcher, timeout }) => ({
    event,
    group: {
      ...(matcher !== undefined && { matcher }),
      hooks: [{ type: 'command', command, ...(timeout !== undefined && { timeout }) }],
    },
  }))
}

function quoted(word: string, platform: NodeJS.Platform): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  return platform === 'win32' ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", "'\\''")}'`
}
