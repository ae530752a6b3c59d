import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { MemoryEvent } from '../../src/domain/event.ts'
import { lastSeq, readLogPage } from '../../src/store/change-log.ts'
import { Store } from '../../src/store/store.ts'
import { makeDatabaseFolder, openTestDatabase, removeDatabaseFolder } from '../support/database.ts'
import { type WorkerProcess, WorkerRefusal, withWorkers } from '../support/process.ts'

// Eight processes that write at once to scopes of their own and to common ones, and one more that reads the log meanwhile: what
// writers may not do to each other, and what a reader may not miss (docs/explanation/concurrency.md).

const AGENTS = 8
const PROJECTS = 4
const ROUNDS = 10
const KNOWLEDGE = 'memory_knowledge'

let dataDir: string
beforeEach(async () => {
  dataDir = await makeDatabaseFolder()
})
afterEach(() => removeDatabaseFolder(dataDir))

interface Shown {
  readonly id: string
  readonly name: string
  readonly version: number
  readonly content: string
}
interface Place {
  readonly scope_type: 'project' | 'session'
  readonly scope_id: string
}
/** What was acknowledged: the versions of each entry. */
type Acknowledged = Map<string, number[]>

test('eight processes write side by side: nothing is lost, doubled or out of order', () =>
  withWorkers({ dataDir, count: AGENTS }, async (...writers) => {
    const [reader] = writers
    if (!reader) throw new Error('no worker')
    const store = new Store(await openTestDatabase(dataDir), 'reader')
    const places = await makePlaces(reader)
    const counters = await Promise.all(
      places.map((place) =>
        reader.call<Shown>(KNOWLEDGE, 'add', { ...place, name: 'counter', content: '0' }),
      ),
    )
    const acknowledged: Acknowledged = new Map(counters.map(({ id }) => [id, [1]]))
    const from = await store.read(lastSeq)
    let isOver = false
    const followed = follow(store, from, () => isOver)
    await Promise.all(
      writers.map((worker, agent) => write(worker, { agent, places, counters, acknowledged })),
    )
    isOver = true
    const told = await followed
    const log = await follow(store, from, () => true)
    await store.close()
    // By a cursor, while others wrote: each once, in the order that stays.
    expect(told.map(({ id }) => id)).toEqual(log.map(({ id }) => id))
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length)
    expect(log.map(({ seq }) => seq)).toEqual(log.map(({ seq }) => seq).toSorted((a, b) => a - b))
    expectAll(acknowledged, log)
    expectSteps(log)
    for (const { id } of counters) {
      const counted = await reader.call<Shown>(KNOWLEDGE, 'get', { id })
      // Each acknowledged update added one to what it had read.
      expect(counted.content).toBe(String((acknowledged.get(id)?.length ?? 0) - 1))
    }
  }))

async function makePlaces(worker: WorkerProcess): Promise<Place[]> {
  const places: Place[] = []
  for (let n = 0; n < PROJECTS; n++) {
    const { id } = await worker.call<Shown>('memory_scope', 'create', {
      scope_type: 'project',
      name: `p${n}`,
    })
    places.push({ scope_type: 'project', scope_id: id })
  }
  return places
}

interface Work {
  readonly agent: number
  readonly places: readonly Place[]
  readonly counters: readonly Shown[]
  readonly acknowledged: Acknowledged
}

