import type { Entry } from '../../../domain/entries/entry.ts'
import { changedFields, pick, writtenFields } from '../../../domain/entries/merge.ts'
import { AppError } from '../../../domain/errors.ts'
import { GLOBAL_SCOPE_ID } from '../../../domain/scope.ts'
import type { Reader } from '../../../store/access.ts'
import { retiredVersions } from '../../../store/entries/past/retired-names.ts'
import type { Caller } from '../../running/caller.ts'
import { versionsBack } from './field-writers.ts'

/** A change that an agent made on the version `base`, and the entry that it has met. */
interface Based {
  readonly current: Entry
  readonly patch: Readonly<Record<string, unknown>>
  readonly base: number
}

/** Refuses a version that was read under the entry's name while another entry had it. */
export async function refuseOthersBase(db: Reader, based: Based): Promise<void> {
  const { current, base } = based
  if (base === current.version) return
  const { type, name } = current
  const place = { scopeId: current.scope_id ?? GLOBAL_SCOPE_ID, type, names: [name] }
  const retired = (await retiredVersions(db, place)).get(name) ?? 0
  if (base <= retired) throw unknownBase(based)
}

/** The version `base` and all after it, the current one last. */
export async function versionsSince(db: Reader, based: Based): Promise<Entry[]> {
  const { current, base } = based
  if (base > current.version) {
    throw new AppError(
      'INVALID_PARAMETER',
      `base_version: ${base} is newer than the current version ${current.version}.`,
    )
  }
  if (base === current.version) return [current]
  const versions = [current]
  for await (const version of versionsBack(db, current)) {
    if (version.version < base) break
    versions.push(version)
  }
  if (versions.at(-1)?.version !== base) throw unknownBase(based)
  return versions.reverse()
}

/** An agent sends an update again when its answer was lost: its version stands, and holds just these values. */
export function isOwnRepeat(
  caller: Caller,
  since: readonly Entry[],
  patch: Based['patch'],
  clashes: readonly string[],
): boolean {
  const current = since.at(-1)
  if (current?.updated_by !== caller.agentId || changedFields(current, patch).length > 0) return false
  const others = writtenFields(since.slice(0, -1))
  return clashes.every((field) => !others.has(field))
}

function unknownBase({ current, patch, base }: Based): AppError {
  const fields = Object.keys(patch)
  return new AppError(
    'CONFLICT',
    `This entry has no version ${base}: it was made anew, or its history is not here.`,
    {
      details: {
        id: current.id,
        base_version: base,
        current_version: current.version,
        created_at: current.created_at,
        current: pick(current, fields),
        incoming: pick(patch, fields),
      },
      suggestion: 'Get the entry and make the change on the version that it has now.',
    },
  )
}
