import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** As Node reads `exports` for an import; "." is the package itself. */
const CONDITIONS: ReadonlySet<string> = new Set(['.', 'node', 'import', 'default'])

/**
 * The address to import an installed package by: one beside this program, else one in the data folder, where it can be installed
 * without touching the program. Node's own search finds only what `require` may load.
 */
export function findInstalled(name: string, dataDir: string): string | undefined {
  for (const base of [import.meta.url, pathToFileURL(join(dataDir, 'package.json')).href]) {
    for (const modules of createRequire(base).resolve.paths(name) ?? []) {
      const folder = join(modules, name)
      const entry = entryIn(folder)
      if (entry !== undefined) return pathToFileURL(join(folder, entry)).href
    }
  }
  return undefined
}

function entryIn(folder: string): string | undefined {
  try {
    const { exports, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return targetOf(exports ?? main ?? 'index.js')
  } catch {
    return undefined
  }
}

function targetOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports
  for (const [condition, target] of Object.entries(exports ?? {})) {
    const found = CONDITIONS.has(condition) ? targetOf(target) : undefined
    if (found !== undefined) return found
  }
  return undefined
}
