import { expect, test } from 'vitest'
import { mendedPath, refusePathForms } from '../../src/domain/leases/path-forms.ts'

test.each([
  ['src/a.ts ', 'src/a.ts'],
  ['\tsrc/a.ts\n', 'src/a.ts'],
  ['"src/a.ts"', 'src/a.ts'],
  ["'src/my file.ts'", 'src/my file.ts'],
  ['`src/a.ts`', 'src/a.ts'],
  [' "src/a.ts "', 'src/a.ts'],
  ['~/repo/a.ts', '/home/ada/repo/a.ts'],
  ['~ada/a.ts', '~ada/a.ts'],
  ["it's.ts", "it's.ts"],
])('%j means %s', (given, meant) => {
  expect(mendedPath(given, '/home/ada')).toBe(meant)
})

test('without a home folder the tilde stays', () => {
  expect(mendedPath('~/a', null)).toBe('~/a')
})

test.each([
  ['src/a.ts:12', 'src/a.ts'],
  ['src/a.ts:12:5', 'src/a.ts'],
  ['src/a.ts:12-20', 'src/a.ts'],
  ['Makefile:3', 'Makefile'],
  ['src/a.ts#L12', 'src/a.ts'],
  ['src/a.ts#L12-L20', 'src/a.ts'],
  ['src/a.ts(12,5)', 'src/a.ts'],
  ['src/a.ts(12,5):', 'src/a.ts'],
])('%s names a line: the file is %s', (given, file) => {
  expect(() => refusePathForms(given)).toThrow(
    expect.objectContaining({
      errorName: 'INVALID_FILE_PATH',
      message: expect.stringMatching(`alone: ${file}\\.$`),
    }),
  )
})

test.each(['src/*.ts', 'src/**', 'src/?.ts', 'src/{a,b}.ts', 'src/[a-c].ts', 'src/[!a].ts'])(
  '%s is a pattern',
  (given) => {
    expect(() => refusePathForms(given)).toThrow('is a pattern')
  },
)

test.each([`\${workspaceFolder}/a.ts`, '$HOME/a.ts', '%USERPROFILE%\\a.ts', '$env:TEMP/a.ts', '$lib/a.ts'])(
  '%s holds a variable',
  (given) => expect(() => refusePathForms(given)).toThrow('holds a variable'),
)

test.each([
  'app/[id]/page.tsx',
  'app/[...slug].tsx',
  'routes/$id.tsx',
  'notes (2)',
  'a{b}.ts',
  '100%.md',
  'C:/a.ts',
  'f#1',
])('%s is a file like others', (given) => expect(() => refusePathForms(given)).not.toThrow())
