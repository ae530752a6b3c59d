import type { EntryType } from './entry-type.ts'
import { guideline } from './guideline.ts'
import { knowledge } from './knowledge.ts'
import { observation } from './observation.ts'
import { tool } from './tool.ts'

export const ENTRY_TYPES: readonly EntryType[] = [guideline, knowledge, tool, observation]
export const ENTRY_TYPE_NAMES = ENTRY_TYPES.map((type) => type.name)

const byName = new Map(ENTRY_TYPES.map((type) => [type.name, type]))

/** The entry type of that name; a name from outside must have been checked before. */
export function entryType(name: string): EntryType {
  const found = byName.get(name)
  if (!found) throw new RangeError(`no entry type ${name}`)
  return found
}
