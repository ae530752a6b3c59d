import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const ELSEWHERE = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/usr/local/opt/redis/bin']

/** The server's program: the one on this machine, or what apt installs as root on Debian. */
export function redisBinary(): string {
  const found = findBinary() ?? (canInstall() ? install() : undefined)
  if (found !== undefined) return found
  throw new Error(
    'No Redis server on this machine. Install one (Debian: apt-get install redis-server, macOS: brew install redis), or name a running one in TEST_REDIS_URL. Some tests need a private one all the same.',
  )
}

function findBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ELSEWHERE]
  return folders.map((folder) => join(folder, 'redis-server')).find((path) => existsSync(path))
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

function install(): string | undefined {
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 2, 2],
      // The package would start a server of its own.
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'redis-server')
  return findBinary()
}
