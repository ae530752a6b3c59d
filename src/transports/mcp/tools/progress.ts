import type { McpRequest } from '../request.ts'

type Report = (done: number, total: number) => void

/** How often a client hears that a long call is still running. */
export const HEARTBEAT_MS = 5_000

/**
 * Runs `work`, which may report how far it is. While it reports nothing, a client that asked for progress hears every
 * few seconds how many have passed, so that it does not give up on a call that waits.
 */
export async function withProgress<T>(
  { notifyProgress }: Pick<McpRequest, 'notifyProgress'>,
  work: (report: Report) => Promise<T>,
  heartbeatMs = HEARTBEAT_MS,
): Promise<T> {
  if (!notifyProgress) return work(() => {})
  const started = performance.now()
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 100) / 10
    notifyProgress({ progress: seconds, message: `${seconds} s so far` })
  }, heartbeatMs)
  try {
    return await work((done, total) => {
      clearInterval(timer)
      notifyProgress({ progress: done, total })
    })
  } finally {
    clearInterval(timer)
  }
}
