import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = join(import.meta.dirname, '../../verify')
/** To start the servers that the scripts bring; of the product they know what its documents say. */
const OUTSIDE = ['../test/support/postgres-server.ts', '../test/support/redis-server.ts']

test('the scripts of verify/ import nothing of the product', () => {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'))
  const texts = names.map((name) => readFileSync(join(FOLDER, name), 'utf8'))
  const outside = texts.flatMap((text) => [...text.matchAll(/from '(\.\.\/[^']*)'/g)].map(([, path]) => path))
  expect(outside.sort()).toEqual(OUTSIDE)
})
