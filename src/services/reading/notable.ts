import { standingAmong } from '../../domain/entries/in-force.ts'
import { byValue } from '../../domain/reading/context.ts'
import type { Reader } from '../../store/access.ts'
import {
  type EntryOutline,
  findNamesakes,
  newestEntries,
  type Reach,
  topEntries,
} from '../../store/entries/visible-entries.ts'

/** Of the most important entries and of the newest so many each. */
const MOST_OF_EACH = 50

/** What is worth showing of a memory to a reader without a question: the most important entries, then the newest. */
export async function notableEntries(db: Reader, reach: Reach): Promise<EntryOutline[]> {
  const top = await topEntries(db, reach, MOST_OF_EACH)
  const ranked = top.map((entry) => ({ ...entry, distance: reach.scopeIds.indexOf(entry.scopeId) }))
  const important = ranked.sort(byValue).slice(0, MOST_OF_EACH)
  const newest = await newestEntries(db, reach, MOST_OF_EACH)
  const entries = new Map([...important, ...newest].map((entry) => [entry.id, entry]))
  const namesakes = await findNamesakes(db, reach, [...entries.values()])
  const standing = standingAmong(namesakes, reach.scopeIds)
  return [...entries.values()].filter((entry) => !standing(entry).isHidden)
}
