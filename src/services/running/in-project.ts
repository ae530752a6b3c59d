import { relative } from 'node:path'

/** An absolute path as globs name it: below the project's root, else the whole path without its first slash. */
export function inProject(path: string, root: string | undefined): string {
  const below = root === undefined ? path : relative(root, path)
  return (below.startsWith('..') ? path : below).replaceAll('\\', '/').replace(/^\//, '')
}
