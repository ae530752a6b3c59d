import type { Entry } from '../entries/entry.ts'
import type { EntryType } from '../entries/types/entry-type.ts'
import { indexTerms } from './search-terms.ts'

/** What the search index gets of an entry beside its name, content and tags. */
export function searchText(entry: Entry, type: EntryType): string {
  const own = type.indexText(entry).trim()
  return [own, indexTerms([entry.name, entry.content, entry.tags.join(' '), own].join('\n'))]
    .join('\n')
    .trim()
}
