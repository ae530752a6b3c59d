import type { Entry } from '../../domain/entries/entry.ts'
import { AppError } from '../../domain/errors.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Writer } from '../../store/access.ts'
import { takenNames } from '../../store/entries/entries.ts'
import { givenVersions } from '../../store/entries/past/retired-names.ts'

// In one scope a name stands for one entry of a type.

export function refuseRepeated(names: readonly string[]): void {
  const seen = new Map<string, number>()
  for (const [index, name] of names.entries()) {
    const first = seen.get(name)
    if (first !== undefined) {
      throw alreadyExists(`entries.${index}: has the same name as entries.${first}.`, {
        index,
        same_as: first,
      })
    }
    seen.set(name, index)
  }
}

export function refuseTaken(
  type: string,
  names: readonly string[],
  taken: ReadonlyMap<string, string>,
): void {
  for (const [index, name] of names.entries()) {
    const id = taken.get(name)
    if (id === undefined) continue
    const place = names.length > 1 ? `entries.${index}: ` : 'name: '
    throw alreadyExists(`${place}this scope already has a ${type} of that name (${id}).`, { id, name, index })
  }
}

/** Whether the entry may have this name; answers how far another entry got that had it before, 0 for none. */
export async function takeName(db: Writer, current: Entry, name: string): Promise<number> {
  const key = { scopeId: current.scope_id ?? GLOBAL_SCOPE_ID, type: current.type, names: [name] }
  const [taken] = await takenNames(db, key)
  if (taken)
    throw alreadyExists(`name: this scope already has a ${current.type} of that name (${taken[1]}).`, {
      id: taken[1],
    })
  return (await givenVersions(db, key)).get(name) ?? 0
}

function alreadyExists(message: string, details: Readonly<Record<string, unknown>>): AppError {
  return new AppError('ALREADY_EXISTS', message, { details })
}
