import { lstat, realpath } from 'node:fs/promises'
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
export async function leasePaths(caller: Caller, paths: readonly string[]): Promise<string[]> {
  return [...new Set(await Promise.all(paths.map((path) => leasePath(caller, path))))]
}

/**
 * The one spelling of a path. Symbolic links are followed where the project's root is on this machine and the path, or what
 * it leads to, is below it; of what does not exist yet, in the folders that do. Where case does not count, the stored one does.
 */
export async function leasePath({ workspace }: Caller, path: string): Promise<string> {
  if (workspace === null) return normalisePath(await meantPath(path, null), null)
  const { pathRoot, isOutside = false, isExact = false } = workspace
  const given = normalisePath(await meantPath(path, workspace), isOutside ? null : pathRoot)
  const real = stored(await followed(given))
  const rootPath = normalisePath(pathRoot, null)
  const isOfProject = isWithin(given, rootPath) || isWithin(real, rootPath)
  return isExact || isOfProject ? normalisePath(real, pathRoot) : stored(given)
}

/** The beginning of paths as they are kept: read as a path is, its last slash stays. Null for all. */
export async function leasePrefix(caller: Caller, prefix: string): Promise<string | null> {
  const isThereAsGiven = await isThere(prefix, caller.workspace)
  const meant = isThereAsGiven ? prefix : beginningOf(mendedPath(prefix, caller.workspace?.home ?? null))
  if (meant === '' && caller.workspace === null) return null
  const path = await leasePath(caller, meant === '' ? './' : meant)
  return /(?:^|[\\/])$/.test(meant) && !path.endsWith('/') ? `${path}/` : path
}

/** What is there as it was given means itself; else it is mended, or refused as no path of one file. */
async function meantPath(path: string, workspace: Workspace | null): Promise<string> {
  if (workspace?.isExact || (await isThere(path, workspace))) return path
  const bare = mendedPath(path, workspace?.home ?? null)
  if (await isThere(bare, workspace)) return bare
  const meant = (await isMention(bare, workspace)) ? bare.slice(1) : bare
  refusePathForms(meant)
  const plain = unescaped(meant)
  if (plain !== undefined && (await isThere(plain, workspace)))
    throw refused(`is written as in an address; pass ${plain}`)
  // Over HTTP the agent's files are elsewhere, on whatever system.
  if (workspace !== null && platform !== 'win32') refuseForeignPath(meant)
  return meant
}

/** `@src/a.ts`, as clients write a file that is mentioned: unless there is a folder of that name. */
async function isMention(path: string, workspace: Workspace | null): Promise<boolean> {
  if (workspace === null || !/^@[^\\/]/.test(path)) return false
  return !(await isThere(path.split(/[\\/]/)[0] ?? '', workspace))
}

async function isThere(path: string, workspace: Workspace | null): Promise<boolean> {
  if (workspace === null || path === '') return false
  return lstat(resolve(workspace.pathRoot, path)).then(
    () => true,
    () => false,
  )
}

function stored(path: string): string {
  return isAbsolute(path) ? storedSpelling(path).replaceAll('\\', '/') : path
}

async function followed(path: string): Promise<string> {
  try {
    return (await realpath(path)).replaceAll('\\', '/')
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await followed(parent), basename(path)).replaceAll('\\', '/')
  }
}
