import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { HookEvent, ToolWrites } from '../../domain/hooks/event.ts'
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
  { paths: given, into = [], ifThere = [], named = [], patterns = [], below = [] }: Omit<ToolWrites, 'texts'>,
): WrittenFiles {
  const targets = into.map(({ folder, name }) => {
    const [path = ''] = absolutePaths(event, [folder])
    return isFolder(path) ? join(path, name) : path
  })
  const there = absolutePaths(event, ifThere).filter((path) => existsSync(path))
  const scripted = absolutePaths(event, named).filter(isFile)
  const matching = patterns.flatMap((pattern) => filesMatching(pattern, event.cwd))
  const paths = [...new Set([...absolutePaths(event, given), ...targets, ...there, ...scripted, ...matching])]
  const real = [...new Set(paths.flatMap((path) => filePath(caller, path)))]
  const whole = real.filter(isFolder).map((path) => ({ path }))
  const searched = below.flatMap(({ folder, names }) => {
    const found = absolutePaths(event, [folder]).flatMap((path) => filePath(caller, path))
    return found.map((path) => ({ path, isMeant: names && anyName(names) }))
  })
  return { paths, real, folders: [...whole, ...searched] }
}

export function absolutePaths({ cwd }: HookEvent, paths: readonly string[]): string[] {
  return paths.map((path) => (isAbsolute(path) ? path : resolve(cwd, path)))
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
