import type { CliIo } from '../io.ts'

/** The exit code of a program that was ended by Ctrl+C, by custom. */
const INTERRUPTED = 130

/** Runs `body`, which is to look at the signal; ended from outside it may throw whatever it likes. */
export async function interruptible(
  io: CliIo,
  body: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const ended = new AbortController()
  const stopListening = io.onInterrupt(() => ended.abort())
  try {
    return await body(ended.signal)
  } catch (error) {
    if (ended.signal.aborted) return INTERRUPTED
    throw error
  } finally {
    stopListening()
  }
}
