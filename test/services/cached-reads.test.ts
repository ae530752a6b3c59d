import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { withWorkers } from '../support/process.ts'
import { expectNews } from '../support/redis-env.ts'

type Context = { readonly entries: readonly { readonly content: string }[] }

async function contents(t: TestApp, args: object = {}): Promise<string[]> {
  const { entries } = await t.call<Context>('memory_query', 'context', { ...args, format: 'json' })
  return entries.map(({ content }) => content)
}

/** Which entries a search finds, in no order: bm25 looks at words of the whole index, an answer's versions only at its scopes. */
async function found(t: TestApp, args: object): Promise<string[]> {
  const { results } = await t.call<{ results: readonly { readonly id: string; readonly version: number }[] }>(
    'memory_query',
    'search',
    { ...args, query: 'word', include_sessions: true },
  )
  return results.map(({ id, version }) => `${id}@${version}`).sort()
}

test('a write of another process is in the next answer, each time', () =>
  withApp((t) =>
    withWorkers({ dataDir: t.dataDir, count: 1 }, async (worker) => {
      const { id } = await worker.call<{ id: string }>('memory_guideline', 'add', { name: 'n', content: '0' })
      for (let n = 1; n <= 15; n++) {
        expect(await contents(t)).toEqual([String(n - 1)])
        await worker.call('memory_guideline', 'update', { id, content: String(n) })
        await expectNews(() => contents(t), [String(n)])
      }
    }),
  ))

test('own writes, the other instance and new scopes are seen at once', () =>
  withApp(async (t) => {
    const other = await t.secondApp()
    expect(await contents(t)).toEqual([])
    await other.call('memory_guideline', 'add', { name: 'first', content: 'makes the project' })
    await expectNews(() => contents(t), ['makes the project'])
    await t.call('memory_guideline', 'update', { name: 'first', content: 'changed' })
    expect(await contents(t)).toEqual(['changed'])
    await expectNews(() => contents(other), ['changed'])
  }))

interface Made {
  readonly id: string
  readonly type: string
}

/** What `get` answers to each of these ids, and to one that nothing has. */
async function gets(t: TestApp, made: readonly Made[]): Promise<unknown[]> {
  const ofOne = ({ id, type }: Made) =>
    t.call(`memory_${type}`, 'get', { id }).catch((error: unknown) => String(error))
  return Promise.all([...made, { id: 'nothing', type: 'guideline' }].map(ofOne))
}

const PRIORITY = { a: 90, b: 80, c: 70 }
const step = fc.record({
  by: fc.constantFrom('one' as const, 'two' as const),
  act: fc.constantFrom('add', 'update', 'deactivate', 'reactivate', 'delete', 'log', 'move'),
  name: fc.constantFrom('a' as const, 'b' as const, 'c' as const),
  type: fc.constantFrom('guideline', 'knowledge'),
  scope: fc.constantFrom('global', 'org', 'project', 'session'),
})

test('whatever is written where, a cached answer is what an uncached one is', () =>
  withApp(async (one) => {
    const two = await one.secondApp()
    const uncached = await one.secondApp({ env: { AGENT_MEMORY_CACHE_MAX_BYTES: '0' } })
    const apps = { one, two }
    const create = (scope_type: string, more: object) =>
      one.call<{ id: string }>('memory_scope', 'create', { scope_type, ...more })
    const org = (await create('org', { name: 'org' })).id
    const otherOrg = (await create('org', { name: 'other org' })).id
    const project = (await create('project', { name: 'p', org_id: org })).id
    const start = { scope_type: 'session', name: 's', project_id: project }
    const session = (await one.call<{ id: string }>('memory_scope', 'start', start)).id
    const scopes: Record<string, object> = {
      global: { scope_type: 'global' },
      org: { scope_type: 'org', scope_id: org },
      project: { scope_type: 'project', scope_id: project },
      session: { scope_type: 'session', scope_id: session },
    }
    let count = 0
    const made = new Map<string, Made>()

    const act = async ({
      by,
      act,
      name,
      type,
      scope,
    }: typeof step extends fc.Arbitrary<infer S> ? S : never) => {
      const t = apps[by]
      const tool = `memory_${type}`
      const content = `word ${++count}`
      if (act === 'log') return t.call('memory_scope', 'log', { session_id: session, turns: [{ content }] })
      if (act === 'move') {
        const org_id = count % 2 ? org : otherOrg
        return t.call('memory_scope', 'update', { scope_type: 'project', scope_id: project, org_id })
      }
      if (act === 'add') {
        const given = { ...scopes[scope], name, content, priority: PRIORITY[name], upsert: true }
        const { id } = await t.call<Made>(tool, 'add', given)
        return made.set(id, { id, type })
      }
      // Refused when it is not there: just as good a step.
      const args = { ...scopes[scope], name, ...(act === 'update' && { content }) }
      return t.call(tool, act, args).catch(() => {})
    }
    const compare = async () => {
      const all = [...made.values()]
      const rightGets = await gets(uncached, all)
      // At once, over Redis too. Twice: the second comes from what the first has left.
      for (const t of [one, one, two, two]) expect(await gets(t, all)).toEqual(rightGets)
      for (const scope of Object.values(scopes)) {
        const right = await contents(uncached, scope)
        await expectNews(() => contents(one, scope), right)
        await expectNews(() => contents(two, scope), right)
        const rightFinds = await found(uncached, scope)
        await expectNews(() => found(one, scope), rightFinds)
        await expectNews(() => found(two, scope), rightFinds)
      }
    }
    const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      for (const each of steps) {
        await act(each)
        await compare()
      }
    })
    await fc.assert(property, { numRuns: 5 })
  }))
