import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import type { HookEvent, ToolWrites } from '../../domain/hooks/event.ts'
import { leasePath } from '../leases/paths.ts'
import type { Caller } from '../running/caller.ts'
import { filesMatching, isFolder } from './matching-files.ts'

export interface WrittenFiles {
  /** Absolute, as the client has them. */
  readonly paths: readonly string[]
  /** Where they lead, in the one spelling of locks. */
  readonly real: readonly string[]
  /** Those of `real` that are folders. */
  readonly folders: readonly string[]
}

/** The files on the disk that a tool is about to write. What can be no file is left out: it needs no lock. */
export async function writtenFiles(
  event: HookEvent,
  caller: Caller,
  { paths: given, into = [], ifThere = [], patterns = [] }: Omit<ToolWrites, 'texts'>,
): Promise<WrittenFiles> {
  const targets = into.map(({ folder, name }) => {
    const [path = ''] = absolutePaths(event, [folder])
    return isFolder(path) ? join(path, name) : path
  })
  const there = absolutePaths(event, ifThere).filter((path) => existsSync(path))
  const matching = patterns.flatMap((pattern) => filesMatching(pattern, event.cwd))
  const paths = [...new Set([...absolutePaths(event, given), ...targets, ...there, ...matching])]
  const real = (await Promise.all(paths.map((path) => leasePath(caller, path).catch(noFile)))).flat()
  const unique = [...new Set(real)]
  return { paths, real: unique, folders: unique.filter(isFolder) }
}

export function absolutePaths({ cwd }: HookEvent, paths: readonly string[]): string[] {
  return paths.map((path) => (isAbsolute(path) ? path : resolve(cwd, path)))
}

function noFile(error: unknown): string[] {
  if (error instanceof AppError && error.errorName === 'INVALID_FILE_PATH') return []
  throw error
}
