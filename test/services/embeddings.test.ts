import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import {
  type EmbeddingService,
  type Misbehaviour,
  openEmbeddingService,
} from '../support/embedding-service.ts'

const KEY = 'sk-loopback-0123456789abcdef'
let service: EmbeddingService

beforeEach(async () => {
  service = await openEmbeddingService()
})
afterEach(() => service.close())

const settings = (model = 'small', more: Record<string, string> = {}) => ({
  AGENT_MEMORY_EMBEDDINGS: 'openai',
  AGENT_MEMORY_EMBEDDINGS_URL: service.url,
  AGENT_MEMORY_EMBEDDINGS_MODEL: model,
  AGENT_MEMORY_EMBEDDINGS_KEY: KEY,
  ...more,
})

interface State {
  state: string
  model?: string
  embedded?: number
  entries?: number
  searched?: string
  error?: string
}

const stateOf = (t: TestApp) => t.call<State>('memory_query', 'reindex', {})
const reach = (t: TestApp, state: Partial<State>) => expect.poll(() => stateOf(t)).toMatchObject(state)

async function fill(t: TestApp): Promise<void> {
  const entries = Array.from({ length: 30 }, (_, n) => ({
    name: `note ${n}`,
    content: `Filler words number ${n}`,
  }))
  await t.call('memory_knowledge', 'bulk_add', {
    entries: [...entries, { name: 'the garage', content: 'An automobile stands there' }],
  })
}

async function found(t: TestApp, query: string, more: object = {}): Promise<string[]> {
  const { results } = await t.call<{ results: { name: string }[] }>('memory_query', 'search', {
    query,
    ...more,
  })
  return results.map(({ name }) => name)
}

const startIn = (env: Record<string, string>, body: (t: TestApp) => Promise<void>) =>
  withApp({ env }, async (t) => {
    t.app.announce()
    await body(t)
  })

test('a search finds by meaning what shares no word with the question, after the write', () =>
  startIn(settings(), async (t) => {
    await fill(t)
    await reach(t, { state: 'ready', embedded: 31, entries: 31 })
    expect((await found(t, 'vehicle'))[0]).toBe('the garage')
    expect((await found(t, 'vehicle', { mode: 'semantic' }))[0]).toBe('the garage')
    expect(await found(t, 'vehicle', { mode: 'lexical' })).toEqual([])
    const context = await t.call<{ context: string }>('memory_query', 'context', {
      query: 'vehicle',
      token_budget: 60,
    })
    expect(context.context).toContain('the garage')

    await t.call('memory_knowledge', 'add', { name: 'the harbour', content: 'Ships come from the ocean' })
    await reach(t, { state: 'ready', embedded: 32 })
    expect((await found(t, 'maritime'))[0]).toBe('the harbour')
    await t.call('memory_knowledge', 'update', { name: 'the harbour', content: 'A physician works here now' })
    await expect.poll(async () => (await found(t, 'medic'))[0]).toBe('the harbour')
    await t.call('memory_knowledge', 'delete', { name: 'the harbour' })
    await reach(t, { embedded: 31 })
    expect(service.requests.every(({ key }) => key === `Bearer ${KEY}`)).toBe(true)
    expect(service.requests.some(({ texts }) => texts.length > 10)).toBe(true)
  }))

test('what was written without a model gets its vectors later, and a restart makes them anew', () =>
  withApp({ env: { AGENT_MEMORY_EMBEDDINGS: 'words' } }, async (t) => {
    await fill(t)
    const next = await t.secondApp({ env: settings() })
    next.app.announce()
    await reach(next, { state: 'ready', embedded: 31 })
    const asked = service.requests.length
    await next.call('memory_query', 'reindex', { restart: true })
    await reach(next, { state: 'ready', embedded: 31 })
    await expect.poll(() => service.requests.length).toBeGreaterThan(asked)
    expect((await found(next, 'vehicle'))[0]).toBe('the garage')
  }))

