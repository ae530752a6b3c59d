import { join, resolve } from 'node:path'
import { contradictions } from './config/contradictions.ts'
import { atHome } from './config/paths.ts'
import type { Setting, SettingGroup } from './config/setting.ts'
import { GROUPS, SETTINGS, type SettingValues } from './config/settings.ts'
import { type TracingSettings, tracingOf } from './config/tracing.ts'
import { unexpandedVariable } from './config/unexpanded.ts'
import { AppError } from './domain/errors.ts'
import { HOOK_CLIENTS } from './domain/hooks/clients.ts'
import { homeFolder } from './domain/places/home-folder.ts'
import { nearest } from './domain/text/nearest.ts'
import { keepSecrets, masked, secretsIn } from './domain/text/secrets.ts'
import { plainText } from './domain/text/setting-text.ts'

export type Config = Readonly<Omit<SettingValues, 'dataDir'> & { dataDir: string }>

type Env = Readonly<Record<string, string | undefined>>

/** How requests are traced, by OpenTelemetry's own variables; undefined where they are not. */
export function readTracing(env: Env = process.env): TracingSettings | undefined {
  return tracingOf(env)
}

/**
 * Reads the settings from the environment, refusing a bad value by its variable's name. Flags override it; what it
 * leaves open is as in `defaults`.
 */
export function readConfig(
  env: Env = process.env,
  overrides: Readonly<Record<string, string>> = {},
  defaults: Readonly<Record<string, string>> = {},
): Config {
  const { values, problems } = readSettings({ ...defaults, ...env, ...overrides })
  const [problem] = problems
  if (problem) throw new AppError('INVALID_PARAMETER', problem.text, { suggestion: problem.mend })
  const { dataDir, dbPath, ...rest } = values
  const folder = resolve(atHome(dataDir ?? join(homeFolder(), '.agent-memory')))
  return Object.freeze({ ...rest, dataDir: folder, dbPath: resolve(folder, atHome(dbPath)) })
}

/** What is wrong with one setting. */
export interface SettingProblem {
  /** False for a variable that no part of the program reads. */
  readonly isFatal: boolean
  readonly text: string
  readonly mend: string
}

/** All that is wrong with the settings at once, where `readConfig` stops at the first. */
export function checkSettings(
  env: Env = process.env,
  overrides: Readonly<Record<string, string>> = {},
): SettingProblem[] {
  const given = { ...env, ...overrides }
  return [...readSettings(given).problems, ...unreadSettings(given)]
}

/** Variables that are given and that no part of the program reads. */
export function unreadSettings(given: Env = process.env): SettingProblem[] {
  return [
    ...Object.keys(given).flatMap(unknownSetting),
    ...(given['AGENT_MEMORY_DB_TYPE'] === 'postgresql' ? unreadOfLibpq(given) : []),
  ]
}

/** Variables by which other programs find PostgreSQL, and what says the same here. */
const UNREAD_OF_LIBPQ: Readonly<Record<string, string>> = {
  PGHOST: 'AGENT_MEMORY_PG_HOST',
  PGHOSTADDR: 'AGENT_MEMORY_PG_HOST',
  PGPORT: 'AGENT_MEMORY_PG_PORT',
  PGUSER: 'AGENT_MEMORY_PG_USER',
  PGDATABASE: 'AGENT_MEMORY_PG_DATABASE',
  PGSERVICE: 'AGENT_MEMORY_PG_URL',
  PGTARGETSESSIONATTRS: 'several hosts in AGENT_MEMORY_PG_URL',
  PGSSLROOTCERT: '?sslrootcert= in AGENT_MEMORY_PG_URL',
  PGSSLCERT: '?sslcert= in AGENT_MEMORY_PG_URL',
  PGSSLKEY: '?sslkey= in AGENT_MEMORY_PG_URL',
}

function unreadOfLibpq(given: Env): SettingProblem[] {
  return Object.entries(UNREAD_OF_LIBPQ).flatMap(([name, ours]) =>
    given[name]
      ? [
          {
            isFatal: false,
            text: `${name} is set and has no effect here.`,
            mend: `Set ${ours} where it is meant.`,
          },
        ]
      : [],
  )
}

function readSettings(given: Env): { values: SettingValues; problems: SettingProblem[] } {
  // Before anything can go wrong: what is refused is named with its value.
  keepSecrets(secretsIn(given))
  const problems: SettingProblem[] = []
  const valuesOf = (group: SettingGroup) =>
    Object.fromEntries(
      Object.entries(group).map(([key, setting]) => {
        const { value, problem } = readSetting(setting, given[setting.variable])
        if (problem) problems.push(problem)
        return [key, value]
      }),
    )
  const { general, ...groups } = GROUPS
  const top = valuesOf(general)
  const parts = Object.entries<SettingGroup>(groups).map(([name, group]) => [name, valuesOf(group)])
  const values = { ...top, ...Object.fromEntries(parts) } as SettingValues
  if (problems.length > 0) return { values, problems }
  return { values, problems: contradictions(values).map((found) => ({ isFatal: true, ...found })) }
}

