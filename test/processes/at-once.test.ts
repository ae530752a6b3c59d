import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { exported } from '../services/transfer/files.ts'
import { withApp } from '../support/app.ts'
import { makeDatabaseFolder, removeDatabaseFolder } from '../support/database.ts'
import { type WorkerProcess, WorkerRefusal, withWorkers } from '../support/process.ts'

// The rest of what docs/explanation/concurrency.md promises to eight processes that act at once: relations, sessions, export.

const KNOWLEDGE = 'memory_knowledge'
const SCOPE = 'memory_scope'
const AGENTS = 8

let dataDir: string
beforeEach(async () => {
  dataDir = await makeDatabaseFolder()
})
afterEach(() => removeDatabaseFolder(dataDir))

interface Named {
  readonly id: string
}

type Workers = readonly WorkerProcess[]

/** What each of the eight was told, all asked at once: its answer, or the name of the refusal. */
function askAll(workers: Workers, ask: (worker: WorkerProcess, place: number) => Promise<unknown>) {
  return Promise.all(
    workers.map((worker, place) =>
      ask(worker, place).catch((error: unknown) => {
        if (error instanceof WorkerRefusal) return error.body.name
        throw error
      }),
    ),
  )
}

function expectOne(answers: readonly unknown[], refusal: string): void {
  expect(answers.filter((answer) => answer === refusal)).toHaveLength(AGENTS - 1)
}

test('eight processes at once: relations, sessions and scopes that go', () =>
  withWorkers({ dataDir, count: AGENTS }, async (...workers) => {
    const [first] = workers
    if (!first) throw new Error('no worker')
    await oneRelation(first, workers)
    await oneSession(first, workers)
    await oneDeletesAScope(first, workers)
  }))

async function oneRelation(first: WorkerProcess, workers: Workers): Promise<void> {
  const from = await first.call<Named>(KNOWLEDGE, 'add', { name: 'from', content: 'c' })
  const to = await first.call<Named>(KNOWLEDGE, 'add', { name: 'to', content: 'c' })
  const link = { from_id: from.id, to_id: to.id, relation_type: 'depends_on' }
  expectOne(
    await askAll(workers, (worker) => worker.call('memory_relation', 'create', link)),
    'ALREADY_EXISTS',
  )
  const shown = await first.call<{ relations: Named[] }>('memory_relation', 'list', { entry_id: from.id })
  expect(shown.relations).toHaveLength(1)
  const { id } = shown.relations[0] ?? {}
  expectOne(await askAll(workers, (worker) => worker.call('memory_relation', 'delete', { id })), 'NOT_FOUND')
}

async function oneSession(first: WorkerProcess, workers: Workers): Promise<void> {
  const { id } = await first.call<Named>(SCOPE, 'start', { name: 'shared work' })
  const turns = ['one', 'two', 'three']
  await askAll(workers, (worker, place) =>
    worker.call(SCOPE, 'log', { session_id: id, turns: turns.map((n) => ({ content: `${n} of ${place}` })) }),
  ).then((answers) => {
    const logged = (answers as { entries: { sequence: number }[] }[]).map(({ entries }) =>
      entries.map(({ sequence }) => sequence),
    )
    for (const [begin = 0, ...rest] of logged) expect(rest).toEqual([begin + 1, begin + 2])
    expect(new Set(logged.flat()).size).toBe(AGENTS * turns.length)
  })
  const ended = await askAll(workers, (worker) => worker.call(SCOPE, 'end', { session_id: id }))
  const times = new Set((ended as { ended_at: string }[]).map(({ ended_at }) => ended_at))
  expect([...times]).toEqual([expect.any(String)])
}

async function oneDeletesAScope(first: WorkerProcess, workers: Workers): Promise<void> {
  const { id } = await first.call<Named>(SCOPE, 'create', { scope_type: 'org', name: 'gone' })
  expectOne(await askAll(workers, (worker) => worker.call(SCOPE, 'delete', { scope_id: id })), 'NOT_FOUND')
}

test('an export is one state: of what is added together it has all or nothing', () =>
  withApp({ dataDir }, (t) =>
    withWorkers({ dataDir, count: AGENTS }, async (...workers) => {
      const pair = (name: string) => ({
        entries: ['a', 'b'].map((side) => ({ name: `${name} ${side}`, content: 'c' })),
      })
      const writing = Promise.all(
        workers.map(async (worker, place) => {
          for (let n = 0; n < 10; n++) await worker.call(KNOWLEDGE, 'bulk_add', pair(`${place} ${n}`))
        }),
      )
      let finished = false
      const done = writing.finally(() => {
        finished = true
      })
      do {
        const lines = (await exported(t)).split('\n').filter((line) => line.includes('"kind":"entry"'))
        expect(lines.length % 2).toBe(0)
        // An export of SQLite never waits, and the workers' answers want to be read.
        await nextTurn()
      } while (!finished)
      await done
      expect((await exported(t)).split('"kind":"entry"')).toHaveLength(1 + AGENTS * 20)
    }),
  ))
