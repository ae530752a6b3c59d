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

/** A folder that is there, and cannot be looked at: of another user, or under a name that Node cannot pass back. */
export function unreadableFolder(folder: string, code: string): AppError {
  if (folder.includes('\uFFFD'))
    return new AppError('INVALID_PARAMETER', `The path of the folder ${folder} is not UTF-8 text.`, {
      suggestion: 'Give it another name (convmv), or name the project folder with AGENT_MEMORY_ROOT.',
    })
  return new AppError('INVALID_PARAMETER', `The folder ${folder} cannot be read (${code}).`, {
    suggestion:
      'Change to a folder that this user may read (cd), or name the project folder with AGENT_MEMORY_ROOT, and start it again.',
  })
}
