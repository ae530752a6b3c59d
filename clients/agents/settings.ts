import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Puts settings into a JSON file, beside what is there. */
export function putSettings(file: string, settings: Readonly<Record<string, unknown>>): void {
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {}
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify({ ...before, ...settings }, null, 2))
}
