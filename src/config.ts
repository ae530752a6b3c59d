import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { z } from 'zod'
import { SETTINGS, type Setting } from './config/settings.ts'
import { AppError } from './domain/errors.ts'
import { nearest } from './domain/nearest.ts'

export type { Toolset } from './config/settings.ts'

type Values = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['schema']> }
export type Config = Readonly<Omit<Values, 'dataDir'> & { dataDir: string }>

/** Reads the settings from the environment (flags override it), refusing a bad value by its variable's name. */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  overrides: Readonly<Record<string, string>> = {},
): Config {
  const values: Record<string, unknown> = {}
  for (const [key, setting] of Object.entries(SETTINGS)) {
    const { value, problem } = readSetting(setting, overrides[setting.variable] ?? env[setting.variable])
    if (problem) throw new AppError('INVALID_PARAMETER', problem.text, { suggestion: problem.mend })
    values[key] = value
  }
  const { dataDir, dbPath, ...rest } = values as Values
  checkRedis(rest)
  const folder = resolve(expandHome(dataDir ?? join(homedir(), '.agent-memory')))
  return Object.freeze({ ...rest, dataDir: folder, dbPath: resolve(folder, expandHome(dbPath)) })
}

/** What is wrong with one setting. */
export interface SettingProblem {
  /** False for a variable that nobody reads. */
  readonly isFatal: boolean
  readonly text: string
  readonly mend: string
}

/** All that is wrong with the settings at once, where `readConfig` stops at the first. */
export function checkSettings(
  env: Readonly<Record<string, string | undefined>> = process.env,
  overrides: Readonly<Record<string, string>> = {},
): SettingProblem[] {
  const known = Object.values<Setting>(SETTINGS)
  const given = { ...env, ...overrides }
  const bad = known.flatMap((setting) => readSetting(setting, given[setting.variable]).problem ?? [])
  const names = known.map(({ variable }) => variable)
  const strange = Object.keys(given).filter(
    (name) => name.startsWith('AGENT_MEMORY_') && !names.includes(name),
  )
  return [...bad, ...strange.map((name) => unknownSetting(name, names))]
}

function readSetting(
  { variable, schema, description, defaultText, isSecret }: Setting,
  text: string | undefined,
): { readonly value?: unknown; readonly problem?: SettingProblem } {
  const parsed = schema.safeParse(text === '' ? undefined : text)
  if (parsed.success) return { value: parsed.data }
  const reason = parsed.error.issues[0]?.message ?? 'not valid'
  const mend = `${description}. Default: ${defaultText || 'none'}.`
  return { problem: { isFatal: true, text: `${variable}=${isSecret ? '***' : text}: ${reason}.`, mend } }
}

function unknownSetting(name: string, names: readonly string[]): SettingProblem {
  const near = nearest(name, names)
  const mend = near === undefined ? 'Unset it, or see docs/reference/settings.md.' : `Did you mean ${near}?`
  return {
    isFatal: false,
    text: `${name.slice(0, 64)} is no setting of this version; it has no effect.`,
    mend,
  }
}

/** What the command line reads of the environment beside the settings: the terminal's, and where clients keep their files. */
const SHELL_VARIABLES = [
  'NO_COLOR',
  'COLUMNS',
  'TERM',
  'APPDATA',
  'LOCALAPPDATA',
  'XDG_CONFIG_HOME',
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
] as const
export type ShellEnv = Readonly<Partial<Record<(typeof SHELL_VARIABLES)[number], string>>>

export function readShellEnv(env: Readonly<Record<string, string | undefined>> = process.env): ShellEnv {
  return Object.fromEntries(
    SHELL_VARIABLES.flatMap((variable) => {
      const value = env[variable]
      return value === undefined ? [] : [[variable, value]]
    }),
  )
}

/** What single values cannot show: settings that make no sense together. */
function checkRedis(config: Omit<Values, 'dataDir' | 'dbPath'>): void {
  if (!config.redisEnabled) return
  const refuse = (variable: string, problem: string, suggestion: string) => {
    throw new AppError('INVALID_PARAMETER', `${variable}: ${problem}.`, { suggestion })
  }
  const { redisKeyPrefix: prefix, redisCluster: cluster, redisSentinels: sentinels } = config
  if (cluster && sentinels.length > 0)
    refuse(
      'AGENT_MEMORY_REDIS_CLUSTER',
      'a cluster has no sentinels',
      'Leave out AGENT_MEMORY_REDIS_SENTINELS, or this.',
    )
  if (cluster && !/\{[^}]+\}/.test(prefix))
    refuse(
      'AGENT_MEMORY_REDIS_KEY_PREFIX',
      'in a cluster all keys must be on one node, so the prefix needs a hash tag',
      'Set it to {agentmem}: for example.',
    )
  if (cluster && databaseOf(config) !== 0)
    refuse('AGENT_MEMORY_REDIS_DB', 'a cluster has only database 0', 'Leave it out.')
  if (sentinels.length > 0 && !config.redisSentinelName)
    refuse(
      'AGENT_MEMORY_REDIS_SENTINEL_NAME',
      'missing, while AGENT_MEMORY_REDIS_SENTINELS is set',
      "Set it to the master's name: redis-cli -p 26379 sentinel masters shows it.",
    )
  if (!cluster && sentinels.length === 0 && config.redisSentinelName)
    refuse(
      'AGENT_MEMORY_REDIS_SENTINELS',
      'missing, while AGENT_MEMORY_REDIS_SENTINEL_NAME is set',
      'List the sentinels.',
    )
}

function databaseOf({ redisUrl, redisDb }: Pick<Values, 'redisUrl' | 'redisDb'>): number {
  const path = redisUrl === undefined ? '' : new URL(redisUrl).pathname.slice(1)
  return path === '' ? redisDb : Number(path)
}

function expandHome(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : path
}
