import { AppError } from '../errors.ts'
import { visibleText } from '../text/visible-text.ts'

// What models write where a path is asked: each is mended to the path that it means, or refused with what to pass. A path that
// is there as it stands means itself; the caller has looked.

/** Without what stands around it: blanks, quotes, a link, the tilde of the home folder. */
export function mendedPath(path: string, home: string | null): string {
  const bare = unquoted(path.trim())
  return home !== null && /^~(?:[\\/]|$)/.test(bare) ? `${home}${bare.slice(1)}` : bare
}

const LINE = /(:\d+(?:[:,-]\d+)*:?|#L\d+(?:-L?\d+)?)$/i
/** As compilers of Microsoft write it; a copy may be called `notes (2)`. */
const LINE_IN_BRACKETS = /\.\w+(\(\d+(?:,\s*\d+)*\):?)$/
const LINE_IN_WORDS = /\.\w+(\s*[(,]?\s*lines?:? ?\d+(?:\s*(?:-|–|to)\s*\d+)?\)?)$/i
const PATTERN = /[*?]|\{[^{}]*,[^{}]*\}|\[(?:[!^][^\]]*|\w-\w)\]/
const VARIABLE = /\$\{|^\$(?:env:)?\w+[\\/]|%[A-Za-z_]\w*%/i

/** What an editor calls a document, and a URI of one slash or none; those of two are refused as URLs. */
const ADDRESS = /^(?:file|git|untitled|https?|vscode[\w-]*):(?!\/\/)/i
/** What a program makes of a value that is not there. */
const NOTHING = /^(?:null|undefined|none|nil|nan|\[object Object\])$/i

/** A folder called so is seldom, and would be there. */
const CUT = /(?:^|[\\/])(?:\.{3,}|…)(?:[\\/]|$)/
const LIST = /^\[\s*["'].*["']\s*\]$/s
const BETWEEN = /\s*[,;]\s*|\s+(?:and|&)\s+|\s+/
const FILE = /[^\\/.]\.[A-Za-z]\w{0,9}$/

function isSeveral(path: string): boolean {
  return LIST.test(path) || severalIn(path) !== undefined
}

/** Several paths in one text, each with an ending of its own: one name may hold commas and blanks, and ends but once. */
export function severalIn(path: string): readonly string[] | undefined {
  const parts = path.trim().split(BETWEEN)
  return parts.length > 1 && parts.every((part) => FILE.test(part)) ? parts : undefined
}

/** The folder of a pattern that means all that is in it: `src/**` begins as `src/` does. Refuses any other pattern. */
export function beginningOf(prefix: string): string {
  const beginning = prefix.replace(/(^|[\\/])\*{1,2}$/, '$1')
  if (!PATTERN.test(beginning)) return beginning
  throw new AppError('INVALID_FILE_PATH', 'prefix: is a pattern, and takes the beginning of a path.', {
    details: { argument: 'prefix' },
    suggestion: 'Give what stands before the first sign of the pattern, for example src/.',
  })
}

/** Refuses what means no single file. */
export function refusePathForms(path: string): void {
  const line = (LINE.exec(path) ?? LINE_IN_BRACKETS.exec(path) ?? LINE_IN_WORDS.exec(path))?.[1]
  if (line !== undefined)
    throw refused(`names a line of a file; pass the file alone: ${path.slice(0, -line.length)}`)
  if (PATTERN.test(path))
    throw refused('is a pattern; pass the files that it means as file_paths, one by one')
  if (ADDRESS.test(path))
    throw refused(`is the address of a document; pass the path of its file${pathInAddress(path)}`)
  if (NOTHING.test(path)) throw refused('is the word for no value; pass the path of the file')
  if (isSeveral(path)) throw refused('names several files; pass them as file_paths, a list')
  if (CUT.test(path)) throw refused('is cut short; pass the whole path')
  if (visibleText(path) !== path)
    throw refused(
      `holds an invisible character, ${visibleText(path).slice(0, 200)}; pass the path without it`,
    )
  if (VARIABLE.test(path))
    throw refused('holds a variable that nobody expands here; pass the path that it means')
}

const OF_WINDOWS = /^[\\/]?([A-Za-z]):[\\/]/
const SHARE_OF_WSL = /^[\\/]{2}wsl(?:\$|\.localhost)[\\/][^\\/]+/i
const SHARE = /^\\\\[^\\/]/

/** Refuses a path of Windows where the files are not: each spelling would be a lock that protects nothing. */
export function refuseForeignPath(path: string): void {
  const [start, drive] = OF_WINDOWS.exec(path) ?? []
  const share = SHARE_OF_WSL.exec(path)?.[0]
  const isHere = start === undefined && share === undefined
  if (isHere && !SHARE.test(path)) return
  const problem = 'is a path of Windows, and this server does not run there'
  if (isHere) throw refused(`${problem}; pass the path under which the file is here`)
  const here = drive ? `/mnt/${drive.toLowerCase()}/${path.slice(start?.length)}` : path.slice(share?.length)
  throw refused(`${problem}; in WSL it is ${here.replaceAll('\\', '/')}`)
}

/** A path that is written as in an address: with %20 for a blank. Undefined for every other. */
export function unescaped(path: string): string | undefined {
  if (!/%[\da-f]{2}/i.test(path)) return undefined
  try {
    return decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** The path that an address of a file names, with a blank before it, where it is one of this machine. */
export function pathInAddress(address: string): string {
  const path = /^file:(?:\/\/(?:localhost)?)?(\/.*)$/i.exec(address)?.[1]
  return path === undefined ? '' : ` ${unescaped(path) ?? path}`
}

function unquoted(path: string): string {
  const link = /^\[[^[\]]+\]\(([^()\s]+)\)$/.exec(path)?.[1]
  const inner = link ?? /^(["'`])(.+)\1$/s.exec(path)?.[2] ?? /^<(.+)>$/s.exec(path)?.[1]
  return inner === undefined ? path : inner.trim()
}

export function refused(problem: string, suggestion?: string): AppError {
  return new AppError('INVALID_FILE_PATH', `file_path: ${problem}.`, {
    details: { argument: 'file_path' },
    ...(suggestion !== undefined && { suggestion }),
  })
}
