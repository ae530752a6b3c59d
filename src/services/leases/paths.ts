import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isWithin, normalisePath } from '../../domain/leases/path.ts'
import type { Caller } from '../running/caller.ts'

/** The different paths that a caller means, in the order given: each as every spelling of it is kept. */
export async function leasePaths(caller: Caller, paths: readonly string[]): Promise<string[]> {
  return [...new Set(await Promise.all(paths.map((path) => leasePath(caller, path))))]
}

/**
 * The one spelling of a path. Symbolic links are followed where the project's root is on this machine and the path, or what
 * it leads to, is below it; of what does not exist yet, in the folders that do.
 */
export async function leasePath({ workspace }: Caller, path: string): Promise<string> {
  const root = workspace?.pathRoot ?? null
  const given = normalisePath(path, root)
  if (root === null) return given
  const real = await followed(given)
  const rootPath = normalisePath(root, null)
  return isWithin(given, rootPath) || isWithin(real, rootPath) ? normalisePath(real, root) : given
}

async function followed(path: string): Promise<string> {
  try {
    return (await realpath(path)).replaceAll('\\', '/')
  } catch {
    const parent = dirname(path)
    return parent === path ? path : join(await followed(parent), basename(path)).replaceAll('\\', '/')
  }
}
