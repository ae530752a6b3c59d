import type { Migration } from '../migrate.ts'

/** Rows that a dump puts back come with their place in the index, and are not indexed again: nothing is found by its name then. */
export const restoredRows: Migration = {
  name: '0021-restored-rows',
  changesData: false,
  up: (db, { indexNothingRestored }) => indexNothingRestored(db),
}
