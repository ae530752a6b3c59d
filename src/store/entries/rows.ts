import type { Selectable } from 'kysely'
import { type Entry, entrySchema } from '../../domain/entries/entry.ts'
import { outsideScopeId, type ScopeType } from '../../domain/scope.ts'
import { sketchKeys } from '../../domain/words/ranking/sketch.ts'
import type { Reader } from '../access.ts'
import type { EntryRow } from '../schema.ts'
import { sketchPlace } from './alike.ts'
import { wordsOf } from './words.ts'

// An entry as a row, and back.

/** Rows know only the scope's id; its type comes from the join or from the caller. */
type StoredEntry = Selectable<EntryRow> & { scope_type: ScopeType }

const SHARED = new Set(Object.keys(entrySchema.shape))

export function toEntry(row: StoredEntry): Entry {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    content: row.content,
    ...(JSON.parse(row.fields) as Record<string, unknown>),
    scope_type: row.scope_type,
    scope_id: outsideScopeId(row.scope_id),
    tags: JSON.parse(row.tags) as string[],
    priority: row.priority,
    version: row.version,
    status: row.status,
    created_at: row.created_at,
    created_by: row.created_by,
    updated_at: row.updated_at,
    updated_by: row.updated_by,
    metadata: JSON.parse(row.metadata) as Record<string, unknown>,
  }
}

export function toRow(entry: Entry, scopeId: string, words = wordsOf(entry)): Omit<EntryRow, 'seq'> {
  const [sketch_a, sketch_b] = sketchKeys(words.sketch, sketchPlace(scopeId, entry.type))
  const fields = Object.fromEntries(Object.entries(entry).filter(([key]) => !SHARED.has(key)))
  return {
    id: entry.id,
    type: entry.type,
    scope_id: scopeId,
    name: entry.name,
    content: entry.content,
    tags: JSON.stringify(entry.tags),
    priority: entry.priority,
    version: entry.version,
    status: entry.status,
    fields: JSON.stringify(fields),
    metadata: JSON.stringify(entry.metadata),
    search_text: words.searchText,
    sketch_a,
    sketch_b,
    valid_from: instant(entry['valid_from']),
    valid_until: instant(entry['valid_until']),
    review_by: instant(entry['review_by']),
    created_at: entry.created_at,
    created_by: entry.created_by,
    updated_at: entry.updated_at,
    updated_by: entry.updated_by,
  }
}

function instant(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

export const withScopeType = (db: Reader) =>
  db
    .selectFrom('entry')
    .innerJoin('scope', 'scope.id', 'entry.scope_id')
    .selectAll('entry')
    .select('scope.type as scope_type')
