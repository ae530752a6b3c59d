import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const FOLDERS = ['/usr/sbin', '/usr/local/sbin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']

/** Where a program is, after an attempt to install it; undefined, with a word on stderr, where it cannot be had. */
export function debianProgram(program: string, debianPackage: string): string | undefined {
  const found = find(program) ?? (install(debianPackage) ? find(program) : undefined)
  if (found === undefined)
    process.stderr.write(`${program} is not here and cannot be installed: its tests are left out.\n`)
  return found
}

function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...FOLDERS]
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path))
}

function install(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      stdio: ['ignore', 2, 2],
      // The package would start one of its own.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    })
  try {
    apt('update')
    apt('install', '-y', '--no-install-recommends', name)
    return true
  } catch {
    return false
  }
}
