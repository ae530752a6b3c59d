import { AppError } from '../../../domain/errors.ts'

/** The name under which every client knows the server. */
export const SERVER_NAME = 'agent-memory'

/** How a client starts the server over stdio. */
export interface ServerEntry {
  /** Only for clients that want the transport spelled out. */
  readonly type?: 'stdio'
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

interface EntryOptions {
  readonly platform: NodeJS.Platform
  /** Absolute path of the running node. */
  readonly nodePath: string
  /** Absolute path of the program's main file. */
  readonly mainPath: string
  readonly env: Readonly<Record<string, string>>
  readonly withType: boolean
  /** Asked for on the command line: an entry without paths of this machine. */
  readonly npx: boolean
}

/** The entry to write: absolute paths, because a client started from a desktop has no shell's PATH; npx where npx runs us. */
export function buildEntry(options: EntryOptions): ServerEntry {
  const start =
    options.npx || isNpxCache(options.mainPath) ? npxCommand(options.platform) : nodeCommand(options)
  return { ...(options.withType && { type: 'stdio' as const }), ...start, env: options.env }
}

/** What the file has under our name, as far as we can read it. */
export interface FoundEntry {
  readonly command: unknown
  readonly args: unknown
  readonly env: Readonly<Record<string, unknown>>
  /** Names of fields beyond those that we write. */
  readonly otherFields: readonly string[]
}

/** Reads the value under our name; refuses what is no local server, since it is not ours to overwrite. */
export function readEntry(value: unknown, where: string): FoundEntry {
  if (!isRecord(value)) throw notOurs(`${where} is not a server entry`)
  const { command, args, env, type, ...rest } = value
  if ('url' in rest || 'serverUrl' in rest || (type !== undefined && type !== 'stdio')) {
    throw notOurs(`${where} is a remote server`)
  }
  if (env !== undefined && !isRecord(env))
    throw notOurs(`${where} has an env that is not a table of names and values`)
  return { command, args, env: env ?? {}, otherFields: Object.keys(rest) }
}

/** Whether the file already starts the server as wanted. Environment values beyond the wanted ones are the user's own. */
export function isSameEntry(found: FoundEntry, wanted: ServerEntry): boolean {
  return (
    found.command === wanted.command &&
    isSameList(found.args, wanted.args) &&
    Object.entries(wanted.env).every(([name, value]) => found.env[name] === value)
  )
}

/** The entry of the file as one that could have been written by us, or undefined if it has more than we write. */
export function asOwnEntry(found: FoundEntry, withType: boolean): ServerEntry | undefined {
  const { command, args, env, otherFields } = found
  if (otherFields.length > 0 || typeof command !== 'string' || !isStringList(args)) return undefined
  const values = Object.entries(env).filter((pair): pair is [string, string] => typeof pair[1] === 'string')
  if (values.length !== Object.keys(env).length) return undefined
  return { ...(withType && { type: 'stdio' as const }), command, args, env: Object.fromEntries(values) }
}

/** Whether an entry starts this program, whatever its paths: one from an earlier run of setup, as a rule. */
export function startsThisProgram(found: FoundEntry): boolean {
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