async function write(worker: WorkerProcess, { agent, places, counters, acknowledged }: Work): Promise<void> {
  const note = ({ id, version }: Shown) => acknowledged.set(id, [...(acknowledged.get(id) ?? []), version])
  // These answers are short and name no version.
  const noteNew = (entries: readonly Shown[]) => {
    for (const { id } of entries) acknowledged.set(id, [1])
  }
  const session = await worker.call<Shown>('memory_scope', 'start', {
    scope_type: 'session',
    project_id: places[agent % PROJECTS]?.scope_id,
    name: `of ${agent}`,
  })
  for (let round = 0; round < ROUNDS; round++) {
    const at = (agent + round) % PROJECTS
    const place = places[at]
    const counter = counters[at]
    if (!place || !counter) throw new Error('no such place')
    // Words that no entry uses yet, the same for all at once, in another order for each.
    const words = Array.from({ length: 12 }, (_, n) => `word${round}x${(n * (agent + 1)) % 13}`).join(' ')
    const name = `${agent} in ${round}`
    const [added] = await Promise.all([
      worker.call<Shown>(KNOWLEDGE, 'add', { ...place, name, content: words, tags: [`t${agent}`] }),
      increment(worker, counter.id).then((shown) => shown && note(shown)),
      worker
        .call<{ entries: Shown[] }>('memory_scope', 'log', {
          session_id: session.id,
          turns: [{ content: 'a' }, { content: 'b' }],
        })
        .then(({ entries }) => noteNew(entries)),
    ])
    note(added)
    const entries = ['x', 'y', 'z'].map((part) => ({ name: `${name} ${part}`, content: words }))
    const bulk = await worker.call<{ entries: Shown[] }>(KNOWLEDGE, 'bulk_add', { ...place, entries })
    noteNew(bulk.entries)
    if (round % 3 === 0) await worker.call(KNOWLEDGE, 'delete', { id: added.id })
    else note(await worker.call<Shown>('memory_tag', 'attach', { entry_id: added.id, tags: ['again'] }))
    if (round % 4 === 1)
      await worker.call('memory_voting', 'record_vote', { task_id: 'task', vote_value: round })
  }
}

/** Compare-and-set: undefined where others were quicker each time. */
async function increment(worker: WorkerProcess, id: string): Promise<Shown | undefined> {
  for (let tries = 0; tries < 3; tries++) {
    const { content, version } = await worker.call<Shown>(KNOWLEDGE, 'get', { id })
    try {
      const change = { id, content: String(Number(content) + 1), base_version: version }
      return await worker.call<Shown>(KNOWLEDGE, 'update', change)
    } catch (error) {
      if (!(error instanceof WorkerRefusal) || error.body.name !== 'CONFLICT') throw error
    }
  }
  return undefined
}

/** Reads on from where it got to, again and again, until the writers are done and there is nothing more. */
async function follow(store: Store, from: number, isOver: () => boolean): Promise<MemoryEvent[]> {
  const told: MemoryEvent[] = []
  for (;;) {
    const wasOver = isOver()
    const afterSeq = told.at(-1)?.seq ?? from
    const { events, hasGap } = await store.snapshot((db) => readLogPage(db, { afterSeq, limit: 7 }))
    expect(hasGap).toBe(false)
    told.push(...events)
    if (wasOver && events.length === 0) return told
    // A read of a file takes no turn of the event loop.
    await nextTurn()
  }
}

/** Every acknowledged version has exactly one event, and those of an entry are in the order of its versions. */
function expectAll(acknowledged: Acknowledged, log: readonly MemoryEvent[]): void {
  const versions = new Map<string, number[]>()
  for (const { type, entry } of log) {
    if (!entry || type === 'entry.deleted' || type.startsWith('conflict.')) continue
    versions.set(entry.id, [...(versions.get(entry.id) ?? []), entry.version])
  }
  for (const [id, noted] of acknowledged) {
    const logged = versions.get(id) ?? []
    const known = noted.filter((version) => version > 1 || logged.includes(1))
    expect(logged).toEqual(logged.toSorted((a, b) => a - b))
    expect(logged).toEqual(known.toSorted((a, b) => a - b))
  }
}

/** In the order of the log each version counter goes on by one from commit to commit, and is never given twice. */
function expectSteps(log: readonly MemoryEvent[]): void {
  const last = new Map<string, number>()
  for (const { versions } of log)
    for (const [key, version] of Object.entries(versions)) {
      const before = last.get(key)
      if (before !== undefined) expect([key, version - before]).toEqual([key, version === before ? 0 : 1])
      last.set(key, version)
    }
}
