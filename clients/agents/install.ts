import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm } from '../../scripts/node-package.ts'
import type { CliClient } from './client.ts'

/** Each in a folder of its own, for they are large and bring whatever they like. */
const CACHE = join(import.meta.dirname, '../../.cache/clients')

export function programOf({ id, program }: CliClient): string {
  return join(CACHE, id, 'node_modules/.bin', program)
}

/** Whether it is here in the very version that is pinned. */
export function isInstalled(client: CliClient): boolean {
  const about = join(CACHE, client.id, 'node_modules', client.package, 'package.json')
  if (!existsSync(about) || !existsSync(programOf(client))) return false
  const { version } = JSON.parse(readFileSync(about, 'utf8')) as { version?: string }
  return version === client.version
}

/** Takes it from the registry that npm uses; throws where that does not give it. */
export function install(client: CliClient): void {
  const folder = join(CACHE, client.id)
  mkdirSync(folder, { recursive: true })
  // Their own install scripts put the program for this system in place; those of what they bring are not run.
  const about = { private: true, allowScripts: { [client.package]: true } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about))
  const wanted = `${client.package}@${client.version}`
  npm(['install', '--ignore-scripts=false', '--no-audit', '--no-fund', wanted], folder)
  if (!isInstalled(client)) throw new Error(`there is no ${client.program} in ${client.package}`)
}
