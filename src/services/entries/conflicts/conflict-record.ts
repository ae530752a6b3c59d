import type { Entry } from '../../../domain/entries/entry.ts'
import { pick } from '../../../domain/entries/merge.ts'
import { AppError } from '../../../domain/errors.ts'
import { newId } from '../../../domain/ids.ts'
import { GLOBAL_SCOPE_ID, type Scope } from '../../../domain/scope.ts'
import { insertConflict } from '../../../store/entries/conflicts.ts'
import type { WriteUnit } from '../../../store/store.ts'
import { entryChange } from '../../entry-changes.ts'
import type { Caller } from '../../running/caller.ts'

/** Two agents' versions of the same fields, at the moment they met. */
interface Clash {
  readonly kind: 'refused' | 'overwritten'
  readonly fields: readonly string[]
  readonly current: Entry
  /** The agent that wrote these fields' present values; another one may have written the current version. */
  readonly currentAgent: string
  readonly incoming: Readonly<Record<string, unknown>>
  readonly baseVersion: number | null
  readonly chain: readonly Scope[]
}

/** Keeps both sides' words. Answers the conflict's id. */
export async function recordConflict(
  unit: WriteUnit,
  caller: Caller,
  clash: Clash,
  now: number,
): Promise<string> {
  const { current } = clash
  const id = newId(now)
  const conflict = {
    id,
    entry_id: current.id,
    entry_type: current.type,
    scope_id: current.scope_id,
    status: 'open',
    kind: clash.kind,
    base_version: clash.baseVersion,
    current_version: current.version,
    fields: clash.fields,
    current_values: pick(current, clash.fields),
    incoming_values: pick(clash.incoming, clash.fields),
    current_agent: clash.currentAgent,
    incoming_agent: caller.agentId,
    created_at: new Date(now).toISOString(),
    resolution: null,
    resolved_at: null,
    resolved_by: null,
  } as const
  await insertConflict(unit.db, conflict, current.scope_id ?? GLOBAL_SCOPE_ID)
  unit.record(
    entryChange('conflict.opened', current, clash.chain, { ...caller, detail: { conflict_id: id } }),
  )
  return id
}

/** `ownAt`: the caller wrote the present values itself, then. */
export function conflictError(id: string, clash: Clash, ownAt: string | undefined): AppError {
  const { current, currentAgent, fields, incoming, baseVersion } = clash
  const who = ownAt === undefined ? 'Another agent' : `You yourself (${ownAt})`
  return new AppError(
    'CONFLICT',
    `${who} changed ${fields.join(', ')} since version ${baseVersion}; the entry is at version ${current.version}.`,
    {
      details: {
        conflict_id: id,
        id: current.id,
        base_version: baseVersion,
        current_version: current.version,
        fields,
        changed_by: currentAgent,
        current: pick(current, fields),
        incoming: pick(incoming, fields),
      },
      suggestion:
        'Nothing is lost: merge the two and update again, or settle it with memory_conflict resolve.',
    },
  )
}
