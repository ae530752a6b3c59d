import { lstatSync, realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { platform } from 'node:process'
import { isWithin, normalisePath } from '../../domain/leases/path.ts'
import {
  beginningOf,
  mendedPath,
  refused,
  refuseForeignPath,
  refusePathForms,
  unescaped,
} from '../../domain/leases/path-forms.ts'
import type { Caller, Workspace } from '../running/caller.ts'
import { storedSpelling } from '../running/stored-spelling.ts'

/** The different paths that a caller means, in the order given: each as every spelling of it is kept. */
export function leasePaths(caller: Caller, paths: readonly string[]): string[] {
  return [...new Set(paths.map((path) => leasePath(caller, path)))]
}

/**
 * The one spelling of a path. Symbolic links are followed where the project's root is on this machine and the path, or what
 * it leads to, is below it; of what does not exist yet, in the folders that do. Where case does not count, the stored one does.
 * Asked in this turn of the program: a dozen looks at a disk cost less than one answer from another thread.
 */
export function leasePath({ workspace }: Caller, path: string): string {
  if (workspace === null) return normalisePath(meantPath(path, null), null)
  const { pathRoot, isOutside = false, isExact = false } = workspace
  const given = normalisePath(meantPath(path, workspace), isOutside ? null : pathRoot)
  const real = stored(followed(given))
  const rootPath = normalisePath(pathRoot, null)
  const isOfProject = isWithin(given, rootPath) || isWithin(real, rootPath)
  return isExact || isOfProject ? normalisePath(real, pathRoot) : stored(given)
}

/** The beginning of paths as they are kept: read as a path is, its last slash stays. Null for all. */
export function leasePrefix(caller: Caller, prefix: string): string | null {
  const isThereAsGiven = isThere(prefix, caller.workspace)
  const meant = isThereAsGiven ? prefix : beginningOf(mendedPath(prefix, caller.workspace?.home ?? null))
  if (meant === '' && caller.workspace === null) return null
  const path = leasePath(caller, meant === '' ? './' : meant)
  return /(?:^|[\\/])$/.test(meant) && !path.endsWith('/') ? `${path}/` : path
}

/** What is there as it was given means itself; else it is mended, or refused as no path of one file. */
function meantPath(path: string, workspace: Workspace | null): string {
  if (workspace?.isExact || isThere(path, workspace)) return path
  const bare = mendedPath(path, workspace?.home ?? null)
  if (isThere(bare, workspace)) return bare
  const meant = isMention(bare, workspace) ? bare.slice(1) : bare
  refusePathForms(meant)
  const plain = unescaped(meant)
  if (plain !== undefined && isThere(plain, workspace))
    throw refused(`is written as in an address; pass ${plain}`)
  // Over HTTP the agent's files are elsewhere, on whatever system.
  if (workspace !== null && platform !== 'win32') refuseForeignPath(meant)
  return meant
}

/** `@src/a.ts`, as clients write a file that is mentioned: unless there is a folder of that name. */
function isMention(path: string, workspace: Workspace | null): boolean {
  if (workspace === null || !/^@[^\\/]/.test(path)) return false
  return !isThere(path.split(/[\\/]/)[0] ?? '', workspace)
}

function isThere(path: string, workspace: Workspace | null): boolean {
  if (workspace === null || path === '') return false
  try {
    return lstatSync(resolve(workspace.pathRoot, path), { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

function stored(path: string): string {
  return isAbsolute(path) ? storedSpelling(path).replaceAll('\\', '/') : path
}

function followed(path: string): string {
  try {
    return realpathSync.native(path).replaceAll('\\', '/')
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(followed(parent), basename(path)).replaceAll('\\', '/')
  }
}
