import { existsSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import type { Scope } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { listScopes } from '../../store/scopes/scopes.ts'
import type { Workspace } from '../running/caller.ts'
import { findProject } from './current-project.ts'
import { nearestScope } from './named-scope.ts'

const LOOKED_AT = 500
const NAMED = 3

/** What is said to a write that went to global because the server stands in no project. */
export const BECAME_GLOBAL =
  'Kept for every project (global): the server was started in the home folder or /. Name a scope, or start it with mcp --root FOLDER or AGENT_MEMORY_PROJECT.'

/** Why the memory that a caller looks for may be somewhere else, and how to get it here. */
export async function whereItMayBe(
  db: Reader,
  workspace: Workspace,
  exists: boolean,
): Promise<string | undefined> {
  const { candidates } = await findProject(db, workspace)
  const here = workspace.root ?? workspace.pathRoot
  if (candidates.length > 0) return unsettled(candidates, workspace)
  if (workspace.isOutside && workspace.project === null && workspace.root === null)
    return 'This is the home folder or /: what is written without a scope goes to global. mcp --root FOLDER or AGENT_MEMORY_PROJECT names a project.'
  if (!exists && workspace.project !== null) return unmadeProject(db, workspace.project)
  if (exists || workspace.root === null) return undefined
  const gone = await goneProjects(db, here)
  if (gone.length === 0) return undefined
  return `The folder is gone of ${named(gone)}. If it is this one now: agent-memory scope move "${gone[0]?.root_path}" "${here}".`
}

/** A project that is named, and is not there: a slip makes another one at its first write. */
async function unmadeProject(db: Reader, name: string): Promise<string> {
  const near = await nearestScope(db, 'project', name)
  return `No project is called so yet; the first write makes it.${near ? ` Did you mean '${near.name}' (${near.id})?` : ''}`
}

function unsettled(candidates: readonly Scope[], { root, pathRoot }: Workspace): string {
  const here = root ?? pathRoot
  return `${whyUnsettled(candidates, [here, pathRoot])}: ${named(candidates)}. To have one here: agent-memory scope move ID "${here}", or AGENT_MEMORY_PROJECT=ID.`
}

function whyUnsettled(candidates: readonly Scope[], folders: readonly string[]): string {
  const [only] = candidates
  if (candidates.length > 1) return `${candidates.length} projects fit this repository, and none was chosen`
  return folders.includes(only?.root_path ?? '')
    ? 'The project of this folder was made for another repository'
    : 'A project begins with the same commit, and its remotes have other names; it was not chosen'
}

function named(projects: readonly Scope[]): string {
  const shown = projects
    .slice(0, NAMED)
    .map(({ id, name, root_path }) => `${name} (${root_path ?? 'no folder'}, ${id})`)
  return projects.length > NAMED
    ? `${shown.join(', ')} and ${projects.length - NAMED} more`
    : shown.join(', ')
}

/** Those that stood beside this one or had its name, newest first: the folders of other machines are none here either. */
async function goneProjects(db: Reader, here: string): Promise<Scope[]> {
  const projects = await listScopes(db, { type: 'project', limit: LOOKED_AT })
  return projects.filter(({ root_path: root }) => {
    if (root === null || existsSync(root)) return false
    return existsSync(dirname(root)) || basename(root) === basename(here)
  })
}
