import { createClient } from '@redis/client'
import { BentoCache, bentostore } from 'bentocache'
import { memoryDriver } from 'bentocache/drivers/memory'
import { redisBusDriver, redisDriver } from 'bentocache/drivers/redis'
import { Redis } from 'ioredis'
import type { Cache, CacheRequest } from '../../src/coordination/cache.ts'
import { makeTexts, type Text } from '../corpus.ts'
import { inTurns } from './in-turns.ts'
import type { BenchInstance } from './instance.ts'

const L1_ROUND = { each: 20_000 }
const L2_ROUND = { each: 300 }
/** More than are ever asked for: each counts as found in Redis once. */
const KEYS = 3_000

/** Milliseconds of one read of an answer of five short texts. */
export interface CacheFigures {
  readonly ping: number
  /** A bare GET of as many bytes, parsed. */
  readonly bareGet: number
  readonly l1: number
  readonly l2: number
  readonly libraryL1: number
  readonly libraryL2: number
}

/** `a` fills Redis; `b` finds each answer there once, and from then on in its own memory. */
export async function measureCache(a: BenchInstance, b: BenchInstance, url: string): Promise<CacheFigures> {
  const client = createClient({ url })
  await client.connect()
  const [first, second] = [openLibrary(url), openLibrary(url)]
  try {
    const texts = makeTexts(KEYS + 5)
    await moveToFirstVersion(a)
    for (let n = 0; n < KEYS; n++) {
      await readOurs(a.redis.cache, n, texts)
      await readLibrary(first.cache, n, texts)
      await client.set(`bench-get:${n}`, JSON.stringify(answer(n, texts)))
    }
    const next = counters('bareGet', 'l2', 'libraryL2')
    const l2 = await inTurns(
      [
        { name: 'ping', work: () => client.ping() },
        { name: 'bareGet', work: async () => parse(await client.get(`bench-get:${next('bareGet')}`)) },
        { name: 'l2', work: () => readOurs(b.redis.cache, next('l2'), texts, 'l2') },
        { name: 'libraryL2', work: () => readLibrary(second.cache, next('libraryL2'), texts) },
      ],
      L2_ROUND,
    )
    const [question, options] = [requestFor(1, texts), optionsFor(1, texts)]
    const l1 = await inTurns(
      [
        { name: 'l1', work: () => b.redis.cache.get(question) },
        { name: 'libraryL1', work: () => second.cache.getOrSet(options) },
      ],
      L1_ROUND,
    )
    return { ...l2, ...l1 }
  } finally {
    client.destroy()
    await Promise.all([first.close(), second.close()])
  }
}

function openLibrary(url: string) {
  const connections = Array.from({ length: 2 }, () => new Redis(url))
  const [data, bus] = connections
  if (!data || !bus) throw new RangeError('there are two connections')
  const cache = new BentoCache({
    default: 'both',
    stores: {
      both: bentostore()
        .useL1Layer(memoryDriver({ maxSize: '64mb' }))
        .useL2Layer(redisDriver({ connection: data }))
        .useBus(redisBusDriver({ connection: { host: '127.0.0.1', port: Number(new URL(url).port) } })),
    },
  })
  return {
    cache,
    async close() {
      await cache.disconnectAll()
      for (const connection of connections) connection.disconnect()
    },
  }
}

type Library = ReturnType<typeof openLibrary>['cache']

async function readOurs(cache: Cache, n: number, texts: readonly Text[], from?: string): Promise<void> {
  const { servedFrom } = await cache.get(requestFor(n, texts))
  if (from && servedFrom !== from) throw new Error(`an answer came from ${servedFrom}, not ${from}`)
}

function readLibrary(cache: Library, n: number, texts: readonly Text[]): Promise<unknown> {
  return cache.getOrSet(optionsFor(n, texts))
}

function optionsFor(n: number, texts: readonly Text[]) {
  return { key: `answer-${n}`, ttl: '10m', factory: () => answer(n, texts) }
}

const DEPENDENCY = 'global/knowledge'
const STAMP = new Map([[DEPENDENCY, 1]])
const dependencies = [DEPENDENCY]

/** The database has said what the answers' stamp says. */
function moveToFirstVersion({ store }: BenchInstance): Promise<void> {
  const scope = { type: 'global', id: 'global' } as const
  return store.write(async ({ record }) =>
    record({ type: 'vote.recorded', scope, scopeKeys: [DEPENDENCY], agentId: 'bench' }),
  )
}

function requestFor(n: number, texts: readonly Text[]): CacheRequest<unknown> {
  return {
    key: `answer-${n}`,
    dependencies,
    load: async () => ({ value: answer(n, texts), stamp: STAMP, expiresAt: null }),
  }
}

function answer(n: number, texts: readonly Text[]): object {
  return { results: texts.slice(n, n + 5).map((text) => ({ ...text })) }
}

function parse(text: string | null): unknown {
  if (text === null) throw new Error('a key that was written is gone')
  return JSON.parse(text)
}

/** A number of its own for each name, counted up. */
function counters<Name extends string>(...names: readonly Name[]): (name: Name) => number {
  const counts = new Map<Name, number>(names.map((name) => [name, 0]))
  return (name) => {
    const n = counts.get(name) ?? 0
    counts.set(name, n + 1)
    return n % KEYS
  }
}
