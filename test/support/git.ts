import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CALM = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
}

/** The real git in a folder. */
export function git(folder: string, ...args: readonly string[]): string {
  const own = ['-c', 'protocol.file.allow=always', '-c', 'init.defaultBranch=main']
  return execFileSync('git', [...own, ...args], {
    cwd: folder,
    env: { ...process.env, ...CALM },
    encoding: 'utf8',
    stdio: 'pipe',
  })
}

/** A repository with a first commit that no other one has. */
export function makeRepository(folder: string, ...initArgs: readonly string[]): string {
  mkdirSync(folder, { recursive: true })
  git(folder, 'init', '-q', ...initArgs)
  writeFileSync(join(folder, 'README.md'), folder)
  git(folder, 'add', '.')
  git(folder, 'commit', '-q', '-m', `begin ${folder}`)
  return folder
}
