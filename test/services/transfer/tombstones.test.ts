import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { exported, imported, refusedImport } from './files.ts'

// An export says what was deleted, so that it does not come back from a copy.

const TOOL = 'memory_knowledge'
const SCOPE = { scope_type: 'global' }

async function add(t: TestApp, name: string): Promise<string> {
  return (await t.call<{ id: string }>(TOOL, 'add', { ...SCOPE, name, content: `about ${name}` })).id
}

async function names(t: TestApp): Promise<string[]> {
  const { entries } = await t.call<{ entries: { name: string }[] }>(TOOL, 'list', SCOPE)
  return entries.map(({ name }) => name).toSorted()
}

/** A memory with two entries, a copy of it, and the id of one that was then deleted in the first. */
function withCopy(body: (first: TestApp, copy: TestApp, id: string) => Promise<void>): Promise<void> {
  return withApp((first) =>
    withApp(async (copy) => {
      const id = await add(first, 'old')
      await add(first, 'other')
      await imported(copy, await exported(first))
      await first.call(TOOL, 'delete', { id })
      await body(first, copy, id)
    }),
  )
}

describe('an entry that was deleted', () => {
  test('is deleted in a copy by the next import, and the copy passes it on', () =>
    withCopy((first, copy, id) =>
      withApp(async (third) => {
        const file = await exported(first)
        expect(file).not.toContain('about old')
        const counts = await imported(copy, file)
        expect(counts.tombstone).toEqual({ added: 0, identical: 0, kept: 0, replaced: 1 })
        expect(await names(copy)).toEqual(['other'])
        const { events } = await copy.call<{ events: object[] }>('memory_event', 'list', {
          types: ['entry.deleted'],
          ...SCOPE,
        })
        expect(events).toMatchObject([{ entry: { id }, detail: { name: 'old' } }])
        expect(await exported(copy)).toBe(file)
        expect((await imported(copy, file)).tombstone).toMatchObject({ identical: 1, replaced: 0 })
        await imported(third, await exported(copy))
        expect(await exported(third)).toBe(file)
      }),
    ))

  test('does not come back from a copy that has it still, nor from an older export', () =>
    withCopy(async (first, copy) => {
      for (const onConflict of ['refuse', 'keep', 'newer'] as const) {
        const { entry } = await imported(first, await exported(copy), { onConflict })
        expect(entry).toMatchObject({ added: 0, kept: 1, identical: 1 })
        expect(await names(first)).toEqual(['other'])
      }
    }))

  test('comes back where that is asked for, and then stays', () =>
    withCopy(async (first, copy) => {
      await imported(first, await exported(copy), { onConflict: 'replace' })
      expect(await names(first)).toEqual(['old', 'other'])
      await imported(copy, await exported(first), { onConflict: 'replace' })
      expect(await names(copy)).toEqual(['old', 'other'])
      expect(await exported(first)).not.toContain('"kind":"tombstone"')
    }))

  test('and was changed in the copy meanwhile is a conflict, or is settled as the caller chose', () =>
    withCopy(async (first, copy, id) => {
      await copy.call(TOOL, 'update', { id, content: 'still needed' })
      const file = await exported(first)
      expect(await refusedImport(copy, file)).toMatchObject({
        name: 'CONFLICT',
        details: { line: 3, kind: 'tombstone', id },
      })
      expect(await refusedImport(first, await exported(copy))).toMatchObject({
        name: 'CONFLICT',
        details: { kind: 'entry', id },
      })
      for (const onConflict of ['keep', 'newer'] as const) {
        expect((await imported(copy, file, { onConflict })).tombstone).toMatchObject({ kept: 1 })
        expect(await names(copy)).toEqual(['old', 'other'])
      }
      // The change is the later of the two.
      await imported(first, await exported(copy), { onConflict: 'newer' })
      expect(await first.call(TOOL, 'get', { id })).toMatchObject({ content: 'still needed' })
      await imported(copy, file, { onConflict: 'replace' })
      expect(await names(copy)).toEqual(['other'])
    }))

  test('gives its name to a new one in the same file', () =>
    withCopy(async (first, copy) => {
      const fresh = await add(first, 'old')
      await imported(copy, await exported(first))
      expect(await copy.call(TOOL, 'get', { ...SCOPE, name: 'old' })).toMatchObject({ id: fresh })
    }))

  test('with its scope is deleted in the copy too', () =>
    withApp((first) =>
      withApp(async (copy) => {
        const { id: scope_id } = await first.call<{ id: string }>('memory_scope', 'create', {
          scope_type: 'org',
          name: 'acme',
        })
        await first.call(TOOL, 'add', { scope_type: 'org', scope_id, name: 'theirs', content: 'x' })
        await imported(copy, await exported(first))
        await first.call('memory_scope', 'delete', { scope_id, cascade: true })
        await imported(copy, await exported(first))
        const { entries } = await copy.call<{ entries: object[] }>(TOOL, 'list', {
          scope_type: 'org',
          scope_id,
          inherit: false,
        })
        expect(entries).toEqual([])
      }),
    ))
})

test('a file of version 1, which has none, is read', () =>
  withApp((from) =>
    withApp(async (to) => {
      await add(from, 'one')
      const file = (await exported(from))
        .replace('"format_version":3', '"format_version":1')
        .replace('"tombstone":0,', '')
      await imported(to, file)
      expect(await names(to)).toEqual(['one'])
    }),
  ))

test('--on-conflict newer takes the later of two versions', () =>
  withApp((first) =>
    withApp(async (copy) => {
      const id = await add(first, 'rate')
      await imported(copy, await exported(first))
      await first.call(TOOL, 'update', { id, content: 'first' })
      await copy.call(TOOL, 'update', { id, content: 'later' })
      expect((await imported(copy, await exported(first), { onConflict: 'newer' })).entry).toMatchObject({
        kept: 1,
      })
      expect((await imported(first, await exported(copy), { onConflict: 'newer' })).entry).toMatchObject({
        replaced: 1,
      })
      for (const t of [first, copy])
        expect(await t.call(TOOL, 'get', { id })).toMatchObject({ content: 'later' })
    }),
  ))
