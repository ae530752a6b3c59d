import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeDatabaseFolder, removeDatabaseFolder } from '../support/database.ts'
import { type WorkerProcess, withWorkers } from '../support/process.ts'
import { testsRunOnRedis } from '../support/redis-env.ts'
import { until } from '../support/until.ts'

const KNOWLEDGE = 'memory_knowledge'
const GLOBAL = { scope_type: 'global' }

let dataDir: string
beforeEach(async () => {
  dataDir = await makeDatabaseFolder()
})
afterEach(() => removeDatabaseFolder(dataDir))

const add = (worker: WorkerProcess, name: string) =>
  worker.call<{ id: string }>(KNOWLEDGE, 'add', { ...GLOBAL, name, content: `said by ${name}` })

async function countAll(worker: WorkerProcess): Promise<number> {
  let count = 0
  let cursor: string | undefined
  do {
    const args = { ...GLOBAL, limit: 100, cursor }
    const page = await worker.call<{ entries: object[]; next_cursor?: string }>(KNOWLEDGE, 'list', args)
    count += page.entries.length
    cursor = page.next_cursor
  } while (cursor)
  return count
}

test('four processes start on a new file at once, write and read at once, and nothing is lost or late', async () => {
  await withWorkers({ dataDir, count: 4, areNew: true }, async (...workers) => {
    const each = 40
    const work = workers.map(async (worker, place) => {
      for (let n = 0; n < each; n++) {
        const { id } = await add(worker, `w${place} n${n}`)
        // Acknowledged there, so the very next read anywhere has it.
        const reader = workers[(place + n) % workers.length] ?? worker
        const seen = await reader.call(KNOWLEDGE, 'get', { id })
        expect(seen['content']).toBe(`said by w${place} n${n}`)
      }
    })
    await Promise.all(work)
    for (const worker of workers) expect(await countAll(worker)).toBe(each * workers.length)
  })
})

test('cached answers are never older than a write that was acknowledged to another process', async () => {
  await withWorkers({ dataDir, count: 3 }, async (...workers) => {
    const [writer, ...readers] = workers
    if (!writer) throw new Error('no writer')
    const { id } = await add(writer, 'entry')
    // Over Redis the next answer is as new as the last message; a caller that needs more says so.
    const query = { query: 'zebra', ...GLOBAL, ...(testsRunOnRedis && { consistency: 'strong' }) }
    for (let n = 0; n < 25; n++) {
      await writer.call(KNOWLEDGE, 'update', { id, content: `zebra ${n}` })
      for (const reader of readers) {
        const { results } = await reader.call<{ results: { content: string }[] }>(
          'memory_query',
          'search',
          query,
        )
        expect(results[0]?.content).toBe(`zebra ${n}`)
      }
    }
  })
})

test('what a process had acknowledged is there after kill -9, and the others go on', async () => {
  await withWorkers({ dataDir, count: 4 }, async (...workers) => {
    const [victim, ...others] = workers
    const [survivor] = others
    if (!victim || !survivor) throw new Error('no workers')
    const acknowledged: string[] = []
    const doomed = (async () => {
      for (let n = 0; ; n++) acknowledged.push((await add(victim, `victim ${n}`)).id)
    })().catch(() => {})
    const busy = others.map(async (worker, place) => {
      for (let n = 0; n < 30; n++) await add(worker, `other ${place} ${n}`)
    })
    await until('fifteen are acknowledged', () => acknowledged.length >= 15)
    await victim.kill()
    await doomed
    await Promise.all(busy)
    for (const id of acknowledged) await survivor.call(KNOWLEDGE, 'get', { id })
    expect(await countAll(survivor)).toBeGreaterThanOrEqual(acknowledged.length + 90)
  })
})

test('one of four gets the lock, and each later holder a larger token', async () => {
  await withWorkers({ dataDir, count: 4 }, async (...workers) => {
    let last = 0
    for (let round = 0; round < 8; round++) {
      const file_path = round % 2 === 0 ? '/p/a.ts' : '/p/x/../a.ts'
      const tries = await Promise.allSettled(
        workers.map((worker) =>
          worker.call<{ fencing_token: number; agent_id: string }>('memory_file_lock', 'checkout', {
            file_path,
            wait_ms: 0,
          }),
        ),
      )
      const granted = tries.flatMap((outcome, place) =>
        outcome.status === 'fulfilled' ? [{ ...outcome.value, place }] : [],
      )
      expect(granted).toHaveLength(1)
      for (const { fencing_token, place } of granted) {
        expect(fencing_token).toBeGreaterThan(last)
        last = fencing_token
        await workers[place]?.call('memory_file_lock', 'checkin', { file_path })
      }
    }
  })
})

test('two processes that change different fields at once both keep their words; on one field one gets the conflict', async () => {
  await withWorkers({ dataDir, count: 2 }, async (a, b) => {
    if (!a || !b) throw new Error('no workers')
    for (let round = 0; round < 10; round++) {
      const { id } = await add(a, `entry ${round}`)
      await Promise.all([
        a.call(KNOWLEDGE, 'update', { id, content: 'from a', base_version: 1 }),
        b.call(KNOWLEDGE, 'update', { id, source: 'from b', base_version: 1 }),
      ])
      expect(await a.call(KNOWLEDGE, 'get', { id })).toMatchObject({
        content: 'from a',
        source: 'from b',
        version: 3,
      })
      const outcomes = await Promise.allSettled([
        a.call(KNOWLEDGE, 'update', { id, content: 'a again', base_version: 3 }),
        b.call(KNOWLEDGE, 'update', { id, content: 'b again', base_version: 3 }),
      ])
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
      expect(refused).toMatchObject([{ reason: { body: { name: 'CONFLICT' } } }])
    }
  })
})
