import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { MOST, normaliseRemote, type RepositoryMarks } from '../../domain/places/repository.ts'
import { withoutSshAlias } from './ssh-hosts.ts'

/** A history so long that this does not do is known by its remotes. */
const GIT_MS = 2_000
const GIT_BYTES = 1024 * 1024

/** The repository that a folder stands in. Files are read when it is found; git is asked once, and only where its commits matter. */
export class Repository {
  /** Main folder of the repository: the same for all its work trees. */
  readonly root: string
  readonly remotes: readonly string[]
  readonly #gitDir: string
  #marks: Promise<RepositoryMarks> | undefined

  constructor(tree: string, gitDir: string) {
    const common = commonDirOf(gitDir)
    const config = readConfig(common)
    this.root = mainFolder({ tree, gitDir, common, config })
    this.#gitDir = common
    this.remotes = remotesIn(config)
  }

  /** What it is known by elsewhere. */
  marks(): Promise<RepositoryMarks> {
    this.#marks ??= this.#readMarks()
    return this.#marks
  }

  async #readMarks(): Promise<RepositoryMarks> {
    const isTold = [join(this.root, '.git'), this.root].includes(this.#gitDir)
    const git_dirs = isTold ? [] : [this.#gitDir]
    return { remotes: this.remotes, commits: await firstCommits(this.#gitDir), git_dirs }
  }
}

/** The git directory of a folder: its `.git`, what that file names, or the folder itself where it is a bare repository. */
export function gitDirOf(folder: string): string | undefined {
  const dotGit = join(folder, '.git')
  if (existsSync(dotGit)) return named(dotGit) ?? dotGit
  const isBare = ['HEAD', 'objects', 'refs'].every((part) => existsSync(join(folder, part)))
  return isBare && basename(folder) !== '.git' ? folder : undefined
}

/** Where a `.git` that is a file leads. */
function named(dotGit: string): string | undefined {
  const path = /^gitdir: *(.+?)\s*$/m.exec(textOf(dotGit) ?? '')?.[1]
  return path === undefined ? undefined : resolve(dirname(dotGit), path)
}

/**
 * A linked work tree's git directory has a `commondir` that leads to the main one. A submodule has none: it is on its own. Where the
 * repository was moved, or a container has the work tree alone, nothing is there to be read: the path says whose work tree it was.
 */
function commonDirOf(gitDir: string): string {
  const text = textOf(join(gitDir, 'commondir'))
  if (text !== undefined) return resolve(gitDir, text.trim())
  const parent = dirname(gitDir)
  return basename(parent) === 'worktrees' && !existsSync(gitDir) ? dirname(parent) : gitDir
}

interface Found {
  readonly tree: string
  readonly gitDir: string
  readonly common: string
  readonly config: string
}

function mainFolder({ tree, gitDir, common, config }: Found): string {
  const folder = dirname(common)
  if (basename(common) === '.git' || named(join(folder, '.git')) === common) return folder
  if (gitDir === common) return tree
  // Of a submodule's linked work tree, and of one whose git directory was put elsewhere by a version that wrote it down.
  const workTree = /^\s*worktree\s*=\s*(.+?)\s*$/im.exec(config)?.[1]
  if (workTree !== undefined) return resolve(common, workTree)
  // A hub keeps its bare repository out of sight.
  return !existsSync(common) && basename(common).startsWith('.') ? folder : common
}

/** The `url` lines of a config file: of a remote, also where it is written below another's name. */
function remotesIn(config: string): string[] {
  const urls = [...config.matchAll(/^\s*\[remote "[^\n]*"\]\s*$([^[]*)/gm)].flatMap(([, section = '']) =>
    [...section.matchAll(/^\s*url\s*=\s*"?([^"\n]+?)"?\s*$/gim)].map(([, url = '']) => url),
  )
  // What it was known by on this machine before, too.
  const addresses = urls.flatMap((url) => [url, withoutSshAlias(url) ?? []].flat())
  return [...new Set(addresses.flatMap((address) => normaliseRemote(address) ?? []))].slice(0, MOST)
}

function readConfig(common: string): string {
  return textOf(join(common, 'config')) ?? ''
}

/** The commits without parents behind HEAD. In a shallow clone they are unknown. */
async function firstCommits(gitDir: string): Promise<string[]> {
  if (existsSync(join(gitDir, 'shallow'))) return []
  try {
    // Loaded here: most calls need no git.
    const { execFile } = await import('node:child_process')
    const args = ['--git-dir', gitDir, 'rev-list', '--max-parents=0', 'HEAD']
    const { stdout } = await promisify(execFile)('git', args, {
      timeout: GIT_MS,
      maxBuffer: GIT_BYTES,
      windowsHide: true,
    })
    return stdout.split('\n').filter(Boolean).sort().slice(0, MOST)
  } catch {
    // No git, no commit yet, or a history of minutes.
    return []
  }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
