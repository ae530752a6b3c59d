import type { WordedEntry } from '../../domain/entries/types/entry-type.ts'
import { entryType } from '../../domain/entries/types/index.ts'
import { wordsToFindBy } from '../../domain/words/ranking/similarity.ts'
import { type Sketch, sketchOf } from '../../domain/words/ranking/sketch.ts'
import { searchText } from '../../domain/words/search-text.ts'
import { wordTable } from '../search/word-table.ts'

/** An entry cut into its words. */
export interface EntryWords {
  /** For the search index. */
  readonly searchText: string
  /** Of the telling ones, by which near-duplicates are found. */
  readonly sketch: Sketch
}

/** Takes longer than all statements of a write: to be done before its transaction where the entry is known by then. */
export function wordsOf(entry: WordedEntry): EntryWords {
  return {
    searchText: searchText(entry, entryType(entry.type), wordTable()),
    sketch: sketchOf(wordsToFindBy(entry)),
  }
}
