import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { missingFeature, readFeatures } from '../../../src/store/sqlite/features.ts'

test.each([
  [{ version: '3.34.1', hasFts5: true }, 'is 3.34.1; at least 3.35 is needed'],
  [{ version: '2.8.17', hasFts5: true }, 'is 2.8.17; at least 3.35 is needed'],
  [{ version: '3.49.1', hasFts5: false }, 'has no full-text search (FTS5)'],
])('%o is not enough', (features, missing) => {
  expect(missingFeature(features)).toBe(missing)
})

test.each(['3.35.0', '3.100.0', '4.0.0'])('%s is enough', (version) => {
  expect(missingFeature({ version, hasFts5: true })).toBeUndefined()
})

test('the SQLite of this Node has all of it', () => {
  const db = new DatabaseSync(':memory:')
  const features = readFeatures(db)
  db.close()
  expect(features.version).toBe(process.versions['sqlite'])
  expect(missingFeature(features)).toBeUndefined()
})
