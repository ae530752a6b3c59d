import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { programArgs } from '../test/support/program.ts'

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
