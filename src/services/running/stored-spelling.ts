import { existsSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** How the file system is asked; tests answer for one that ignores case. */
export interface Files {
  readonly exists: (path: string) => boolean
  readonly namesIn: (folder: string) => readonly string[]
}

const REAL_FILES: Files = { exists: existsSync, namesIn: (folder) => readdirSync(folder) }

/**
 * A path as its file system has stored it: where case does not count, every spelling of what is there becomes one. What is not
 * there keeps its name, below the stored spelling of the folders that are.
 */
export function storedSpelling(path: string, files: Files = REAL_FILES): string {
  const parent = dirname(path)
  if (parent === path) return path
  const name = basename(path)
  const folder = storedSpelling(parent, files)
  return join(folder, isCaseIgnored(files, folder, name) ? storedName(files, folder, name) : name)
}

/** Whether this case and another find something: then the folder either ignores case or has both. */
function isCaseIgnored({ exists }: Files, folder: string, name: string): boolean {
  const other = name.replaceAll(/\p{L}/gu, otherCase)
  return other !== name && exists(join(folder, other)) && exists(join(folder, name))
}

/** Not where the other case has more letters: no file system counts those as one. */
function otherCase(letter: string): string {
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  return other.length === letter.length ? other : letter
}

function storedName(files: Files, folder: string, name: string): string {
  const names = namesIn(files, folder)
  if (names.includes(name)) return name
  const wanted = folded(name)
  return names.find((stored) => folded(stored) === wanted) ?? name
}

function namesIn(files: Files, folder: string): readonly string[] {
  try {
    return files.namesIn(folder)
  } catch {
    return []
  }
}

function folded(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase()
}
