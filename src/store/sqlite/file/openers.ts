import { existsSync, readFileSync, statSync } from 'node:fs'

// SQLite's locks on the shared memory of a WAL database: every connection holds the last of these bytes, a writer the first.
// https://www.sqlite.org/walformat.html#wal_locks
const OPEN_BYTE = 128
const WRITE_BYTE = 120

/** The processes that have a database open at this moment. */
export interface Openers {
  /** Process ids. */
  readonly open: readonly number[]
  /** The process that is writing. */
  readonly writer: number | undefined
}

/** What the kernel's list of locks says; undefined where there is none to ask (Linux has it). Changes nothing. */
export function findOpeners(
  path: string,
  locks: () => string | undefined = kernelLocks,
): Openers | undefined {
  const text = locks()
  if (text === undefined) return undefined
  const sharedMemory = `${path}-shm`
  if (!existsSync(sharedMemory)) return { open: [], writer: undefined }
  const { ino } = statSync(sharedMemory)
  const held = text.split('\n').flatMap((line) => parseLock(line, ino))
  const holders = (byte: number) =>
    held.filter(({ from, to }) => from <= byte && byte <= to).map(({ pid }) => pid)
  return {
    open: [...new Set(holders(OPEN_BYTE))].filter((pid) => pid !== process.pid).sort((a, b) => a - b),
    writer: holders(WRITE_BYTE)[0],
  }
}

interface Lock {
  readonly pid: number
  readonly from: number
  readonly to: number
}

/** `1: POSIX  ADVISORY  READ 15423 fe:00:2171513 128 128` */
function parseLock(line: string, ino: number): Lock[] {
  const [, kind, , , pid, place, from, to] = line.trim().split(/\s+/)
  if (kind !== 'POSIX' || !place?.endsWith(`:${ino}`)) return []
  return [{ pid: Number(pid), from: Number(from), to: to === 'EOF' ? Number.POSITIVE_INFINITY : Number(to) }]
}

function kernelLocks(): string | undefined {
  try {
    return readFileSync('/proc/locks', 'utf8')
  } catch {
    return undefined
  }
}
