import { nearest } from '../../../domain/nearest.ts'
import { missingValue, UsageError } from './usage-error.ts'

/** Flags that every command takes: they override the environment. */
export const GLOBAL_FLAGS: Readonly<Record<string, { readonly variable: string; readonly value: string }>> = {
  'data-dir': { variable: 'AGENT_MEMORY_DATA_DIR', value: 'FOLDER' },
  'db-path': { variable: 'AGENT_MEMORY_DB_PATH', value: 'FILE' },
  project: { variable: 'AGENT_MEMORY_PROJECT', value: 'NAME' },
  'agent-id': { variable: 'AGENT_MEMORY_AGENT_ID', value: 'ID' },
  'log-level': { variable: 'AGENT_MEMORY_LOG_LEVEL', value: 'LEVEL' },
  toolsets: { variable: 'AGENT_MEMORY_TOOLSETS', value: 'LIST' },
}

/** The values by variable, as `readConfig` takes them. */
export type Overrides = Readonly<Record<string, string>>

interface Taken {
  readonly overrides: Overrides
  readonly rest: string[]
}

/** The global flags before the command's own word. */
export function takeLeading(argv: readonly string[]): Taken {
  const at = argv.findIndex((arg, index) => !isGlobalFlag(arg) && !isValue(argv, index))
  const end = at === -1 ? argv.length : at
  return { overrides: takeAll(argv.slice(0, end)).overrides, rest: argv.slice(end) }
}

/** The global flags anywhere before `--`. */
export function takeAll(argv: readonly string[]): Taken {
  const overrides: Record<string, string> = {}
  const rest: string[] = []
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? ''
    if (arg === '--') return { overrides, rest: [...rest, ...argv.slice(at)] }
    const [name, given] = split(arg)
    const flag = name === undefined ? undefined : GLOBAL_FLAGS[name]
    if (!flag) {
      rest.push(arg)
      continue
    }
    const value = given ?? argv[++at]
    if (value === undefined) throw missingValue(`--${name}`)
    overrides[flag.variable] = value
  }
  return { overrides, rest }
}

/** An option that nobody knows, with the nearest of those that are known. */
export function unknownFlag(flag: string, known: readonly string[], help: string): UsageError {
  const near = nearest(flag.replace(/^-+/, ''), known)
  const suggestion = near === undefined ? help : `Did you mean --${near}? ${help}`
  return new UsageError('UNKNOWN_PARAMETER', `Unknown option ${flag.slice(0, 64)}.`, suggestion)
}

function isGlobalFlag(arg: string): boolean {
  const [name] = split(arg)
  return name !== undefined && Object.hasOwn(GLOBAL_FLAGS, name)
}

function isValue(argv: readonly string[], index: number): boolean {
  const before = argv[index - 1]
  if (before === undefined || before.includes('=') || !isGlobalFlag(before)) return false
  return !isValue(argv, index - 1)
}

function split(arg: string): [name?: string, value?: string] {
  const [, name, value] = /^--([a-z-]+)(?:=([\s\S]*))?$/.exec(arg) ?? []
  if (name === undefined) return []
  return value === undefined ? [name] : [name, value]
}
