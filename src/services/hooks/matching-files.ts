import { existsSync, readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { FilePattern } from '../../domain/hooks/event.ts'
import { nameTest } from './patterns.ts'

/** Of more files than that the folder is meant, with all that is in it. */
const MOST_FILES = 100

/**
 * What a pattern stands for on the disk now, as sh finds it: absolute paths; the pattern itself where nothing matches, as in
 * `app/[id]/page.ts`. Of more than 100 the folder where the pattern begins. Nothing for a pattern that would take long to match.
 */
export function filesMatching({ folder, glob, hasFolders }: FilePattern, cwd: string): string[] {
  const parts = glob.split('/').filter((part) => part !== '' && part !== '.')
  const fixed = parts.findIndex((part) => plainName(part) === undefined)
  const start = parts.slice(0, Math.max(0, fixed))
  const root = glob.startsWith('/') ? '/' : resolve(cwd, folder)
  const from = join(root, ...start.map(unescaped))
  let found = [from]
  for (const part of parts.slice(start.length)) {
    const plain = plainName(part)
    const isMatch = plain === undefined ? nameTest(part) : undefined
    if (plain === undefined && !isMatch) return []
    found = found.flatMap((place) =>
      isMatch
        ? namesIn(place)
            .filter(isMatch)
            .map((name) => join(place, name))
        : [join(place, plain ?? '')].filter(existsSync),
    )
    if (found.length > MOST_FILES) return [from]
  }
  if (found.length === 0) return [join(root, ...parts.map(unescaped))]
  return hasFolders ? found : found.filter((path) => !isFolder(path))
}

export function isFolder(path: string): boolean {
  return typeOf(path)?.isDirectory() ?? false
}

export function isFile(path: string): boolean {
  return typeOf(path)?.isFile() ?? false
}

/** Undefined for what is not there, or is no path. */
function typeOf(path: string) {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

/** The name that a part of a glob stands for; undefined where it is a pattern. */
function plainName(part: string): string | undefined {
  if (/[*?[]/.test(part.replace(/\\./g, ''))) return undefined
  return unescaped(part)
}

function unescaped(part: string): string {
  return part.replace(/\\(.)/g, '$1')
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
