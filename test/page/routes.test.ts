import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { OPERATIONS } from '../../src/operations/index.ts'

const SOURCE = readFileSync(join(import.meta.dirname, '../../src/page/client/answers.ts'), 'utf8')
const ROUTES: ReadonlySet<string> = new Set(OPERATIONS.flatMap(({ routes }) => routes))

test('every route that the page asks is one of the catalogue', () => {
  const asked = [...SOURCE.matchAll(/^ {2}'([A-Z]+ \/v1\/[^']+)'/gm)].map(([, route = '']) => route)
  expect(asked.length).toBeGreaterThan(20)
  expect(asked.filter((route) => !ROUTES.has(route))).toEqual([])
  const ofKinds = [...SOURCE.matchAll(/^ {2}'?([A-Z]+)(?: (\{id\}[^']*))?'?: /gm)]
  expect(ofKinds.length).toBeGreaterThan(5)
  const missing = ofKinds.flatMap(([, method, rest]) =>
    ['guidelines', 'knowledge', 'tools']
      .map((kind) => [`${method} /v1/${kind}`, rest].filter(Boolean).join('/'))
      .filter((route) => !ROUTES.has(route)),
  )
  expect(missing).toEqual([])
})
