import { GLOBAL_SCOPE_ID, type Scope, type ScopeType } from '../../domain/scope.ts'
import type { RecordOf } from '../../domain/transfer.ts'
import {
  findScope,
  findScopeByRoot,
  findScopesByName,
  insertScope,
  insertScopeRevision,
  updateScope,
} from '../../store/scopes.ts'
import { raiseTurnCounter } from '../../store/transfer.ts'
import { scopeChange } from '../scope-changes.ts'
import { type ImportRun, isSame, type Outcome, saysTheSame } from './import-run.ts'
import { badLine } from './lines.ts'

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

async function put(run: ImportRun, scope: Scope, line: number): Promise<Outcome> {
  const { db } = run.unit
  const here = (await findScope(db, scope.id)) ?? (await findTwin(run, scope))
  if (!here) {
    await insertScope(db, scope)
    run.unit.record(scopeChange('scope.created', scope, run.caller.agentId))
    return 'added'
  }
  const renamed = { ...scope, id: here.id }
  if (here.type !== scope.type)
    throw badLine(line, `holds a ${scope.type} whose id is that of a ${here.type} here`)
  if (here.id !== scope.id) run.scopeIds.set(scope.id, here.id)
  if (isSame(here, renamed) || saysTheSame(here, renamed)) return 'identical'
  if (!run.replaces(line, { kind: 'scope', id: here.id })) return 'kept'
  const other = await findTwin(run, renamed)
  if (other) throw badLine(line, `holds a ${scope.type} whose name or root another one has here`)
  await overwrite(run, here, renamed)
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

/** Another scope that has the same root, or is an org or project of the same name in the same place. */
async function findTwin({ unit: { db } }: ImportRun, scope: Scope): Promise<Scope | undefined> {
  const sameRoot = scope.root_path === null ? undefined : await findScopeByRoot(db, scope.root_path)
  if (sameRoot && sameRoot.id !== scope.id) return sameRoot
  if (scope.type === 'session' || scope.type === 'global') return undefined
  const key = { type: scope.type, name: scope.name, parentId: scope.parent_id ?? GLOBAL_SCOPE_ID }
  return (await findScopesByName(db, key)).find((other) => other.id !== scope.id)
}
