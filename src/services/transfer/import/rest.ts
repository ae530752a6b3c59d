import type { Conflict } from '../../../domain/entries/conflict.ts'
import { GLOBAL_SCOPE_ID, outsideScopeId } from '../../../domain/scope.ts'
import type { RecordOf } from '../../../domain/transfer.ts'
import { findConflict, insertConflict } from '../../../store/entries/conflicts.ts'
import { findEntry } from '../../../store/entries/entries.ts'
import {
  deleteRelation,
  findRelation,
  findRelationBetween,
  insertRelation,
} from '../../../store/entries/relations.ts'
import { deleteConflict } from '../../../store/transfer.ts'
import { findVote, putVote } from '../../../store/votes.ts'
import { recordLink } from '../../entries/relations.ts'
import { entryChange } from '../../entry-changes.ts'
import { ofTask } from '../../votes.ts'
import { badLine } from '../lines.ts'
import { type ImportRun, isSame, type Outcome } from './run.ts'

/** A link between two entries; not taken where one of them was not. */
export async function importRelation(
  run: ImportRun,
  { relation }: RecordOf<'relation'>,
  line: number,
): Promise<Outcome> {
  const { unit, caller } = run
  const ends = [relation.from_id, relation.to_id]
  if (ends.some((id) => run.droppedEntries.has(id))) return 'kept'
  if (relation.from_id === relation.to_id) throw badLine(line, 'links an entry with itself')
  const here = (await findRelation(unit.db, relation.id)) ?? (await findRelationBetween(unit.db, relation))
  if (isSame(here, relation)) return 'identical'
  const entries = await Promise.all(ends.map((id) => requireEntry(run, id, line)))
  if (
    here &&
    !run.replaces(line, { kind: 'relation', id: here.id, here: here.created_at, given: relation.created_at })
  )
    return 'kept'
  const between = here && (await findRelationBetween(unit.db, relation))
  for (const old of [here, between]) if (old) await deleteRelation(unit.db, old.id)
  await insertRelation(unit.db, relation)
  for (const entry of entries) await recordLink(unit, caller, entry, relation.id)
  return here ? 'replaced' : 'added'
}

export async function importConflict(
  run: ImportRun,
  { conflict: given }: RecordOf<'conflict'>,
  line: number,
): Promise<Outcome> {
  const { unit, caller } = run
  if (run.droppedEntries.has(given.entry_id)) return 'kept'
  const entry = await requireEntry(run, given.entry_id, line)
  const chain = await run.chain(given.scope_id, line)
  const scopeId = chain[0]?.id ?? GLOBAL_SCOPE_ID
  const conflict = { ...given, scope_id: outsideScopeId(scopeId) }
  const here = await findConflict(unit.db, conflict.id)
  if (isSame(here, conflict)) return 'identical'
  if (
    here &&
    !run.replaces(line, { kind: 'conflict', id: here.id, here: lastTime(here), given: lastTime(conflict) })
  )
    return 'kept'
  if (here) await deleteConflict(unit.db, here.id)
  await insertConflict(unit.db, conflict, scopeId)
  const type = conflict.status === 'open' ? 'conflict.opened' : 'conflict.resolved'
  unit.record(entryChange(type, entry, chain, { ...caller, detail: { conflict_id: conflict.id } }))
  return here ? 'replaced' : 'added'
}

export async function importVote(run: ImportRun, { vote }: RecordOf<'vote'>, line: number): Promise<Outcome> {
  const { unit, caller } = run
  const { scope_id, ...own } = vote
  const [scope] = await run.chain(scope_id, line)
  if (!scope) throw new RangeError('a scope chain is never empty')
  const task = { scopeId: scope.id, taskId: vote.task_id }
  const here = await findVote(unit.db, task, vote.agent_id)
  if (isSame(here, own)) return 'identical'
  if (
    here &&
    !run.replaces(line, { kind: 'vote', id: vote.task_id, here: here.updated_at, given: vote.updated_at })
  )
    return 'kept'
  await putVote(unit.db, task, own)
  unit.record({ ...ofTask(scope, vote.task_id), type: 'vote.recorded', agentId: caller.agentId })
  return here ? 'replaced' : 'added'
}

function lastTime({ created_at, resolved_at }: Conflict): string {
  return resolved_at ?? created_at
}

async function requireEntry({ unit }: ImportRun, id: string, line: number) {
  const entry = await findEntry(unit.db, id)
  if (!entry) throw badLine(line, 'names an entry that is neither in the file nor here')
  return entry
}
