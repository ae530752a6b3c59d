import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../src/domain/errors.ts'
import { isWithin, normalisePath } from '../../src/domain/leases/path.ts'

const cases: [given: string, root: string | null, kept: string][] = [
  ['b.ts', '/work', '/work/b.ts'],
  ['./a/../b.ts', '/work', '/work/b.ts'],
  ['a//b/./c/', '/work/', '/work/a/b/c'],
  ['/x//y/../z/', null, '/x/z'],
  ['//x/y', '/work', '/x/y'],
  ['../../../x', '/work', '/x'],
  ['..', '/work', '/'],
  ['.', '/work/app', '/work/app'],
  ['src\\auth\\jwt.ts', '/work', '/work/src/auth/jwt.ts'],
  ['cafe\u0301.ts', '/work', '/work/caf\u00e9.ts'],
  ['caf\u00e9.ts', '/work', '/work/caf\u00e9.ts'],
  [' spaced .ts', '/work', '/work/ spaced .ts'],
  ['~/a', '/work', '/work/~/a'],
  ['C:\\Work\\a.ts', null, 'C:/Work/a.ts'],
  ['c:/Work/../a.ts', '/work', 'C:/a.ts'],
  ['C:\\..\\..', null, 'C:/'],
  ['a.ts', 'c:\\Work', 'C:/Work/a.ts'],
  ['\\a.ts', 'C:\\Work', 'C:/a.ts'],
  ['\\\\?\\C:\\a.ts', null, 'C:/a.ts'],
  ['\\\\srv\\share\\..\\..\\a.ts', null, '//srv/share/a.ts'],
  ['\\\\?\\UNC\\srv\\share\\a.ts', null, '//srv/share/a.ts'],
  ['//srv/share/a.ts', 'C:\\Work', '//srv/share/a.ts'],
  ['..\\a.ts', '\\\\srv\\share\\work', '//srv/share/a.ts'],
]

test.each(cases)('%j below %j is %j', (given, root, kept) => {
  expect(normalisePath(given, root)).toBe(kept)
})

describe('is refused', () => {
  const refusals: [what: string, given: string, root: string | null][] = [
    ['nothing', '', '/work'],
    ['NUL', 'a\0b', '/work'],
    ['a line break', 'a\nb', '/work'],
    ['a C1 control character', 'a\u0085b', '/work'],
    ['half of a character', 'a\ud800', '/work'],
    ['a relative path without a root', 'a.ts', null],
    ['a path relative to a drive', 'C:a.ts', 'C:/work'],
    ['a URL', 'file:///work/a.ts', '/work'],
    ['more than 4,096 bytes', `/${'é'.repeat(2_048)}`, null],
    ['what is too long below its root', 'x'.repeat(4_092), '/work'],
  ]
  test.each(refusals)('%s', (_what, given, root) => {
    const error = attempt(() => normalisePath(given, root))
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ errorName: 'INVALID_FILE_PATH' })
  })
})

test('4,096 bytes are fine', () => {
  expect(normalisePath(`/${'x'.repeat(4_095)}`, null)).toHaveLength(4_096)
})

const part = fc.oneof(
  fc.constantFrom('.', '..', '', 'a', 'b.ts', 'é', 'e\u0301', 'C:', '\\', '...'),
  fc.string(),
)
const path = fc.array(part, { maxLength: 8 }).map((parts) => parts.join('/'))
const roots = ['/work/app', '/', 'C:\\work', '\\\\srv\\share\\work'] as const

test('whatever is given: kept or refused, and what is kept means itself', () => {
  fc.assert(
    fc.property(path, fc.constantFrom(...roots), (given, root) => {
      const kept = attempt(() => normalisePath(given, root))
      if (kept instanceof AppError) return
      expect(kept).toMatch(/^(?:\/|[A-Z]:\/)/)
      expect(kept).not.toMatch(/\\|(?:^|\/)\.\.?(?:\/|$)|.\/\/|[^:/]\/$/)
      expect(normalisePath(String(kept), root)).toBe(kept)
    }),
    { numRuns: 500 },
  )
})

test('below means below', () => {
  expect(isWithin('/work/a', '/work')).toBe(true)
  expect(isWithin('/work', '/work')).toBe(true)
  expect(isWithin('/workshop', '/work')).toBe(false)
  expect(isWithin('/a', '/')).toBe(true)
})

function attempt(fn: () => string): unknown {
  try {
    return fn()
  } catch (error) {
    return error
  }
}
