import { areApart, haveMarkInCommon, marksOf, mayBeSiblings } from '../../../domain/places/repository.ts'
import { GLOBAL_SCOPE_ID, type Scope, type ScopeType } from '../../../domain/scope.ts'
import type { RecordOf } from '../../../domain/transfer.ts'
import {
  findScope,
  findScopeByRoot,
  findScopesByName,
  insertScope,
  insertScopeRevision,
  listMarkedProjects,
  updateScope,
} from '../../../store/scopes/scopes.ts'
import { raiseTurnCounter } from '../../../store/transfer.ts'
import { scopeChange } from '../../scope-changes.ts'
import { badLine } from '../lines.ts'
import { type ImportRun, isSame, type Outcome, saysTheSame } from './run.ts'

const PARENTS: Readonly<Record<ScopeType, readonly ScopeType[]>> = {
  global: [],
  org: ['global'],
  project: ['global', 'org'],
  session: ['global', 'org', 'project'],
}

/** Puts a scope in. One that is here under another id is the same scope: what the file has in it goes there. */
export async function importScope(
  run: ImportRun,
  { scope: given, sequence }: RecordOf<'scope'>,
  line: number,
): Promise<Outcome> {
  const placed = await place(run, given, line)
  const outcome = await put(run, placed, line)
  if (sequence !== undefined) await raiseTurnCounter(run.unit.db, run.scopeId(given.id), sequence)
  return outcome
}

async function place(run: ImportRun, given: Scope, line: number): Promise<Scope> {
  if ((given.type === 'global') !== (given.id === GLOBAL_SCOPE_ID))
    throw badLine(line, 'holds a global scope that is not the one')
  if (given.type === 'global') return given
  const [parent] = await run.chain(given.parent_id, line)
  if (!parent || !PARENTS[given.type].includes(parent.type))
    throw badLine(line, `holds a ${given.type} that stands below a ${parent?.type}`)
  return { ...given, parent_id: parent.id }
}

async function put(run: ImportRun, given: Scope, line: number): Promise<Outcome> {
  const { db } = run.unit
  const here = (await findScope(db, given.id)) ?? (await findTwin(run, given))
  const scope = await besideOthers(run, { ...given, id: here?.id ?? given.id })
  if (!here) {
    await insertScope(db, scope)
    run.unit.record(scopeChange('scope.created', scope, run.caller.agentId))
    return 'added'
  }
  if (here.type !== scope.type)
    throw badLine(line, `holds a ${scope.type} whose id is that of a ${here.type} here`)
  if (here.id !== given.id) run.scopeIds.set(given.id, here.id)
  if (isSame(here, scope) || saysTheSame(here, scope)) return 'identical'
  const times = { here: here.updated_at, given: scope.updated_at }
  if (!run.replaces(line, { kind: 'scope', id: here.id, ...times })) return 'kept'
  const other = await findTwin(run, scope)
  if (other) throw badLine(line, `holds a ${scope.type} whose name or root another one has here`)
  await overwrite(run, here, scope)
  return 'replaced'
}

/** What the file says becomes the next version; what was here stays in the scope's history. */
async function overwrite(run: ImportRun, here: Scope, given: Scope): Promise<void> {
  const version = Math.max(here.version, given.version) + 1
  const made = { ...given, version, updated_at: new Date().toISOString() }
  await insertScopeRevision(run.unit.db, here, made.updated_at)
  await updateScope(run.unit.db, made)
  run.forgetChains()
  run.unit.record(scopeChange('scope.updated', made, run.caller.agentId))
}

/** Another scope that has the same root or is of the same repository, or is an org or project of the same name in the same place. */
async function findTwin(run: ImportRun, scope: Scope): Promise<Scope | undefined> {
  const mayBe = (other: Scope | undefined) =>
    other && other.id !== scope.id && !areApart(marksOf(other), marksOf(scope)) ? other : undefined
  return (
    mayBe(await ofSameRoot(run, scope)) ??
    (await ofSameRepository(run, scope)) ??
    mayBe(await ofSameName(run, scope))
  )
}

async function ofSameRoot({ unit: { db } }: ImportRun, { root_path }: Scope): Promise<Scope | undefined> {
  return root_path === null ? undefined : findScopeByRoot(db, root_path)
}

/** The repository may lie at another path here. Where two projects have its marks, none is guessed. */
async function ofSameRepository({ unit: { db } }: ImportRun, scope: Scope): Promise<Scope | undefined> {
  if (scope.type !== 'project') return undefined
  const marks = marksOf(scope)
  const fitting = (await listMarkedProjects(db))
    .filter(({ id }) => id !== scope.id)
    .filter((other) => haveMarkInCommon(marksOf(other), marks) && !mayBeSiblings(marksOf(other), marks))
  return fitting.length === 1 ? fitting[0] : undefined
}

async function ofSameName(
  { unit: { db } }: ImportRun,
  { id, type, name, parent_id }: Scope,
): Promise<Scope | undefined> {
  if (type === 'session' || type === 'global') return undefined
  const named = await findScopesByName(db, { type, name, parentId: parent_id ?? GLOBAL_SCOPE_ID })
  return named.find((other) => other.id !== id)
}

/** Of two repositories that stand in one folder on two machines, or have one name, the one that comes gives way. */
async function besideOthers(run: ImportRun, scope: Scope): Promise<Scope> {
  const isOther = (other: Scope | undefined) =>
    other !== undefined && other.id !== scope.id && areApart(marksOf(other), marksOf(scope))
  const root_path = isOther(await ofSameRoot(run, scope)) ? null : scope.root_path
  let name = scope.name
  for (let n = 2; isOther(await ofSameName(run, { ...scope, name })); n++) name = `${scope.name} ${n}`
  return { ...scope, name, root_path }
}
