import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

interface Added {
  readonly id: string
  readonly similar?: readonly { readonly id: string; readonly name: string; readonly similarity: number }[]
}

const add = (t: TestApp, name: string, content: string, more: object = {}) =>
  t.call<Added>('memory_guideline', 'add', { name, content, ...more })

const TEXT = 'Always run the unit tests before committing to the main branch.'
const REWORDED = 'Before you commit to the main branch, always run the unit tests!'

test('a near-duplicate is named, with where it is and how alike', () =>
  withApp(async (t) => {
    const first = await add(t, 'tests first', TEXT)
    expect(first).not.toHaveProperty('similar')
    const second = await add(t, 'run tests', REWORDED)
    expect(second.similar).toEqual([
      expect.objectContaining({ id: first.id, name: 'tests first', scope_type: 'project', similarity: 1 }),
    ])
    expect(await add(t, 'other', 'The deployment happens on Thursdays at noon.')).not.toHaveProperty(
      'similar',
    )
  }))

test('in reach means inherited scopes, the same type and active ones', () =>
  withApp(async (t) => {
    const global = await add(t, 'everywhere', TEXT, { scope_type: 'global' })
    await t.call('memory_knowledge', 'add', { name: 'a fact', content: TEXT })
    const other = await t.call<{ id: string }>('memory_scope', 'create', {
      scope_type: 'project',
      name: 'elsewhere',
    })
    await add(t, 'not here', TEXT, { scope_type: 'project', scope_id: other.id })
    const { similar } = await add(t, 'here', REWORDED)
    expect(similar?.map(({ id }) => id)).toEqual([global.id])
    await t.call('memory_guideline', 'deactivate', { id: global.id })
    const { similar: left } = await add(t, 'here too', TEXT)
    expect(left?.map(({ name }) => name)).toEqual(['here'])
  }))

test('three at most, the most similar first', () =>
  withApp(async (t) => {
    for (let n = 0; n < 6; n++)
      await add(t, `same ${n}`, `${TEXT} ${['Ever', 'Really', 'Please', 'Honestly', 'Friends', 'Folks'][n]}.`)
    const exact = await add(t, 'exact', TEXT)
    const { similar } = await add(t, 'again', TEXT)
    expect(similar).toHaveLength(3)
    expect(similar?.[0]).toMatchObject({ id: exact.id, similarity: 1 })
  }))

test('an upsert is not similar to itself; bulk_add does not look', () =>
  withApp(async (t) => {
    await add(t, 'one', TEXT)
    expect(await add(t, 'one', REWORDED, { upsert: true })).not.toHaveProperty('similar')
    const { entries } = await t.call<{ entries: readonly object[] }>('memory_guideline', 'bulk_add', {
      entries: [{ name: 'two', content: TEXT }],
    })
    expect(entries[0]).not.toHaveProperty('similar')
  }))

test('texts made from one template, short texts and hostile ones are added without noise', () =>
  withApp(async (t) => {
    for (let n = 0; n < 5; n++) {
      expect(
        await add(t, `rule ${n}`, `Rule number ${n} about ${['cats', 'dogs', 'birds', 'fish', 'bees'][n]}.`),
      ).not.toHaveProperty('similar')
    }
    const hostile = [
      '"',
      '*',
      'NEAR(a b)',
      'a AND b OR (c',
      '" OR 1=1 --',
      '-x',
      'name:x',
      '^a',
      'ok',
      '数',
      '🦒🦒',
      ' . ',
    ]
    for (const [n, content] of hostile.entries())
      expect(await add(t, `hostile ${n}`, content)).toMatchObject({ content })
  }))

test('a very long text is compared by its beginning', () =>
  withApp(async (t) => {
    const long = Array.from({ length: 20_000 }, (_, n) => `word${n % 997}`).join(' ')
    const first = await add(t, 'long', long)
    const { similar } = await add(t, 'long again', `${long} and a little more`)
    expect(similar?.map(({ id }) => id)).toEqual([first.id])
  }))