function readSetting(
  { variable, schema, description, defaultText, isSecret }: Setting,
  given: string | undefined,
): { readonly value?: unknown; readonly problem?: SettingProblem } {
  const text = given === undefined ? undefined : plainText(given, isSecret)
  const parsed = parsedIn(schema, text === '' ? undefined : text)
  const variableIn = unexpandedVariable(text ?? '', isSecret)
  if (variableIn !== undefined) {
    const shown = isSecret ? '***' : text
    const problem = masked(`${variable}=${shown}: ${isSecret ? 'a variable' : variableIn} was not expanded.`)
    const mend = `Write the value itself: what starts the server does not know this variable. ${description}.`
    return { problem: { isFatal: true, text: problem, mend } }
  }
  if (parsed.success) return { value: parsed.data }
  const reason = parsed.error.issues[0]?.message ?? 'not valid'
  const mend = `${description}. Default: ${defaultText || 'none'}.`
  return {
    problem: { isFatal: true, text: masked(`${variable}=${isSecret ? '***' : text}: ${reason}.`), mend },
  }
}

/** Listed words count in any case. */
function parsedIn(schema: Setting['schema'], text: string | undefined) {
  const parsed = schema.safeParse(text)
  const isWord = parsed.error?.issues[0]?.code === 'invalid_value'
  return isWord && text !== undefined ? schema.safeParse(text.toLowerCase()) : parsed
}

/** With what it may mean, where its name looks like one of ours. */
function unknownSetting(name: string): SettingProblem[] {
  const isKnown = SETTINGS.some(({ variable }) => variable === name)
  if (isKnown || !LIKE_OURS.test(name)) return []
  const near = meantSettings(name.toUpperCase().replace(LIKE_OURS, ''))
  const list = near.map((each) => `AGENT_MEMORY_${each}`).join(' or ')
  const mend = list === '' ? 'Unset it, or see docs/reference/settings.md.' : `Did you mean ${list}?`
  const text = `${name.slice(0, 64)} is no setting of this version; it has no effect.`
  return [{ isFatal: false, text, mend }]
}

const LIKE_OURS = /^agent[_-]?memory_/i
const MOST_MEANT = 3

/** Names without their common beginning: those that hold the word or that it goes on from, else the nearest. */
function meantSettings(given: string): string[] {
  const names = SETTINGS.map(({ variable }) => variable.replace(LIKE_OURS, ''))
  const word = given.replace(/^(POSTGRES(QL)?|DATABASE)_/, 'PG_')
  if (names.includes(word)) return [word]
  const alike = names.filter((name) => name.includes(word) || word.startsWith(name))
  if (alike.length > 0 && alike.length <= MOST_MEANT) return alike
  const near = nearest(word, names)
  return near === undefined ? [] : [near]
}

/** The settings that the environment gives, as they stand there: for the entries of clients, and for what says what they lack. */
export function givenSettings(env: Env = process.env): Readonly<Record<string, string>> {
  const given = SETTINGS.map(({ variable }) => [variable, env[variable]] as const)
  return Object.fromEntries(given.filter((pair): pair is [string, string] => Boolean(pair[1])))
}

/** Whether no file may get its value without being asked for. */
export function isSecretSetting(name: string): boolean {
  return SETTINGS.some(({ variable, isSecret }) => isSecret && variable === name)
}

/** What the command line reads of the environment beside the settings: the terminal's, and where clients and their files are. */
const SHELL_VARIABLES = [
  'NO_COLOR',
  'FORCE_COLOR',
  'COLUMNS',
  'TERM',
  'APPDATA',
  'LOCALAPPDATA',
  'XDG_CONFIG_HOME',
  'CLAUDE_CONFIG_DIR',
  'CODEX_HOME',
  'GEMINI_CLI_HOME',
  'PATH',
  'PATHEXT',
] as const
export type ShellEnv = Readonly<Partial<Record<(typeof SHELL_VARIABLES)[number], string>>>

export function readShellEnv(env: Readonly<Record<string, string | undefined>> = process.env): ShellEnv {
  return Object.fromEntries(
    SHELL_VARIABLES.flatMap((variable) => {
      const value = variable === 'PATH' ? (env['PATH'] ?? env['Path']) : env[variable]
      return value === undefined ? [] : [[variable, value]]
    }),
  )
}

/** The variables of ours as they are, by which a hook finds a server with the same memory; and the client's session and folder, where it says so. */
export function readHookEnv(env: Env = process.env): Env {
  const told = ['CLAUDE_PROJECT_DIR', ...HOOK_CLIENTS.flatMap(({ sessionVariable }) => sessionVariable ?? [])]
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => name.startsWith('AGENT_MEMORY_') || told.includes(name)),
  )
}
