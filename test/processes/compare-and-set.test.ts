import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDatabaseFolder, removeDatabaseFolder } from '../support/database.ts'
import { type WorkerProcess, WorkerRefusal, withWorkers } from '../support/process.ts'

// Eight processes on one database, each an agent of its own: what docs/explanation/concurrency.md promises to callers that
// act at once. One start of the processes serves all of it.

const KNOWLEDGE = 'memory_knowledge'
const AGENTS = 8
const ROUNDS = 12

let dataDir: string
beforeEach(async () => {
  dataDir = await makeDatabaseFolder()
})
afterEach(() => removeDatabaseFolder(dataDir))

interface Shown {
  readonly id: string
  readonly version: number
  readonly content: string
  readonly tags: readonly string[]
}

/** True where the call was acknowledged, false where it was refused with one of these errors. */
async function acknowledged(call: Promise<unknown>, ...refusals: string[]): Promise<boolean> {
  try {
    await call
    return true
  } catch (error) {
    if (error instanceof WorkerRefusal && refusals.includes(error.body.name)) return false
    throw error
  }
}

/** How many of the eight were acknowledged, all asked at once. */
async function countAcknowledged(
  workers: readonly WorkerProcess[],
  ask: (worker: WorkerProcess, place: number) => Promise<unknown>,
  ...refusals: string[]
): Promise<number> {
  const answers = await Promise.all(workers.map((worker, at) => acknowledged(ask(worker, at), ...refusals)))
  return answers.filter(Boolean).length
}

test('eight processes at once: what each operation promises', () =>
  withWorkers({ dataDir, count: AGENTS }, async (...workers) => {
    const [first] = workers
    if (!first) throw new Error('no worker')
    await oneOfEightUpdates(first, workers)
    await aCounterLosesNothing(first, workers)
    await differentFieldsMerge(first, workers)
    await oneOfEightAdds(first, workers)
    await tagsAddUp(first, workers)
    await oneOfEightSettles(first, workers)
    await scopesByVersion(first, workers)
  }))

async function oneOfEightUpdates(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  for (const change of [
    { content: 'taken' },
    { tags: ['taken'] },
    { priority: 1 },
    { metadata: { by: 'me' } },
  ]) {
    const { id } = await first.call<Shown>(KNOWLEDGE, 'add', {
      name: JSON.stringify(change),
      content: 'open',
    })
    const claim = (worker: WorkerProcess) =>
      worker.call(KNOWLEDGE, 'update', { id, base_version: 1, ...change })
    expect(await countAcknowledged(workers, claim, 'CONFLICT')).toBe(1)
    expect(await first.call(KNOWLEDGE, 'get', { id })).toMatchObject({ version: 2 })
  }
}

async function aCounterLosesNothing(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  const { id } = await first.call<Shown>(KNOWLEDGE, 'add', { name: 'counter', content: '0' })
  const countUp = async (worker: WorkerProcess) => {
    let done = 0
    for (let round = 0; round < ROUNDS; round++) {
      const { version, content } = await worker.call<Shown>(KNOWLEDGE, 'get', { id })
      const next = { id, base_version: version, content: String(Number(content) + 1) }
      if (await acknowledged(worker.call(KNOWLEDGE, 'update', next), 'CONFLICT')) done++
    }
    return done
  }
  const done = await Promise.all(workers.map(countUp))
  const { content, version } = await first.call<Shown>(KNOWLEDGE, 'get', { id })
  const sum = done.reduce((total, count) => total + count, 0)
  expect([Number(content), version]).toEqual([sum, sum + 1])
}

async function differentFieldsMerge(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  const { id } = await first.call<Shown>(KNOWLEDGE, 'add', { name: 'fields', content: 'old' })
  const fields = [{ content: 'new' }, { source: 's' }, { confidence: 0.5 }, { priority: 7 }, { tags: ['t'] }]
  const change = (worker: WorkerProcess, place: number) =>
    worker.call(KNOWLEDGE, 'update', { id, base_version: 1, ...fields[place] })
  expect(await countAcknowledged(workers.slice(0, fields.length), change)).toBe(fields.length)
  expect(await first.call(KNOWLEDGE, 'get', { id })).toMatchObject(Object.assign({ version: 6 }, ...fields))
}

