import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../domain/errors.ts'
import {
  areApart,
  haveMarkInCommon,
  marksOf,
  mayBeSiblings,
  moreMarks,
  NO_MARKS,
} from '../../domain/places/repository.ts'
import { GLOBAL_SCOPE_ID, type Scope } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import {
  findScope,
  findScopeByRoot,
  findScopesByName,
  insertScope,
  listMarkedProjects,
} from '../../store/scopes/scopes.ts'
import type { WriteUnit } from '../../store/store.ts'
import type { Workspace } from '../running/caller.ts'
import { scopeChange } from '../scope-changes.ts'
import { projectNameFor } from '../workspace/workspace.ts'
import { newScope } from './new-scope.ts'
import { type Author, putScope } from './put-scope.ts'

/** The project that a caller stands in, or those that it could be: which one is not guessed. */
export interface ProjectSearch {
  readonly project?: Scope | undefined
  readonly candidates: readonly Scope[]
}

/** AGENT_MEMORY_PROJECT by id or name, else the project of this folder, else the one that has a mark of this repository. */
export async function findProject(db: Reader, workspace: Workspace): Promise<ProjectSearch> {
  if (workspace.project !== null)
    return { project: await namedProject(db, workspace.project), candidates: [] }
  const here = await projectOfFolder(db, workspace)
  const { repository } = workspace
  if (!repository || (here && (await isOfRepository(here, repository))))
    return { project: here, candidates: [] }
  const others = (await listMarkedProjects(db)).filter(({ id }) => id !== here?.id)
  // Git is a process of its own: not for nothing.
  const marks = others.length > 0 ? await repository.marks() : NO_MARKS
  const alike = others.filter((other) => haveMarkInCommon(marksOf(other), marks))
  const fitting = alike.filter((other) => !mayBeSiblings(marksOf(other), marks))
  const [only] = fitting
  if (only && fitting.length === 1) return { project: only, candidates: [] }
  const found = only ? fitting : alike
  return { candidates: here ? [here, ...found] : found }
}

/** Another repository may have come to the folder of one that was moved. Git is asked only where the remotes leave it open. */
async function isOfRepository(
  project: Scope,
  repository: NonNullable<Workspace['repository']>,
): Promise<boolean> {
  const known = marksOf(project)
  if (known.commits.length === 0 || known.remotes.some((remote) => repository.remotes.includes(remote)))
    return true
  return !areApart(known, await repository.marks())
}

async function namedProject(db: Reader, project: string): Promise<Scope | undefined> {
  const byId = await findScope(db, project)
  if (byId) return byId
  const named = await findScopesByName(db, { type: 'project', name: project })
  if (named.length < 2) return named[0]
  throw new AppError('INVALID_SCOPE', 'AGENT_MEMORY_PROJECT names more than one project.', {
    suggestion: 'Set it to the id of the one you mean; memory_scope list shows them.',
  })
}

/** By the repository's folder, else the work tree's, as before one was known by the other; without a repository the nearest upwards. */
async function projectOfFolder(db: Reader, { root, pathRoot }: Workspace): Promise<Scope | undefined> {
  for (const folder of root === null ? upwards(pathRoot) : new Set([root, pathRoot])) {
    const found = await findScopeByRoot(db, folder)
    if (found) return found
  }
  return undefined
}

function upwards(folder: string): string[] {
  const parent = dirname(folder)
  return parent === folder ? [folder] : [folder, ...upwards(parent)]
}

/** The current project as it will be, but for what git says of it: it inherits already, and holds nothing. */
export async function projectToBe(
  db: Reader,
  workspace: Workspace,
  { agentId, now }: Author,
): Promise<Scope> {
  const name = await projectNameFor(workspace, async (each) => {
    const taken = await findScopesByName(db, { type: 'project', name: each, parentId: GLOBAL_SCOPE_ID })
    return taken.length > 0
  })
  return newScope(agentId, now, {
    type: 'project',
    parentId: GLOBAL_SCOPE_ID,
    name,
    root_path: workspace.project === null ? (workspace.root ?? undefined) : undefined,
  })
}

/** Makes the current project. One of another repository that stood in this folder before gives the folder up. */
export async function createProject(unit: WriteUnit, workspace: Workspace, author: Author): Promise<Scope> {
  const marks = workspace.project === null ? await workspace.repository?.marks() : undefined
  const repository = marks && moreMarks(NO_MARKS, marks)
  const project = {
    ...(await projectToBe(unit.db, workspace, author)),
    ...(repository && { metadata: { repository } }),
  }
  const before = project.root_path === null ? undefined : await findScopeByRoot(unit.db, project.root_path)
  if (before) await putScope(unit, { before, after: { ...before, root_path: null } }, author)
  await insertScope(unit.db, project)
  unit.record(scopeChange('scope.created', project, author.agentId))
  return project
}

/** Whether the project stands here and knows the repository: then git has nothing to add, and need not be started. */
export function isKnownTo(project: Scope, { root, repository }: Workspace): boolean {
  const { commits, remotes } = marksOf(project)
  const isHere = project.root_path !== null && project.root_path === root
  return (
    isHere && commits.length > 0 && (repository?.remotes ?? []).every((remote) => remotes.includes(remote))
  )
}

/** Keeps what is known of the repository by now, and its folder where that was moved. */
export async function learn(
  unit: WriteUnit,
  project: Scope,
  workspace: Workspace,
  author: Author,
): Promise<void> {
  if (workspace.project !== null || !workspace.repository || isKnownTo(project, workspace)) return
  const repository = moreMarks(marksOf(project), await workspace.repository.marks())
  const root_path = await folderNow(unit.db, project, workspace)
  if (!repository && root_path === project.root_path) return
  const metadata = repository ? { ...project.metadata, repository } : project.metadata
  await putScope(unit, { before: project, after: { ...project, root_path, metadata } }, author)
}

/** On another machine a project may stand in a folder that is none here: it was moved where only its last name is gone. */
async function folderNow(db: Reader, { root_path }: Scope, { root }: Workspace): Promise<string | null> {
  if (root_path === null || root === null || root === root_path) return root_path
  const isMoved = !existsSync(root_path) && existsSync(dirname(root_path))
  return isMoved && !(await findScopeByRoot(db, root)) ? root : root_path
}
