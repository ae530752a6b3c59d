import { sql } from 'kysely'
import { openTypes, type Withheld } from '../../domain/access/rights.ts'
import { tagKey } from '../../domain/entries/tag.ts'
import type { Reader } from '../access.ts'

/** How often a tag is used, in the spelling of the oldest entry that has it. */
export interface TagCount {
  readonly tag: string
  readonly count: number
}

/** The tags that active entries of these scopes have, in the order of their keys. */
export async function countTags(
  db: Reader,
  {
    scopeIds,
    types,
    withheld,
  }: { scopeIds: readonly string[]; types: readonly string[]; withheld: Withheld },
): Promise<TagCount[]> {
  const rows = await db
    .selectFrom('entry_tag')
    .innerJoin('entry', 'entry.id', 'entry_tag.entry_id')
    .select((eb) => [
      'entry_tag.tag',
      eb.fn.countAll<number>().as('count'),
      eb.fn.min('entry_id').as('first'),
    ])
    .where((eb) =>
      eb.or(
        scopeIds.map((id) =>
          eb.and([eb('entry.scope_id', '=', id), eb('entry.type', 'in', openTypes(withheld, id, types))]),
        ),
      ),
    )
    .where('entry.status', '=', 'active')
    .groupBy('entry_tag.tag')
    .execute()
  const byAge = rows.sort((a, b) => (a.first < b.first ? -1 : 1))
  const groups = [...Map.groupBy(byAge, ({ tag }) => tagKey(tag))]
  return groups
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, spellings]) => ({
      tag: spellings[0]?.tag ?? '',
      count: spellings.reduce((sum, { count }) => sum + Number(count), 0),
    }))
}

/** The tags as entries spell them, in every spelling in use; a tag that no entry has stays as it is. */
export async function spellingsOf(db: Reader, tags: readonly string[]): Promise<readonly string[]> {
  if (tags.length === 0) return tags
  // From one tag to the next by the index: as many steps as there are tags, however many entries have them.
  const { rows } = await sql<{ tag: string }>`with recursive known(tag) as (
    select min(tag) from entry_tag
    union all
    select (select min(tag) from entry_tag where tag > known.tag) from known where known.tag is not null
  ) select tag from known where tag is not null`.execute(db)
  const keys = new Set(tags.map(tagKey))
  return [...new Set([...tags, ...rows.flatMap(({ tag }) => (keys.has(tagKey(tag)) ? tag : []))])]
}
