import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const BUNDLE = join(ROOT, 'dist/main.js')

/** Arguments for node that start the program: the bundle, as users run it, unless the sources have changed since. */
export function programArgs(...args: readonly string[]): string[] {
  if (isFresh()) return [BUNDLE, ...args]
  return ['--experimental-strip-types', '--no-warnings', join(ROOT, 'src/main.ts'), ...args]
}

let fresh: boolean | undefined

function isFresh(): boolean {
  fresh ??= existsSync(BUNDLE) && newestChange(join(ROOT, 'src')) <= statSync(BUNDLE).mtimeMs
  return fresh
}

function newestChange(folder: string): number {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return Math.max(...names.map((name) => statSync(join(folder, name)).mtimeMs))
}
