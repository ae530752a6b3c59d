import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const ELSEWHERE = [
  '/usr/bin',
  '/usr/local/bin',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/** The browser of the tests: the one that TEST_BROWSER names, the one on this machine, or what apt installs as root on Debian. */
export function browserBinary(): string {
  const named = process.env['TEST_BROWSER']
  if (named) return named
  const found = findBinary() ?? (canInstall() ? install() : undefined)
  if (found !== undefined) return found
  throw new Error(
    'No Chromium on this machine. Install one (Debian: apt-get install chromium, macOS: brew install chromium), or name its program in TEST_BROWSER.',
  )
}

function findBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...ELSEWHERE]
  const paths = folders.flatMap((folder) => [...NAMES.map((name) => join(folder, name)), folder])
  return paths.find((path) => /chrom/i.test(path) && existsSync(path))
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
  apt('install', '-y', '--no-install-recommends', 'chromium')
  return findBinary()
}