test('another model is built beside the one in use, and takes over when it is done', () =>
  startIn(settings('small'), async (t) => {
    await fill(t)
    await reach(t, { state: 'ready', embedded: 31 })
    service.refuse('Filler')
    service.misbehave('500')
    const next = await t.secondApp({ env: settings('large') })
    next.app.announce()
    await reach(next, { state: 'failing', model: 'openai:large', searched: 'openai:small', embedded: 0 })
    service.misbehave('none')
    service.refuse(null)
    await expect.poll(async () => (await found(next, 'vehicle'))[0]).toBe('the garage')
    await reach(next, { state: 'ready', model: 'openai:large', embedded: 31 })
    expect((await stateOf(next)).searched).toBeUndefined()
    // Those who asked the old model go over too, and do not begin it again.
    for (const each of [next, t]) {
      let asked = 0
      const model = async () => {
        const query = `vehicle ${each === t ? 'of the other' : 'of one'} ${asked++}`
        await found(each, query)
        return service.requests.find(({ texts }) => texts[0] === query)?.model
      }
      await expect.poll(model).toBe('large')
    }
    await reach(t, { searched: 'openai:large', embedded: 0 })
  }))

describe.each<Misbehaviour>(['500', 'not a number', 'other length', 'huge', 'slow', 'no json', 'redirect'])(
  'a service that is %s',
  (how) => {
    test('costs a search nothing but the vectors, and no write', () =>
      startIn(settings('small', { AGENT_MEMORY_EMBEDDINGS_WAIT_MS: '50' }), async (t) => {
        await fill(t)
        await reach(t, { state: 'ready', embedded: 31 })
        service.misbehave(how)
        await t.call('memory_knowledge', 'add', { name: 'added', content: 'A walrus' })
        expect((await found(t, 'walrus'))[0]).toBe('added')
        // Where one failed, the next do not even try.
        for (let n = 0; n < 20; n++) await found(t, `walrus number ${n}`)
        expect(
          service.requests.filter(({ texts }) => texts[0]?.startsWith('walrus number')).length,
        ).toBeLessThan(3)
        if (how !== 'slow') {
          await reach(t, { state: 'failing' })
          const health = await t.call<{ status: string; problems: string[] }>('memory_health', null, {})
          expect(health.problems.join(' ')).toContain('search: ')
          expect(JSON.stringify(health)).not.toContain(KEY)
        }
        service.misbehave('none')
        if (how !== 'slow') await reach(t, { state: 'ready', embedded: 32 })
      }))
  },
)

test('a model that cannot be reached is a state, not an error', () =>
  startIn(settings('small', { AGENT_MEMORY_EMBEDDINGS_URL: 'http://127.0.0.1:1/v1' }), async (t) => {
    await fill(t)
    await reach(t, { state: 'failing', embedded: 0 })
    expect((await found(t, 'automobile'))[0]).toBe('the garage')
  }))

test('a text that is refused holds up no other', () =>
  startIn(settings(), async (t) => {
    service.refuse('number 7')
    await fill(t)
    await reach(t, { state: 'ready', embedded: 31 })
    expect((await found(t, 'vehicle'))[0]).toBe('the garage')
    expect((await found(t, 'filler number 7'))[0]).toBe('note 7')
  }))

test('off leaves words alone, and a wrong address is refused without what is in it', async () => {
  await withApp({ env: { AGENT_MEMORY_EMBEDDINGS: 'off' } }, async (t) => {
    expect(await stateOf(t)).toEqual({ kind: 'off', state: 'off' })
    expect(await t.refused('memory_query', 'search', { query: 'x', mode: 'semantic' })).toMatchObject({
      name: 'INVALID_PARAMETER',
    })
  })
  const wrong = { ...settings(), AGENT_MEMORY_EMBEDDINGS_URL: 'http://me:hunter2secret@127.0.0.1/v1' }
  const refused = withApp({ env: wrong }, async () => {})
  await expect(refused).rejects.toThrow('AGENT_MEMORY_EMBEDDINGS_URL')
  await expect(refused).rejects.not.toThrow('hunter2secret')
})
