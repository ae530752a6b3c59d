import { AppError } from '../errors.ts'

// What models write where a path is asked: each is mended to the path that it means, or refused with what to pass. A path that
// is there as it stands means itself; the caller has looked.

/** Without what stands around it: blanks, quotes, the tilde of the home folder. */
export function mendedPath(path: string, home: string | null): string {
  const bare = unquoted(path.trim())
  return home !== null && /^~[\\/]/.test(bare) ? `${home}${bare.slice(1)}` : bare
}

const LINE = /(:\d+(?:[:,-]\d+)*:?|#L\d+(?:-L?\d+)?)$/i
/** As compilers of Microsoft write it; a copy may be called `notes (2)`. */
const LINE_IN_BRACKETS = /\.\w+(\(\d+(?:,\s*\d+)*\):?)$/
const PATTERN = /[*?]|\{[^{}]*,[^{}]*\}|\[(?:[!^][^\]]*|\w-\w)\]/
const VARIABLE = /\$\{|^\$(?:env:)?\w+[\\/]|%[A-Za-z_]\w*%/i

/** Refuses what means no single file. */
export function refusePathForms(path: string): void {
  const line = (LINE.exec(path) ?? LINE_IN_BRACKETS.exec(path))?.[1]
  if (line !== undefined)
    throw refused(`names a line of a file; pass the file alone: ${path.slice(0, -line.length)}`)
  if (PATTERN.test(path))
    throw refused('is a pattern; pass the files that it means as file_paths, one by one')
  if (VARIABLE.test(path))
    throw refused('holds a variable that nobody expands here; pass the path that it means')
}

function unquoted(path: string): string {
  const inner = /^(["'`])(.+)\1$/s.exec(path)?.[2] ?? /^<(.+)>$/s.exec(path)?.[1]
  return inner === undefined ? path : inner.trim()
}

export function refused(problem: string): AppError {
  return new AppError('INVALID_FILE_PATH', `file_path: ${problem}.`, { details: { argument: 'file_path' } })
}
