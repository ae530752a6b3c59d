import { realpathSync } from 'node:fs'
import { dirname, parse } from 'node:path'
import { homeFolder } from '../../domain/places/home-folder.ts'
import { refuseGone, unreadableFolder } from '../../domain/places/working-folder.ts'
import type { Workspace } from '../running/caller.ts'
import { storedSpelling } from '../running/stored-spelling.ts'
import { gitDirOf, Repository } from './repository.ts'

/** What the working directory says: its project (all work trees of one repository are one) and the root of its paths. */
export function findWorkspace(cwd: string, project: string | undefined): Workspace {
  const folder = storedSpelling(realFolder(cwd))
  const home = homeFolder()
  const found = findRepository(folder)
  const { repository = null, tree } = found ?? {}
  const isOutside = !found && (folder === parse(folder).root || folder === realHome(home))
  const root = repository && storedSpelling(repository.root)
  return { project: project ?? null, root, pathRoot: tree ?? folder, isOutside, home, repository }
}

function realFolder(cwd: string): string {
  refuseGone(cwd)
  try {
    return realpathSync(cwd)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw unreadableFolder(cwd, code)
  }
}

/** The repository of the nearest folder upwards that has one. */
function findRepository(folder: string): { tree: string; repository: Repository } | undefined {
  for (let current = folder; ; current = dirname(current)) {
    const gitDir = gitDirOf(current)
    if (gitDir !== undefined) return { tree: current, repository: new Repository(current, gitDir) }
    if (current === dirname(current)) return undefined
  }
}

function realHome(home: string): string {
  try {
    return realpathSync(home)
  } catch {
    return home
  }
}

/** A name for a new project: the folder's own, or with its parents where that is taken. */
export async function projectNameFor(
  workspace: Workspace,
  isTaken: (name: string) => Promise<boolean>,
): Promise<string> {
  if (workspace.project !== null) return workspace.project.normalize('NFC')
  const root = workspace.root ?? workspace.pathRoot
  const parts = root
    .replace(/\.git$/, '')
    .split(/[\\/]/)
    .filter(Boolean)
  for (let count = 1; count <= parts.length; count++) {
    const name = parts.slice(-count).join('/').normalize('NFC')
    if (!(await isTaken(name))) return name
  }
  return root
}
