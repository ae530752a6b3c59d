import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { plainText } from '../../domain/text/setting-text.ts'
import type { HookPlace } from './address.ts'
import type { HookQuestion } from './ask.ts'

// Also in the small program that a hook is: nothing heavy may be imported here.

type Env = Readonly<Record<string, string | undefined>>

/** How a hook was started: what its question and its server follow from. */
export interface HookStart {
  /** Behind `hook run`. */
  readonly words: readonly string[]
  readonly env: Env
  readonly cwd: string
  /** The program's main file. */
  readonly mainPath: string
}

/** What it asks a server. */
export function questionOf({ env, cwd }: HookStart, words: Words, payload: string): HookQuestion {
  return {
    client: words.client,
    event: words.event,
    payload,
    cwd,
    project_dir: env['CLAUDE_PROJECT_DIR'] || env['GEMINI_PROJECT_DIR'] || undefined,
    fail_closed: words.isClosed,
    client_pid: Number(env['CLAUDE_PID']) || undefined,
  }
}

/** Options with a value, and the setting that each stands for. */
export const SETTINGS: Readonly<Record<string, string>> = {
  '--data-dir': 'AGENT_MEMORY_DATA_DIR',
  '--db-path': 'AGENT_MEMORY_DB_PATH',
  '--project': 'AGENT_MEMORY_PROJECT',
  '--agent-id': 'AGENT_MEMORY_AGENT_ID',
}

export interface Words {
  readonly event: string | undefined
  readonly client: string | undefined
  readonly isClosed: boolean
  readonly settings: Env
}

/** Of the words behind `hook run`; undefined for a line that is not as `hook install` writes it. */
export function wordsIn(argv: readonly string[]): Words | undefined {
  const given = new Map<string, string>()
  for (let at = 0; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const takesValue = word === '--client' || Object.hasOwn(SETTINGS, word)
    const name = word.startsWith('-') ? word : 'event'
    const value = takesValue ? argv[++at] : word
    const isKnown = takesValue || name === '--fail-closed' || name === 'event'
    if (!isKnown || value === undefined || given.has(name)) return undefined
    given.set(name, value)
  }
  const settings = Object.entries(SETTINGS).map(
    ([option, variable]) => [variable, given.get(option)] as const,
  )
  return {
    event: given.get('event'),
    client: given.get('--client'),
    isClosed: given.has('--fail-closed'),
    settings: Object.fromEntries(settings),
  }
}

/** Where the memory is that a hook started so is about. */
export function placeOf({ env, mainPath }: HookStart, settings: Env): HookPlace {
  const given = (name: string) => plainText(settings[name] || env[name] || '', false) || undefined
  const home = homeIn(env)
  const dataDir = resolve(expanded(given('AGENT_MEMORY_DATA_DIR') ?? join(home, '.agent-memory'), home))
  const dbPath = resolve(dataDir, expanded(given('AGENT_MEMORY_DB_PATH') ?? 'memory.db', home))
  const [project, agentId] = [given('AGENT_MEMORY_PROJECT'), given('AGENT_MEMORY_AGENT_ID')]
  return { dataDir, dbPath, project, agentId, env, mainPath }
}

function expanded(path: string, home: string): string {
  return path === '~' || path.startsWith('~/') ? join(home, path.slice(1)) : path
}

function homeIn(env: Env): string {
  return (process.platform !== 'win32' && env['HOME']) || homedir() || userInfo().homedir
}
