import { execFile } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { programArgs } from '../test/support/program.ts'

/** Of the longest lock of an attack, on a machine that is twenty times as busy as it should be. */
const LOCKS_RUN_OUT_MS = 120_000

/** As `isDoctorContent`, once the locks that instances held in Redis have run out: so long are others refused here, and doctor says so. */
export async function isDoctorContentSoon(env: Readonly<Record<string, string>>): Promise<boolean> {
  const until = performance.now() + LOCKS_RUN_OUT_MS
  for (;;) {
    if (await isDoctorContent(env)) return true
    if (performance.now() > until) return false
    await pause(500)
  }
}

/** Whether `doctor` finds nothing wrong with the database. */
export async function isDoctorContent(env: Readonly<Record<string, string>>): Promise<boolean> {
  try {
    const PATH = process.env['PATH'] ?? ''
    const args = programArgs('doctor')
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH, ...env } })
    return /All is well/.test(stdout)
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)}\n`,
    )
    return false
  }
}
