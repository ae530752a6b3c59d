import type { Migration } from '../migrate.ts'

/**
 * Rows that are added by one statement are indexed by one, and a program that knows which of their words are known says so. A running
 * program of before says nothing and writes on: its words are looked up as they were.
 */
export const wordsOfMany: Migration = {
  name: '0020-words-of-many',
  changesData: false,
  up: (db, { indexManyAtOnce }) => indexManyAtOnce(db),
}
