import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { until } from '../support/until.ts'

interface Shown {
  readonly id: string
  readonly version: number
  readonly superseded_by?: string
  readonly expired?: true
}

const get = (t: TestApp, id: string) => t.call<Shown>('memory_knowledge', 'get', { id })

test('what stands in an entry’s place is seen wherever it stands, as soon as it does and no longer', () =>
  withApp(async (one) => {
    const two = await one.secondApp()
    const org = await one.call<Shown>('memory_scope', 'create', { scope_type: 'org', name: 'org' })
    const add = (name: string, scope: object) =>
      one.call<Shown>('memory_knowledge', 'add', { ...scope, name, content: `The text of ${name}.` })
    const older = await add('older', { scope_type: 'global' })
    const newer = await add('newer', { scope_type: 'org', scope_id: org.id })
    const ends = { from_id: newer.id, to_id: older.id, relation_type: 'supersedes' }
    const set = (action: string) => two.call('memory_knowledge', action, { id: newer.id })
    const by = async () => [
      (await get(one, older.id)).superseded_by,
      (await get(two, older.id)).superseded_by,
    ]
    expect(await by()).toEqual([undefined, undefined])
    const { id: link } = await two.call<Shown>('memory_relation', 'create', ends)
    expect(await by()).toEqual([newer.id, newer.id])
    await set('deactivate')
    expect(await by()).toEqual([undefined, undefined])
    // Nothing of the older entry, nor of its scope, changes here.
    await set('reactivate')
    expect(await by()).toEqual([newer.id, newer.id])
    await one.call('memory_relation', 'delete', { id: link })
    expect(await by()).toEqual([undefined, undefined])
  }))

test('an entry that is kept ends when its validity does', () =>
  withApp(async (t) => {
    const until_ = new Date(Date.now() + 300).toISOString()
    const given = { scope_type: 'global', name: 'for now', content: 'Soon past.', valid_until: until_ }
    const { id } = await t.call<Shown>('memory_knowledge', 'add', given)
    await get(t, id)
    await until('it has expired', async () => (await get(t, id)).expired === true)
  }))

test('one entry is read from the database once, until it changes', () =>
  withApp(async (t) => {
    const { id } = await t.call<Shown>('memory_knowledge', 'add', { name: 'n', content: 'One.' })
    await get(t, id)
    const hits = async () => {
      const { cache } = await t.call<{ cache: { l1: { hits: number; misses: number } } }>(
        'memory_health',
        null,
      )
      return cache.l1
    }
    const before = await hits()
    await get(t, id)
    const after = await hits()
    expect(after.misses).toBe(before.misses)
    expect(after.hits).toBeGreaterThan(before.hits)
    await t.call('memory_knowledge', 'update', { id, content: 'Two.' })
    expect(await get(t, id)).toMatchObject({ version: 2, content: 'Two.' })
  }))
