import { type EntryType, textField, type WordedEntry } from '../entries/types/entry-type.ts'
import { type Document, documentText, readDocument } from './document.ts'
import { inEnglish } from './in-english.ts'
import { toBytes, tokensVector, type WordTable } from './vectors/vectors.ts'

/** What the search index gets of an entry: its terms, and its vector where there is a table of words. */
export function searchText(entry: WordedEntry, type: EntryType, table: WordTable | null): string {
  const document = documentOf(entry, type)
  const vector = table ? vectorOf(document, table) : undefined
  return documentText(document, vector && toBytes(vector))
}

/** What an entry is called, and filed under, says twice as much of what it is about as the rest. */
function vectorOf(
  { name, tags, content, more, language }: Document,
  table: WordTable,
): Float32Array | undefined {
  const texts = [name, name, tags, tags, content, more].map((tokens) => inEnglish(tokens, language))
  return tokensVector(texts, table)
}

/** The words of an entry, cut as they are for the index. */
export function documentOf(entry: WordedEntry, type: EntryType): Document {
  const { name, content, tags } = entry
  const kind = type.name === 'observation' ? 'session log' : type.name
  const more = [type.indexText(entry), textField(entry, 'category'), kind, dayOf(textField(entry, 'at'))]
  return readDocument({ name, tags: tags.join('\n'), content, more: more.join('\n') })
}

/** Made when it is first needed: that takes longer than all of a short entry. */
let days: Intl.DateTimeFormat | undefined

/** "8 May 2023", as people ask for it. */
function dayOf(at: string): string {
  const time = at === '' ? Number.NaN : Date.parse(at)
  if (Number.isNaN(time)) return ''
  days ??= new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  })
  return days.format(time)
}
