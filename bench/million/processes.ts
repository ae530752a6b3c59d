import { readdirSync, readFileSync } from 'node:fs'

// As Linux tells of its processes.

const PAGE_BYTES = 4_096

/** Time on a processor so far, by process. */
export type ProcessorTimes = ReadonlyMap<number, number>

export function processorTimes(pids: readonly number[]): ProcessorTimes {
  return new Map(pids.map((pid) => [pid, processorMs(pid)]))
}

/** What these processes have used between the two; one that is gone meanwhile counts nothing. */
export function usedMs(before: ProcessorTimes, after: ProcessorTimes): number {
  return [...after].reduce((sum, [pid, ms]) => sum + Math.max(0, ms - (before.get(pid) ?? 0)), 0)
}

function processorMs(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`)
    return threads.reduce((sum, id) => sum + nanoseconds(`/proc/${pid}/task/${id}/schedstat`), 0) / 1e6
  } catch {
    return 0
  }
}

function nanoseconds(path: string): number {
  return Number(readFileSync(path, 'utf8').split(' ')[0])
}

export function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES
}
