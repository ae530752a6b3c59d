import { isDeepStrictEqual } from 'node:util'
import { type FoundEntry, isRecord, SERVER_NAME, type ServerEntry } from '../entry.ts'

/** How a client spells an entry. */
export interface EntryShape {
  /** What every entry says beside: ours when it is new, the user's afterwards. */
  readonly fixed: Readonly<Record<string, unknown>>
  /** The table in the entry that holds command and settings, where they are not the entry's own. */
  readonly within?: string
  /** The table of settings or, of a remote server, of the headers of requests. */
  readonly env: string
  /** The field that holds the address of a remote server, in place of a command. */
  readonly address?: string
  /** Command and arguments are one list. */
  readonly isOneList?: true
  /** What lets the client use the tools without asking, where that stands in the entry. */
  readonly allow?: Readonly<Record<string, unknown>>
  /** The lines without which the client does not take a file that we make. */
  readonly newFile?: readonly string[]
}

export const PLAIN: EntryShape = { fixed: {}, env: 'env' }
/** For clients that want the transport spelled out. */
export const TYPED: EntryShape = { fixed: { type: 'stdio' }, env: 'env' }
/** Clients of Gemini CLI's family trust a server by its entry. */
export const TRUSTING: EntryShape = { ...PLAIN, allow: { trust: true } }
export const CODEX: EntryShape = { ...PLAIN, allow: { default_tools_approval_mode: 'approve' } }
export const COPILOT: EntryShape = { fixed: { tools: ['*'], type: 'local' }, env: 'env' }
export const OPENCODE: EntryShape = { fixed: { type: 'local' }, env: 'environment', isOneList: true }
export const CLINE: EntryShape = { fixed: { transport: { type: 'stdio' } }, within: 'transport', env: 'env' }
/** In its list of servers each says its name. */
export const CONTINUE: EntryShape = {
  fixed: { name: SERVER_NAME, type: 'stdio' },
  env: 'env',
  newFile: ['name: Local Config', 'version: 1.0.0', 'schema: v1'],
}

/** Path in an entry, and what is to stand there. */
export type Field = readonly [path: readonly string[], value: unknown]

/** A whole new entry. */
export function renderEntry(entry: ServerEntry, shape: EntryShape): Record<string, unknown> {
  const { env, extra = {} } = entry
  const settings = Object.keys(env).length > 0 ? { [shape.env]: env } : {}
  const own = { ...startFields(entry, shape), ...settings }
  if (shape.within === undefined) return { ...shape.fixed, ...own, ...extra }
  const fixed = shape.fixed[shape.within]
  return { ...shape.fixed, [shape.within]: { ...(isRecord(fixed) && fixed), ...own }, ...extra }
}

/** What an entry that is there must say, but for its settings. */
export function startOf(entry: ServerEntry, shape: EntryShape, found: Record<string, unknown>): Field[] {
  const fields = Object.entries(startFields(entry, shape)).map(([name, value]): Field => {
    return [[...inside(found, shape), name], value]
  })
  return [...fields, ...Object.entries(entry.extra ?? {}).map(([name, value]): Field => [[name], value])]
}

/** Where its settings stand. */
export function pathOfEnv(shape: EntryShape, found: Record<string, unknown>): string[] {
  return [...inside(found, shape), shape.env]
}

/** Reads an entry in the client's spelling. */
export function foundIn(value: Record<string, unknown>, shape: EntryShape): FoundEntry {
  const [within] = inside(value, shape)
  const inner = within === undefined ? value : value[within]
  const { command, args, [shape.env]: env, ...rest } = asCommand(isRecord(inner) ? inner : {}, shape)
  const outer = within === undefined ? {} : { ...value, [within]: undefined }
  const words: readonly unknown[] = Array.isArray(command) ? command : []
  const start = shape.isOneList ? { command: words[0], args: words.slice(1) } : { command, args }
  return { ...start, env, others: others({ ...outer, ...rest }, shape) }
}

/** The address of a remote server counts as its command. */
function asCommand(found: Record<string, unknown>, { address }: EntryShape): Record<string, unknown> {
  if (address === undefined) return found
  const { [address]: command, ...rest } = found
  return { ...rest, command, args: [] }
}

/** An entry may have been written flat by another version of the client. */
function inside(found: Record<string, unknown>, { within }: EntryShape): string[] {
  return within !== undefined && isRecord(found[within]) ? [within] : []
}

function startFields(
  { command, args }: ServerEntry,
  { isOneList, address }: EntryShape,
): Record<string, unknown> {
  if (address !== undefined) return { [address]: command }
  return isOneList ? { command: [command, ...args] } : { command, args }
}

/** Fields beyond those that we write. */
function others(rest: Record<string, unknown>, { fixed, within }: EntryShape): Record<string, unknown> {
  const inner = within === undefined ? undefined : fixed[within]
  const expected = { ...fixed, ...(isRecord(inner) && inner) }
  const strange = Object.entries(rest).filter(
    ([name, value]) => value !== undefined && !isDeepStrictEqual(value, expected[name]),
  )
  return Object.fromEntries(strange)
}
