import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import {
  type AppliedDiff,
  type FilePattern,
  type FilesBelow,
  type HookEvent,
  TOP,
  type ToolWrites,
} from '../../domain/hooks/event.ts'
import { diffPaths } from '../../domain/hooks/patch.ts'
import { leasePath } from '../leases/paths.ts'
import type { Caller } from '../running/caller.ts'
import { filesMatching, isFile, isFolder } from './matching-files.ts'
import { nameTest, type PathTest } from './patterns.ts'

export interface WrittenFiles {
  /** Absolute, as the client has them. */
  readonly paths: readonly string[]
  /** Where they lead, in the one spelling of locks. */
  readonly real: readonly string[]
  /** Those of `real` that are folders, and folders of which some files are changed. */
  readonly folders: readonly WrittenFolder[]
}

export interface WrittenFolder {
  readonly path: string
  /** Whether a file below it is changed; without it each is. */
  readonly isMeant?: PathTest | undefined
}

/** The files on the disk that a tool is about to write. What can be no file is left out: it needs no lock. */
export function writtenFiles(
  event: HookEvent,
  caller: Caller,
  {
    paths: given,
    into = [],
    ifThere = [],
    named = [],
    patterns = [],
    below = [],
    diffs = [],
  }: Omit<ToolWrites, 'texts'>,
): WrittenFiles {
  const targets = into.map(({ folder, name }) => {
    const [path = ''] = absolutePaths(event, [folder])
    return isFolder(path) ? join(path, name) : path
  })
  const there = absolutePaths(event, ifThere).filter((path) => existsSync(path))
  const scripted = absolutePaths(event, named).filter(isFile)
  const matching = patterns.flatMap((pattern) => filesMatching(fromTop(event, pattern), event.cwd))
  const applied = diffs.map((diff) => appliedTo(event, diff))
  const found = [...targets, ...there, ...scripted, ...matching, ...applied.flatMap(({ paths: own }) => own)]
  const paths = [...new Set([...absolutePaths(event, given), ...found])]
  const real = [...new Set(paths.flatMap((path) => filePath(caller, path)))]
  const whole = real.filter(isFolder).map((path) => ({ path }))
  const unread: readonly FilesBelow[] = applied.flatMap(({ folder }) =>
    folder === undefined ? [] : { folder },
  )
  const searched = [...below, ...unread].flatMap(({ folder, names }) => {
    const real = absolutePaths(event, [folder]).flatMap((path) => filePath(caller, path))
    return real.map((path) => ({ path, isMeant: names && anyName(names) }))
  })
  return { paths, real, folders: [...whole, ...searched] }
}

export function absolutePaths({ cwd }: HookEvent, paths: readonly string[]): string[] {
  return paths.map((path) => {
    if (path.startsWith(TOP)) return topOf(cwd) + path.slice(TOP.length)
    return isAbsolute(path) ? path : resolve(cwd, path)
  })
}

/** The work tree that the folder is in, or the folder where it is in none. */
function topOf(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder
    if (folder === dirname(folder)) return cwd
  }
}

function fromTop(event: HookEvent, pattern: FilePattern): FilePattern {
  const { folder, glob } = pattern
  // A glob that begins with a slash goes from the root, whatever the folder.
  if (glob.startsWith(`${TOP}/`))
    return { ...pattern, folder: topOf(event.cwd), glob: glob.slice(TOP.length + 1) }
  const [from = ''] = absolutePaths(event, [folder])
  return { ...pattern, folder: from }
}

/** A larger diff is not read: it may name anything. */
const MOST_DIFF_BYTES = 1_000_000

/** The files that a diff names, where it can be read; the whole folder where it is too large. */
function appliedTo(
  event: HookEvent,
  { file, folder, strip }: AppliedDiff,
): { paths: string[]; folder?: string } {
  const [path = '', from = ''] = absolutePaths(event, [file, folder])
  if (!isFile(path)) return { paths: [] }
  if (statSync(path).size > MOST_DIFF_BYTES) return { paths: [], folder: from }
  try {
    return { paths: diffPaths(readFileSync(path, 'utf8'), strip).map((name) => resolve(from, name)) }
  } catch {
    return { paths: [] }
  }
}

/** A path below the folder with one of the names in it; every path where one of them would take long to match. */
function anyName(names: readonly string[]): PathTest | undefined {
  const tests = names.map((name) => nameTest(name, { dot: true }))
  if (tests.includes(undefined)) return undefined
  return (path) => path.split('/').some((part) => tests.some((isMatch) => isMatch?.(part)))
}

/** None where it can be no file. */
function filePath(caller: Caller, path: string): string[] {
  try {
    return [leasePath(caller, path)]
  } catch (error) {
    if (error instanceof AppError && error.errorName === 'INVALID_FILE_PATH') return []
    throw error
  }
}
