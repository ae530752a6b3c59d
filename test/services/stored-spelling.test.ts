import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Files, storedSpelling } from '../../src/services/running/stored-spelling.ts'

const folder = mkdtempSync(join(tmpdir(), 'agent-memory-case-'))
mkdirSync(join(folder, 'Repo', 'Src'), { recursive: true })
writeFileSync(join(folder, 'Repo', 'Src', 'App.ts'), '')
writeFileSync(join(folder, 'Repo', 'Src', 'Straße.ts'), '')
afterAll(() => rmSync(folder, { recursive: true }))

/** The real folder, found in every spelling. */
const ignoringCase: Files = {
  exists: (path) => existsSync(real(path)),
  namesIn: (path) => readdirSync(real(path)),
}

function real(path: string): string {
  if (existsSync(path) || dirname(path) === path) return path
  const parent = real(dirname(path))
  const name = path.slice(dirname(path).length + 1)
  if (!existsSync(parent)) return join(parent, name)
  const stored = readdirSync(parent).find((each) => each.toLowerCase() === name.toLowerCase())
  return join(parent, stored ?? name)
}

test.each([
  ['Repo/Src/App.ts', 'Repo/Src/App.ts'],
  ['repo/src/app.ts', 'Repo/Src/App.ts'],
  ['REPO/SRC/APP.TS', 'Repo/Src/App.ts'],
  ['repo/src/straße.TS', 'Repo/Src/Straße.ts'],
  ['repo/src/New.ts', 'Repo/Src/New.ts'],
  ['repo/new/Deep.ts', 'Repo/new/Deep.ts'],
])('where case does not count %s is %s', (given, stored) => {
  expect(storedSpelling(join(folder, given), ignoringCase)).toBe(join(folder, stored))
})

test('where case counts every spelling is a file of its own', () => {
  for (const given of ['Repo/Src/App.ts', 'Repo/Src/app.ts', 'repo/src/App.ts'])
    expect(storedSpelling(join(folder, given))).toBe(join(folder, given))
})

test('where case counts a name that is not there yet is no other one, in capitals or without', () => {
  mkdirSync(join(folder, 'lib'))
  writeFileSync(join(folder, 'LICENSE'), '')
  for (const given of ['LIB', 'LIB/A.TS', 'license'])
    expect(storedSpelling(join(folder, given))).toBe(join(folder, given))
})

test('a folder that has both spellings keeps them apart', () => {
  writeFileSync(join(folder, 'both.ts'), '')
  writeFileSync(join(folder, 'BOTH.TS'), '')
  for (const given of ['both.ts', 'BOTH.TS'])
    expect(storedSpelling(join(folder, given))).toBe(join(folder, given))
})
