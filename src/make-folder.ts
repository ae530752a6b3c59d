import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder, for its owner alone, and those above it that are missing. Throws what the file system says.
 *
 * One by one: `recursive` begins anew whenever a folder is missing that it has just made, so it never ends where a file
 * system accepts no folders and says so with ENOENT, as /proc does (Node 24.21).
 */
export function makeFolder(path: string, mode = 0o700): void {
  for (const folder of missingFrom(resolve(path))) {
    try {
      mkdirSync(folder, { mode })
    } catch (error) {
      // Another process was quicker.
      if (!isFolder(folder)) throw error
    }
  }
}

/** The outermost first; the folder itself also where something else stands there, which `mkdir` then says. */
function missingFrom(folder: string): string[] {
  if (isFolder(folder)) return []
  const above = dirname(folder)
  return above === folder ? [folder] : [...missingFrom(above), folder]
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}
