import { isDeepStrictEqual } from 'node:util'
import { AppError } from '../../../domain/errors.ts'

/** The name under which every client knows the server. */
export const SERVER_NAME = 'agent-memory'

/** How a client starts the server over stdio. */
export interface ServerEntry {
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Fields that only some clients know, such as one that lets them use the tools without asking. */
  readonly extra?: Readonly<Record<string, unknown>>
}

interface EntryOptions {
  readonly platform: NodeJS.Platform
  /** Absolute path of the running node. */
  readonly nodePath: string
  /** Absolute path of the program's main file. */
  readonly mainPath: string
  readonly env: Readonly<Record<string, string>>
  readonly extra: Readonly<Record<string, unknown>> | undefined
  /** Asked for on the command line: an entry without paths of this machine. */
  readonly npx: boolean
}

/** The entry to write: absolute paths, because a client started from a desktop has no shell's PATH; npx where npx runs us. */
export function buildEntry(options: EntryOptions): ServerEntry {
  const start =
    options.npx || isNpxCache(options.mainPath) ? npxCommand(options.platform) : nodeCommand(options)
  return { ...start, env: options.env, ...(options.extra && { extra: options.extra }) }
}

/** What the file has under our name, as far as we can read it. */
export interface FoundEntry {
  readonly command: unknown
  readonly args: unknown
  readonly env: unknown
  /** Fields beyond those that we write. */
  readonly others: Readonly<Record<string, unknown>>
}

const LOCAL_TYPES: readonly unknown[] = [undefined, 'stdio', 'local']

/** Takes the value under our name as one that may be changed; refuses what is no local server, since it is not ours to overwrite. */
export function requireLocal(value: unknown, where: string): Record<string, unknown> {
  if (!isRecord(value)) throw notOurs(`${where} is not a server entry`)
  const { transport } = value
  const parts = isRecord(transport) ? [value, transport] : [value]
  const isRemote = parts.some(
    (part) =>
      ['url', 'serverUrl', 'httpUrl'].some((name) => name in part) || !LOCAL_TYPES.includes(part['type']),
  )
  if (isRemote) throw notOurs(`${where} is a remote server`)
  for (const env of parts.flatMap((part) => [part['env'], part['environment']]))
    if (env !== undefined && !isRecord(env))
      throw notOurs(`${where} has an env that is not a table of names and values`)
  return value
}

/** Takes the value under our name as one of the kind that is to be written. */
export function requireKind(value: unknown, where: string, isRemote: boolean): Record<string, unknown> {
  if (!isRemote) return requireLocal(value, where)
  if (isRecord(value) && isRemoteEntry(value)) return value
  throw new AppError('ALREADY_EXISTS', `${where} starts a program; it was left as it is.`, {
    suggestion: `Take it out first: agent-memory setup CLIENT --undo. Then run setup with --url again.`,
  })
}

function isRemoteEntry(value: Record<string, unknown>): boolean {
  const { transport } = value
  const parts = isRecord(transport) ? [value, transport] : [value]
  return parts.some((part) => ['url', 'serverUrl', 'httpUrl'].some((name) => typeof part[name] === 'string'))
}

/** Whether the file already starts the server as wanted. Environment values beyond the wanted ones are the user's own. */
export function isSameEntry(found: FoundEntry, wanted: ServerEntry): boolean {
  return (
    isSameStart(found, wanted) &&
    Object.entries(wanted.env).every(([name, value]) => envOf(found)[name] === value) &&
    Object.entries(wanted.extra ?? {}).every(([name, value]) => isDeepStrictEqual(found.others[name], value))
  )
}

/** The same program, whatever its settings. */
export function isSameStart(found: FoundEntry, wanted: ServerEntry): boolean {
  return found.command === wanted.command && isSameList(found.args, wanted.args)
}

export function envOf({ env }: FoundEntry): Readonly<Record<string, unknown>> {
  return isRecord(env) ? env : {}
}

/** The entry of the file as one that could have been written by us, or undefined if it has more than we write. */
export function asOwnEntry(
  found: FoundEntry,
  allow: Readonly<Record<string, unknown>> = {},
): ServerEntry | undefined {
  const { command, args, others } = found
  if (Object.keys(others).some((name) => !isDeepStrictEqual(others[name], allow[name]))) return undefined
  if (typeof command !== 'string' || !isStringList(args)) return undefined
  const values = Object.entries(envOf(found)).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  )
  if (values.length !== Object.keys(envOf(found)).length) return undefined
  const extra = Object.keys(others).length > 0 ? { extra: others } : {}
  return { command, args, env: Object.fromEntries(values), ...extra }
}

/** Whether an entry starts this program, whatever its paths: one from an earlier run of setup, as a rule. */
export function startsThisProgram(found: FoundEntry): boolean {
  if (typeof found.command === 'string' && /^https?:.*\/mcp$/.test(found.command)) return true
  if (!isStringList(found.args) || found.args.at(-1) !== 'mcp') return false
  return found.args.some((arg) => arg === SERVER_NAME || /[\\/]main\.[jt]s$/.test(arg))
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isNpxCache(mainPath: string): boolean {
  return /[\\/]_npx[\\/]/.test(mainPath)
}

/** On Windows npx is a script, which not every client can start without the shell. */
function npxCommand(platform: NodeJS.Platform): Pick<ServerEntry, 'command' | 'args'> {
  const args = ['-y', SERVER_NAME, 'mcp']
  return platform === 'win32' ? { command: 'cmd', args: ['/c', 'npx', ...args] } : { command: 'npx', args }
}

function nodeCommand(options: EntryOptions): Pick<ServerEntry, 'command' | 'args'> {
  return { command: options.nodePath, args: [options.mainPath, 'mcp'] }
}

function notOurs(what: string): AppError {
  return new AppError('ALREADY_EXISTS', `${what}; it was left as it is.`, {
    suggestion: `Rename or remove the entry "${SERVER_NAME}" there by hand, then run setup again.`,
  })
}

function isStringList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isSameList(value: unknown, wanted: readonly string[]): boolean {
  return (
    isStringList(value) && value.length === wanted.length && value.every((item, at) => item === wanted[at])
  )
}
