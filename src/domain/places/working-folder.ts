import { AppError } from '../errors.ts'

/** Stands for a working folder that was deleted: nothing is below it, and no relative path leads anywhere. */
const GONE = '/(the deleted working folder)'

/** Where the program was started; what needs no folder goes on where that is gone. */
export function workingFolder(): string {
  try {
    return process.cwd()
  } catch {
    return GONE
  }
}

/** Throws where the current folder is asked for and is no more. */
export function refuseGone(folder: string): void {
  if (folder !== GONE) return
  throw new AppError('INVALID_PARAMETER', 'The folder that this was started in does not exist any more.', {
    suggestion: 'Change to a folder that is there (cd), and start it again.',
  })
}
