import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { edited, exported, imported, refusedImport } from './files.ts'

/** An export of two linked entries with history, and a database in which it would be new. */
async function withFile<T>(body: (to: TestApp, file: string) => Promise<T>): Promise<T> {
  return withApp((from) =>
    withApp(async (to) => {
      const ids: string[] = []
      for (const name of ['One', 'Two']) {
        const added = { scope_type: 'global', name, content: `Entry ${name}`, tags: ['x'] }
        ids.push((await from.call<{ id: string }>('memory_guideline', 'add', added)).id)
      }
      await from.call('memory_guideline', 'update', { id: ids[0], priority: 1 })
      await from.call('memory_relation', 'create', { from_id: ids[0], to_id: ids[1], relation_type: 'needs' })
      return body(to, await exported(from))
    }),
  )
}

/** The file is refused with this line and this in its message, and the database stays as it was. */
async function expectRefusal(
  to: TestApp,
  file: string | Buffer,
  line: number | null,
  message: string,
): Promise<void> {
  const before = await exported(to)
  const error = await refusedImport(to, file, 'replace')
  expect(error.name).toBe('INVALID_PARAMETER')
  expect(error.message).toContain(message)
  expect(error.details?.['line'] ?? null).toBe(line)
  expect(await exported(to)).toBe(before)
}

describe('a file that was cut', () => {
  test('at any byte is refused, except for its last newline', () =>
    withFile(async (to, file) => {
      const bytes = Buffer.from(file)
      const before = await exported(to)
      for (let length = 0; length < bytes.length - 1; length += 13)
        expect((await refusedImport(to, bytes.subarray(0, length))).message).toMatch(/^Line \d+ /)
      expect(await exported(to)).toBe(before)
      expect((await imported(to, bytes.subarray(0, -1))).entry.added).toBe(2)
    }))

  test('between two lines says what is missing', () =>
    withFile((to, file) => {
      const lines = file.trimEnd().split('\n')
      return expectRefusal(to, lines.slice(0, 4).join('\n'), 4, 'the file holds 1 of 2 entry records')
    }))
})

describe('a file that is no export', () => {
  test.each([
    ['nothing', ''],
    ['some text', 'Dear diary,\n'],
    ['other JSON', '{"format":"something"}\n'],
    ['a list', '[1,2]\n'],
    ['a database', Buffer.from('SQLite format 3\0\xff\xfe', 'latin1')],
  ])('is refused: %s', (_what, file) =>
    withApp((to) => expectRefusal(to, file, 1, 'Line 1 is not the first line of an agent-memory export.')),
  )

  test('is refused when a newer program wrote it', () =>
    withFile((to, file) =>
      expectRefusal(to, file.replace('"format_version":3', '"format_version":4'), null, 'format version 4'),
    ))
})

describe('a file that was edited by hand is refused with the line', () => {
  const of = (kind: string, change: (record: Record<string, unknown>) => void) => (file: string) =>
    edited(file, (record) => {
      if (record['kind'] === kind) change(record['entry'] ? (record['entry'] as typeof record) : record)
    })

  test.each<[string, (file: string) => string, number, string]>([
    ['broken JSON', (file) => file.replace('"kind":"version"', '"kind":version'), 4, 'is not JSON'],
    [
      'an unknown kind',
      (file) => file.replace('"kind":"relation"', '"kind":"spell"'),
      6,
      'does not fit: kind',
    ],
    ['a field too many', of('entry', (e) => Object.assign(e, { colour: 'red' })), 3, 'colour'],
    ['a field that is missing', of('entry', (e) => delete e['created_by']), 3, 'created_by'],
    ['a value of the wrong kind', of('entry', (e) => Object.assign(e, { priority: 'high' })), 3, 'priority'],
    ['a value out of range', of('entry', (e) => Object.assign(e, { priority: 101 })), 3, 'priority'],
    ['a name that is too long', of('entry', (e) => Object.assign(e, { name: 'n'.repeat(600) })), 3, 'name'],
    ['a NUL', of('entry', (e) => Object.assign(e, { content: 'a\0b' })), 3, 'content'],
    [
      'a time that is none',
      of('entry', (e) => Object.assign(e, { updated_at: 'yesterday' })),
      3,
      'updated_at',
    ],
    ['an unknown type', of('entry', (e) => Object.assign(e, { type: 'poem' })), 3, 'type'],
    [
      'a scope that does not exist',
      of('entry', (e) => Object.assign(e, { scope_id: 'x', scope_type: 'org' })),
      3,
      'names a scope',
    ],
    [
      'the wrong kind of scope',
      of('entry', (e) => Object.assign(e, { scope_type: 'project' })),
      3,
      "entry's scope is a project",
    ],
    ['a version of nothing', of('version', (e) => Object.assign(e, { id: 'x' })), 4, 'does not belong'],
    [
      'a version after the newest',
      of('version', (e) => Object.assign(e, { version: 7 })),
      4,
      'does not belong',
    ],
    [
      'a relation to nowhere',
      of('relation', (r) => Object.assign(r['relation'] as object, { to_id: 'x' })),
      6,
      'names an entry',
    ],
    [
      'a second global scope',
      of('scope', (s) => Object.assign(s['scope'] as object, { id: 'x' })),
      2,
      'global scope',
    ],
  ])('%s', (_what, change, line, message) =>
    withFile((to, file) => expectRefusal(to, change(file), line, message)),
  )

  test('bytes that are not UTF-8', () =>
    withFile((to, file) => {
      const bytes = Buffer.from(file)
      bytes[bytes.indexOf('Entry One')] = 0xff
      return expectRefusal(to, bytes, 3, 'is not JSON in UTF-8')
    }))
})
