import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The lower end of `engines` in package.json; try-package.ts holds the two equal. */
export const OLDEST_NODE = '22.16.0'

const CACHE = join(import.meta.dirname, '../.cache')

/** Runs the npm that started us (else the one in the PATH), with this Node. Throws with npm's own words. */
export function npm(args: readonly string[], cwd: string): string {
  const script = process.env['npm_execpath']
  const [command, first] = script ? [process.execPath, [script]] : ['npm', []]
  const { status, stdout, stderr, error } = spawnSync(command, [...first, '--loglevel=error', ...args], {
    cwd,
    encoding: 'utf8',
    shell: process.platform === 'win32' && !script,
  })
  if (status === 0) return stdout
  throw new Error(`npm ${args.join(' ')} failed: ${error?.message ?? `${stderr}${stdout}`}`)
}

/** The program file of another Node version, from the `node` package; installed into .cache the first time. */
export function nodeBinary(version: string): string {
  const folder = join(CACHE, `node-${version}`)
  const file = process.platform === 'win32' ? 'node.exe' : 'node'
  const binary = join(folder, 'node_modules/node/bin', file)
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }))
  npm(['install', `node@${version}`, '--no-audit', '--no-fund', '--ignore-scripts=false'], folder)
  return binary
}
