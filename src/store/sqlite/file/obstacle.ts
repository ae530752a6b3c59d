import { accessSync, constants, existsSync, lstatSync, statfsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Less than SQLite takes for its shared memory and a page. */
const NO_SPACE_BYTES = 64 * 1024

/** What keeps a file from being opened or written: a part of its path that is no folder, or the state of its folder. */
export type Obstacle =
  | { readonly kind: 'path'; readonly path: string; readonly is: string }
  | { readonly kind: 'read-only' | 'no right' | 'full' }

/** Looks for it after the fact: SQLite says of all of these only that it could not open a file or write. */
export function obstacleOf(path: string): Obstacle | undefined {
  const folder = dirname(path)
  const blocker = blockerOf(folder)
  if (blocker) return { kind: 'path', ...blocker }
  if (!existsSync(folder)) return undefined
  const refused = refusalOf(folder) ?? (existsSync(path) ? refusalOf(path) : undefined)
  if (refused) return { kind: refused }
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize < NO_SPACE_BYTES ? { kind: 'full' } : undefined
}

/** The outermost part of a path that is there and no folder. */
function blockerOf(folder: string): { path: string; is: string } | undefined {
  const above = dirname(folder)
  const outer = above === folder ? undefined : blockerOf(above)
  if (outer) return outer
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (!stats || stats.isDirectory()) return undefined
  if (!stats.isSymbolicLink()) return { path: folder, is: 'a file' }
  try {
    return statSync(folder).isDirectory() ? undefined : { path: folder, is: 'a link to a file' }
  } catch {
    return { path: folder, is: 'a link that leads nowhere' }
  }
}

function refusalOf(path: string): 'read-only' | 'no right' | undefined {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return undefined
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS' ? 'read-only' : 'no right'
  }
}
