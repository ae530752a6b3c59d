import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'

// Also in the small program that a hook is: nothing heavy may be imported here.

/** Where the small program leaves what it has read of stdin, for the whole one. */
export const HOOK_STDIN = Symbol.for('agent-memory.hook-stdin')

/** What a hook and a server must have in common for one to answer the other. */
export interface HookPlace {
  /** Absolute. */
  readonly dataDir: string
  /** Absolute. */
  readonly dbPath: string
  readonly project: string | undefined
  readonly agentId: string | undefined
  /** Of the settings the variables that say where the memory is, and how hooks behave. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** The running program's main file: one of another build does not count. */
  readonly mainPath: string
}

/** A socket's path holds no more on some systems; there none is used. */
const MOST_BYTES = 103

/** Where a process listens; undefined where it cannot. The parent in the name tells a client's own server from others. */
export function socketPath(
  place: HookPlace,
  { pid, ppid }: { readonly pid: number; readonly ppid: number },
): string | undefined {
  // Right beside the database: a program that empties the folder file by file meets no other folder.
  const path = join(place.dataDir, `${prefixOf(place)}${ppid}-${pid}.sock`)
  return process.platform !== 'win32' && Buffer.byteLength(path) <= MOST_BYTES ? path : undefined
}

/** The sockets that a hook may ask, those of servers that this parent started first. */
export function socketsAt(place: HookPlace, parent: number | undefined): readonly string[] {
  const prefix = prefixOf(place)
  try {
    const names = readdirSync(place.dataDir).filter((name) => name.startsWith(prefix))
    const isOwn = (name: string) => name.startsWith(`${prefix}${parent}-`)
    return names
      .toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
      .map((name) => join(place.dataDir, name))
  } catch {
    return []
  }
}

/** Whether the server of this socket was started with the same settings, from the same build. */
export function isSocketOf(path: string, place: HookPlace): boolean {
  return basename(path).startsWith(prefixOf(place))
}

function prefixOf({ dataDir, dbPath, project, agentId, env, mainPath }: HookPlace): string {
  const settings = Object.entries(env)
    .filter(([name, value]) => /^AGENT_MEMORY_(DB_TYPE|PG_|REDIS_|HOOK_)/.test(name) && value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = [dataDir, dbPath, project ?? '', agentId ?? '', settings, mainPath, builtAt(mainPath)]
  return `hook-${shortHash(JSON.stringify(parts))}-`
}

/** FNV-1a in two halves: loading the cryptographic ones takes a third of a hook's time, and nothing is kept secret by it. */
function shortHash(text: string): string {
  let [low, high] = [0x811c9dc5, 0x01000193]
  for (const byte of Buffer.from(text)) {
    low = Math.imul(low ^ byte, 0x01000193)
    high = Math.imul(high ^ byte, 0x85ebca6b) ^ (low >>> 16)
  }
  return [low, high].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('')
}

function builtAt(mainPath: string): number {
  try {
    return statSync(mainPath).mtimeMs
  } catch {
    return 0
  }
}
