import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const DEBIAN = '/usr/lib/postgresql'
/** Homebrew and the installers of macOS. */
const ELSEWHERE = ['/opt/homebrew/opt', '/usr/local/opt', '/Library/PostgreSQL', '/usr/pgsql']
const NEEDED = ['initdb', 'postgres', 'pg_basebackup']

/** The folder with PostgreSQL's programs: the newest on this machine, or what apt installs as root on Debian. */
export function postgresBinaries(): string {
  const found = findBinaries() ?? (canInstall() ? install() : undefined)
  if (found !== undefined) return found
  throw new Error(
    'No PostgreSQL server on this machine. Install one (Debian: apt-get install postgresql, macOS: brew install postgresql), or name a running one in TEST_POSTGRES_URL.',
  )
}

/** The user that the server runs as: it refuses root. Undefined where this process may run it itself. */
export function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m)
  if (!line) throw new Error('PostgreSQL does not run as root, and there is no user postgres to run it as.')
  return { uid: Number(line[1]), gid: Number(line[2]) }
}

function findBinaries(): string | undefined {
  return [...versionsIn(DEBIAN), ...ELSEWHERE.flatMap(versionsIn), ...onPath()].find((folder) =>
    NEEDED.every((program) => existsSync(join(folder, program))),
  )
}

function versionsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  const version = (name: string) => Number(name.match(/\d+/)?.[0] ?? 0)
  const names = readdirSync(folder).filter((name) => /^(postgresql@?)?\d+/.test(name))
  return names.toSorted((a, b) => version(b) - version(a)).map((name) => join(folder, name, 'bin'))
}

function onPath(): string[] {
  return (process.env['PATH'] ?? '').split(delimiter)
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version')
}

function install(): string | undefined {
  const apt = (...args: string[]) =>
    execFileSync('apt-get', ['-qq', ...args], {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'postgresql')
  return findBinaries()
}
