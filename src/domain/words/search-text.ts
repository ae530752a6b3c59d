import type { Entry } from '../entries/entry.ts'
import { type EntryType, textField } from '../entries/types/entry-type.ts'
import { type DocumentParts, documentText } from './document.ts'
import { textVector, toBytes, type WordTable } from './vectors.ts'

/** What the search index gets of an entry: its terms, and its vector where there is a table of words. */
export function searchText(entry: Entry, type: EntryType, table: WordTable | null): string {
  const parts = partsOf(entry, type)
  const vector = table ? textVector(textOf(parts), table) : undefined
  return documentText(parts, vector && toBytes(vector))
}

function partsOf(entry: Entry, type: EntryType): DocumentParts {
  const { name, content, tags } = entry
  const kind = type.name === 'observation' ? 'session log' : type.name
  const more = [type.indexText(entry), textField(entry, 'category'), kind, dayOf(textField(entry, 'at'))]
  return { name, tags, content, more: more.join('\n') }
}

function textOf({ name, tags, content, more }: DocumentParts): string {
  return [name, tags.join(' '), content, more].join('\n')
}

/** "8 May 2023", as people ask for it. */
function dayOf(at: string): string {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return ''
  const options = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' } as const
  return new Date(time).toLocaleDateString('en-GB', options)
}