async function oneOfEightAdds(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  const add = (worker: WorkerProcess) => worker.call(KNOWLEDGE, 'add', { name: 'once', content: 'c' })
  expect(await countAcknowledged(workers, add, 'ALREADY_EXISTS')).toBe(1)
  const bulk = (worker: WorkerProcess, place: number) => {
    const entries = [
      { name: `own ${place}`, content: 'c' },
      { name: 'shared', content: 'c' },
    ]
    return worker.call(KNOWLEDGE, 'bulk_add', { entries })
  }
  expect(await countAcknowledged(workers, bulk, 'ALREADY_EXISTS')).toBe(1)
  const { entries } = await first.call<{ entries: { name: string }[] }>(KNOWLEDGE, 'list', { limit: 100 })
  expect(entries.filter(({ name }) => name.startsWith('own '))).toHaveLength(1)
  const { id } = await first.call<Shown>(KNOWLEDGE, 'get', { name: 'once' })
  const remove = (worker: WorkerProcess) => worker.call(KNOWLEDGE, 'delete', { id, base_version: 1 })
  expect(await countAcknowledged(workers, remove, 'NOT_FOUND')).toBe(1)
  const anew = await first.call<Shown>(KNOWLEDGE, 'add', { name: 'once', content: 'anew' })
  expect(anew.version).toBe(2)
}

async function tagsAddUp(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  const { id } = await first.call<Shown>(KNOWLEDGE, 'add', { name: 'tagged', content: 'c' })
  await countAcknowledged(workers, (worker, place) =>
    worker.call('memory_tag', 'attach', { entry_id: id, tags: [`t${place}`] }),
  )
  const { tags } = await first.call<Shown>(KNOWLEDGE, 'get', { id })
  expect([...tags].sort()).toEqual(workers.map((_, place) => `t${place}`))
}

async function oneOfEightSettles(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  const { id } = await first.call<Shown>(KNOWLEDGE, 'add', { name: 'contended', content: 'old' })
  await first.call(KNOWLEDGE, 'update', { id, base_version: 1, content: 'one side' }, { agentId: 'ann' })
  const loser = first.call(
    KNOWLEDGE,
    'update',
    { id, base_version: 1, content: 'other side' },
    { agentId: 'bob' },
  )
  expect(await acknowledged(loser, 'CONFLICT')).toBe(false)
  const { conflicts } = await first.call<{ conflicts: { id: string }[] }>('memory_conflict', 'list', {
    entry_id: id,
  })
  const settle = (worker: WorkerProcess) =>
    worker.call('memory_conflict', 'resolve', { id: conflicts[0]?.id, resolution: 'incoming' })
  expect(await countAcknowledged(workers, settle, 'CONFLICT')).toBe(1)
  expect(await first.call(KNOWLEDGE, 'get', { id })).toMatchObject({ version: 3, content: 'other side' })
}

async function scopesByVersion(first: WorkerProcess, workers: readonly WorkerProcess[]): Promise<void> {
  const org = { scope_type: 'org', name: 'acme' }
  const create = (worker: WorkerProcess) => worker.call('memory_scope', 'create', org)
  expect(await countAcknowledged(workers, create, 'ALREADY_EXISTS')).toBe(1)
  const { id } = await first.call<{ id: string }>('memory_scope', 'get', org)
  const update = (worker: WorkerProcess, place: number) =>
    worker.call('memory_scope', 'update', { scope_id: id, base_version: 1, purpose: `p${place}` })
  expect(await countAcknowledged(workers, update, 'CONFLICT')).toBe(1)
  const blind = (worker: WorkerProcess, place: number) =>
    worker.call('memory_scope', 'update', { scope_id: id, purpose: `blind ${place}` })
  expect(await countAcknowledged(workers, blind)).toBe(AGENTS)
  const purposes = new Set<unknown>()
  for (let version = 2; version <= AGENTS + 2; version++) {
    const scope = await first.call<{ purpose: string }>('memory_scope', 'get', { scope_id: id, version })
    purposes.add(scope.purpose)
  }
  expect(purposes.size).toBe(AGENTS + 1)
}
