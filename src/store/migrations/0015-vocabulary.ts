import type { Migration } from '../migrate.ts'

/** What a search needs to know of the words that entries have, kept where it can be read in a moment however many entries there are. */
export const vocabulary: Migration = {
  name: '0015-vocabulary',
  changesData: false,
  up: (db, { createVocabulary }) => createVocabulary(db),
}
