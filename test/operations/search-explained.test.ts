import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'

const explained = async (t: TestApp, query: string, more: object = {}) => {
  const args = { query, explain: true, mode: 'lexical', ...more }
  const { results } = await t.call('memory_query', 'search', args)
  return results.map(({ name, why }) => {
    if (!why) throw new Error('no explanation')
    return { name, why, ways: new Map(why.words.map((each) => [each.word, each])) }
  })
}

async function add(t: TestApp, name: string, content: string, more: object = {}): Promise<string> {
  return (await t.call('memory_knowledge', 'add', { name, content, ...more })).id
}

test.each([
  ['tuesday', 'tuesday', 'exact'],
  ['deploying', 'deployments', 'stem'],
  ['tuesdya', 'tuesday', 'spelling'],
  ['blue-greens', 'green', 'stem'],
  ['dienstag', 'tuesday', 'translation'],
  ['database', 'postgres', 'kind'],
  ['k8s', 'kubernetes', 'abbreviation'],
  ['failures', 'error', 'synonym'],
])('a search says that %s is there as %s, by %s', async (word, found, by) => {
  await withApp(async (t) => {
    const content =
      'Deployments to Kubernetes happen each Tuesday with a blue green switch; an error in Postgres stops them.'
    await add(t, 'days', content)
    const [hit] = await explained(t, word === 'dienstag' ? 'an welchem Dienstag ist das' : word)
    const way = hit?.why.words.find((each) => each.found === found)
    expect(way).toMatchObject({ found, by })
    expect(way?.in).toEqual({ content: expect.any(Number) })
  })
})

test('the numbers of an explanation make the rank, and put what was found in its order', () =>
  withApp(async (t) => {
    await add(t, 'deployments', 'Tuesdays with a blue-green switch.', { tags: ['ops'] })
    await add(
      t,
      'rollback',
      'After deployments the old colour stays up; the night shift has a runbook for it.',
    )
    await add(t, 'office', 'Closed on Tuesdays.', { scope_type: 'global' })
    const hits = await explained(t, 'tuesday deployments of gherkins', { mode: 'auto' })
    expect(hits.map(({ name }) => name)).toEqual(['deployments', 'rollback', 'office'])
    for (const { why } of hits) {
      const words = why.words.reduce((sum, { adds }) => sum + adds, 0)
      const { coverage, scope, turn = 1 } = why.factors
      const rank = (words * coverage + (why.vectors?.adds ?? 0)) * scope * turn + (why.around ?? 0)
      expect(why.rank).toBeCloseTo(rank, 1)
      expect(why.missing).toContain('gherkins')
    }
    expect(hits[0]?.ways.get('deployments')?.in).toEqual({ name: expect.any(Number) })
    expect(hits[2]?.why.factors.scope).toBeLessThan(1)
    expect(hits[0]?.why.vectors).toMatchObject({ of: 'words' })
    const plain = await t.call('memory_query', 'search', { query: 'tuesday deployments of gherkins' })
    expect(plain.results.map(({ name }) => name)).toEqual(hits.map(({ name }) => name))
    for (const hit of plain.results) expect(hit).not.toHaveProperty('why')
  }))

test('an explanation names the older one that a newer one stands above', () =>
  withApp(async (t) => {
    const old = await add(t, 'runtime', 'Since 2023-01-01 the runtime is Node 18, runtime of all services.')
    await add(t, 'runtime now', 'Since 2025-01-01 the runtime is Node 24.')
    const hits = await explained(t, 'which runtime')
    expect(hits.map(({ name }) => name)).toEqual(['runtime now', 'runtime'])
    expect(hits[0]?.why.newer_than).toEqual([old])
    expect(hits[1]?.why.newer_than).toBeUndefined()
  }))

test('of a turn of a session it says what the turns around it add', () =>
  withApp(async (t) => {
    await add(t, 'project', 'there')
    const { id: session_id } = await t.call('memory_scope', 'start', { name: 'talk' })
    const turns = [
      'Which parrot do you have?',
      'A grey one, he is called Otto.',
      'Otto the parrot likes nuts.',
    ]
    await t.call('memory_scope', 'log', { session_id, turns: turns.map((content) => ({ content })) })
    const hits = await explained(t, 'parrot Otto')
    const answer = hits.find(({ why }) => why.words.some((each) => each.in.around !== undefined))
    expect(answer?.why.factors.turn).toBeGreaterThan(0)
    expect(hits.some(({ why }) => (why.around ?? 0) > 0)).toBe(true)
  }))

test('a word that an entry does not hold counts by how alike they are, and what a contraction falls into does not', () =>
  withApp(async (t) => {
    await add(t, 'harbour', 'The ferry leaves at six, and nothing sails after dusk.')
    await add(t, 'billing', 'Invoices are made on the first; they do not say didn, t or isn.')
    const [first, ...others] = await explained(t, "why didn't the boat sail", { mode: 'auto' })
    expect(first?.name).toBe('harbour')
    expect(first?.why.missing).toEqual(['boat'])
    expect(first?.why.vectors?.adds).toBeGreaterThan(4.5 * (first?.why.vectors?.likeness ?? 0))
    for (const { ways } of others) expect([...ways.keys()]).not.toContain('didn')
  }))
