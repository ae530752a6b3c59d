import type { Reader } from '../access.ts'
import { isFound } from './filter.ts'
import type { SearchHit, SearchRequest } from './index.ts'

/**
 * For a question of common words alone, which no index holds: the entries that have it as their name, as Who, IT or Now may be one.
 * The newest first; each holds all of the question.
 */
export async function namedAs(db: Reader, request: SearchRequest): Promise<SearchHit[]> {
  const names = spellingsOf(request.query)
  if (names.length === 0) return []
  const found = await db
    .selectFrom('entry')
    .select(['id', 'scope_id as scopeId', 'name', 'type'])
    .where('name', 'in', names)
    .where(isFound(request))
    .orderBy('id', 'desc')
    .limit(request.limit)
    .execute()
  return found.map((entry) => ({ ...entry, score: 1 }))
}

/** As it is given, in small letters, in capitals, and as a name; a database compares letter by letter. None where it can be no name. */
function spellingsOf(query: string): string[] {
  const name = query
    .normalize('NFC')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
    .slice(0, MOST_CHARACTERS)
  // PostgreSQL refuses a question with a NUL.
  if (name === '' || name.includes('\0')) return []
  const small = name.toLowerCase()
  return [
    ...new Set([name, small, name.toUpperCase(), `${small.slice(0, 1).toUpperCase()}${small.slice(1)}`]),
  ]
}

const MOST_CHARACTERS = 512
