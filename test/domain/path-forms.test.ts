import { expect, test } from 'vitest'
import { mendedPath, refuseForeignPath, refusePathForms } from '../../src/domain/leases/path-forms.ts'

test.each([
  ['src/a.ts ', 'src/a.ts'],
  ['\tsrc/a.ts\n', 'src/a.ts'],
  ['"src/a.ts"', 'src/a.ts'],
  ["'src/my file.ts'", 'src/my file.ts'],
  ['`src/a.ts`', 'src/a.ts'],
  [' "src/a.ts "', 'src/a.ts'],
  ['~/repo/a.ts', '/home/ada/repo/a.ts'],
  ['~', '/home/ada'],
  ['~ada/a.ts', '~ada/a.ts'],
  ["it's.ts", "it's.ts"],
  ['[a.ts](src/a.ts)', 'src/a.ts'],
  ['[a](b) c.ts', '[a](b) c.ts'],
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
  ['src/a.ts (lines 1-5)', 'src/a.ts'],
  ['src/a.ts line 7', 'src/a.ts'],
  ['src/a.ts, lines 3 to 9', 'src/a.ts'],
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
  'a.ts, b.ts',
  'src/a.ts,src/b.ts',
  'src/a.ts; src/b.ts',
  'src/a.ts src/b.ts',
  'src/a.ts and src/b.ts',
  '["a.ts"]',
  "['src/a.ts', 'Makefile']",
])('%s names several files', (given) => {
  expect(() => refusePathForms(given)).toThrow('names several files')
})

test.each(['src/...', '…/src/a.ts', 'src/…/a.ts', '.../a.ts'])('%s is cut short', (given) => {
  expect(() => refusePathForms(given)).toThrow('is cut short')
})

test.each(['src/a\u200b.ts', 'src/\u202ea.ts', '\ufeffsrc/a.ts', 'src/a.ts\u{e0041}'])(
  '%j holds what nobody sees',
  (given) => expect(() => refusePathForms(given)).toThrow('holds an invisible character'),
)

test.each([
  ['C:\\Users\\ann\\a.ts', '/mnt/c/Users/ann/a.ts'],
  ['d:/a.ts', '/mnt/d/a.ts'],
  ['/c:/Users/a.ts', '/mnt/c/Users/a.ts'],
  ['\\\\wsl$\\Ubuntu\\home\\ann\\a.ts', '/home/ann/a.ts'],
  ['//wsl.localhost/Ubuntu/home/ann/a.ts', '/home/ann/a.ts'],
])('%s is of Windows, in WSL %s', (given, here) => {
  expect(() => refuseForeignPath(given)).toThrow(`in WSL it is ${here}.`)
})

test('a share of Windows is none elsewhere', () => {
  expect(() => refuseForeignPath('\\\\srv\\share\\a.ts')).toThrow(
    'pass the path under which the file is here',
  )
})

test.each(['/home/ann/a.ts', 'c/a.ts', 'a:b.ts', '//srv/share/a.ts'])('%s is not of Windows', (given) =>
  expect(() => refuseForeignPath(given)).not.toThrow(),
)

test.each([
  'app/[id]/page.tsx',
  'Tom, Dick and Harry.md',
  'my file.v1 copy.txt',
  'notes, old.md',
  'a,b.ts',
  'read me line 3',
  'fileline 3.ts',
  'src/..a/b...c.ts',
  'می\u200cخواهم.md',
  'app/[...slug].tsx',
  'routes/$id.tsx',
  'notes (2)',
  'a{b}.ts',
  '100%.md',
  'C:/a.ts',
  'f#1',
])('%s is a file like others', (given) => expect(() => refusePathForms(given)).not.toThrow())

test.each([
  'file:/home/ada/a.ts',
  'file:a.ts',
  'git:/a.ts',
  'untitled:Untitled-1',
  'vscode-notebook-cell:/a.ipynb',
])('%j is no path but an address', (path) => {
  expect(() => refusePathForms(path)).toThrow('is the address of a document')
})

test.each(['null', 'undefined', 'None', '[object Object]'])('%j is no path but no value', (path) => {
  expect(() => refusePathForms(path)).toThrow('is the word for no value')
})

test.each(['git', 'file', 'null.ts', 'src/none', 'a:b', 'gitlab:notes.md'])('%j is a path', (path) => {
  expect(() => refusePathForms(path)).not.toThrow()
})
