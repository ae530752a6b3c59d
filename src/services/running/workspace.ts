import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Workspace } from './caller.ts'

/** What the working directory says: its project (all work trees of one repository are one) and the root of its paths. */
export function findWorkspace(cwd: string, project: string | undefined): Workspace {
  const folder = realpathSync(cwd)
  const tree = findWorkTree(folder)
  return { project: project ?? null, root: tree && mainWorkTree(tree), pathRoot: tree ?? folder }
}

/** The nearest folder upwards that has a `.git`. */
function findWorkTree(folder: string): string | null {
  for (let current = folder; ; current = dirname(current)) {
    if (existsSync(join(current, '.git'))) return current
    if (current === dirname(current)) return null
  }
}

/** A linked work tree's `.git` is a file naming a folder whose `commondir` leads to the main repository. */
function mainWorkTree(tree: string): string {
  const dotGit = join(tree, '.git')
  if (!statSync(dotGit).isFile()) return tree
  const gitDir = /^gitdir: (.+)$/m.exec(readFileSync(dotGit, 'utf8'))?.[1]
  if (!gitDir) return tree
  const commonFile = join(resolve(tree, gitDir), 'commondir')
  // A submodule has no commondir: it is a project of its own.
  if (!existsSync(commonFile)) return tree
  const common = resolve(tree, gitDir, readFileSync(commonFile, 'utf8').trim())
  return basename(common) === '.git' ? dirname(common) : tree
}

/** A name for a new project: the folder's own, or with its parents where that is taken. */
export async function projectNameFor(
  workspace: Workspace,
  isTaken: (name: string) => Promise<boolean>,
): Promise<string> {
  if (workspace.project !== null) return workspace.project
  const root = workspace.root ?? workspace.pathRoot
  const parts = root.split(/[\\/]/).filter(Boolean)
  for (let count = 1; count <= parts.length; count++) {
    const name = parts.slice(-count).join('/')
    if (!(await isTaken(name))) return name
  }
  return root
}
