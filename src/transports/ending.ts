import type { Instance } from '../operations/instance.ts'
import { errorFields, type Log } from './log.ts'

/** Closes the instance. Answers the exit code. */
export async function closeInstance(app: Instance, log: Log): Promise<number> {
  try {
    await app.close()
    return 0
  } catch (error) {
    log.error('close', errorFields(error))
    return 1
  }
}

/** Ends the process after that time, whatever still holds it. */
export function endForSure(log: Log, afterMs: number): void {
  setTimeout(() => {
    log.error('close', { problem: `not closed after ${afterMs} ms` })
    process.exit(1)
  }, afterMs).unref()
}
