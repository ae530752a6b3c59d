import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { type TestApp, withApp } from '../support/app.ts'
import { databaseEnv } from '../support/database.ts'
import { type WorkerProcess, WorkerRefusal, withWorkers } from '../support/process.ts'
import { expectNews } from '../support/redis-env.ts'
import { refusalOf } from '../support/refusal.ts'
import { compileCache, testProgram } from '../support/test-programs.ts'
import { until } from '../support/until.ts'

const TOOL = 'memory_file_lock'
const file_path = 'a.ts'

interface Lock {
  readonly agent_id: string
  readonly fencing_token: number
}

type Body = (t: TestApp, workers: readonly WorkerProcess[]) => Promise<void>

/** So many processes beside the test's own on one file. */
const processes =
  (count: number, body: Body, { idleInTransactionMs, silentAfterMs }: Times = {}) =>
  () =>
    withApp((t) => {
      const env = databaseEnv(t.dataDir, { idleInTransactionMs })
      const options = { dataDir: t.dataDir, count, env, silentAfterMs }
      return withWorkers(options, (...workers) => body(t, workers))
    })

interface Times {
  readonly idleInTransactionMs?: number
  readonly silentAfterMs?: number
}

/** As users have it: a process may be frozen while it renews its lock. */
const FROZEN: Times = { idleInTransactionMs: 3_000 }
/** However slow the machine is, all that wait are there. */
const SLOW: Times = { silentAfterMs: 600_000 }

const one = (workers: readonly WorkerProcess[], index: number): WorkerProcess => {
  const worker = workers[index]
  if (!worker) throw new RangeError(`no worker ${index}`)
  return worker
}

const refusal = async (call: Promise<unknown>) => (await refusalOf(WorkerRefusal, call)).body

/** For longer than any test, unless `args` says otherwise. */
const checkout = (worker: WorkerProcess, args: object) =>
  worker.call<Lock>(TOOL, 'checkout', { file_path, ttl_ms: 600_000, ...args })

const queued = (t: TestApp, path: string, count: number) =>
  until(
    `${count} in the queue`,
    async () => (await t.call(TOOL, 'status', { file_path: path }))['waiting'] === count,
  )

test(
  'exactly one of four processes gets a lock, again and again, and the token grows',
  processes(4, async (t, workers) => {
    let last = 0
    for (let round = 0; round < 10; round++) {
      const tries = await Promise.allSettled(workers.map((worker) => checkout(worker, { wait_ms: 0 })))
      const winners = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []))
      expect(winners).toHaveLength(1)
      for (const attempt of tries) {
        if (attempt.status === 'rejected')
          expect(attempt.reason).toMatchObject({ body: { name: 'FILE_LOCKED' } })
      }
      const [winner] = winners
      expect(winner?.fencing_token).toBeGreaterThan(last)
      last = winner?.fencing_token ?? last
      await t.call(TOOL, 'checkin', { file_path }, { agentId: winner?.agent_id ?? '' })
    }
  }),
)

test('a number in a file that four processes count up under its lock ends exact', () =>
  withApp(async (t) => {
    const file = join(t.dataDir, 'counter.txt')
    writeFileSync(file, '0')
    const program = testProgram('lease-counter.ts')
    const run = promisify(execFile)
    const outputs = await Promise.all(
      ['ann', 'bob', 'cid', 'dan'].map((agent) =>
        run(process.execPath, ['--no-warnings', program, agent, file, '25'], {
          env: {
            PATH: process.env['PATH'],
            NODE_COMPILE_CACHE: compileCache(),
            AGENT_MEMORY_DATA_DIR: t.dataDir,
          },
        }),
      ),
    )
    expect(readFileSync(file, 'utf8')).toBe('100')
    const tokens = outputs.map(({ stdout }) => stdout.trim().split('\n').map(Number))
    expect(new Set(tokens.flat()).size).toBe(100)
    for (const own of tokens) expect(own).toEqual([...own].sort((x, y) => x - y))
  }))

test(
  'the lock of a killed process is free after its time, for the one who waits, with a larger token',
  processes(2, async (t, workers) => {
    const [victim, heir] = [one(workers, 0), one(workers, 1)]
    const lost = await checkout(victim, { ttl_ms: 300 })
    const wait = checkout(heir, { wait_ms: 600_000 })
    await victim.kill()
    const lock = await wait
    expect(lock.agent_id).toBe('worker-2')
    expect(lock.fencing_token).toBeGreaterThan(lost.fencing_token)
    const types = async () => {
      const list = { types: ['lock.*'] }
      const { events } = await t.call<{ events: { type: string }[] }>('memory_event', 'list', list)
      return events.map((event) => event.type)
    }
    await expectNews(types, ['lock.acquired', 'lock.expired', 'lock.acquired'])
  }),
)

test(
  'a holder that was frozen past its time wakes to find that it has nothing',
  processes(
    2,
    async (_t, workers) => {
      const [frozen, heir] = [one(workers, 0), one(workers, 1)]
      const { fencing_token } = await checkout(frozen, { ttl_ms: 300, keep_alive: true })
      await frozen.kill('SIGSTOP')
      const lock = await checkout(heir, { wait_ms: 600_000 })
      await frozen.kill('SIGCONT')
      expect(lock.fencing_token).toBeGreaterThan(fencing_token)
      expect(await frozen.call(TOOL, 'verify', { file_path, fencing_token })).toMatchObject({
        valid: false,
        held_by: 'worker-2',
      })
      expect(await refusal(frozen.call(TOOL, 'checkin', { file_path }))).toMatchObject({
        name: 'NOT_LOCK_OWNER',
      })
      expect(await heir.call(TOOL, 'verify', { file_path, fencing_token: lock.fencing_token })).toMatchObject(
        {
          valid: true,
        },
      )
    },
    FROZEN,
  ),
)

test(
  'a lock goes from process to process in the order in which they came',
  processes(
    4,
    async (t, workers) => {
      await checkout(one(workers, 0), {})
      const order: string[] = []
      const waits: Promise<void>[] = []
      for (const [index, worker] of workers.slice(1).entries()) {
        const wait = checkout(worker, { wait_ms: 600_000 }).then(async ({ agent_id }) => {
          order.push(agent_id)
          await worker.call(TOOL, 'checkin', { file_path })
        })
        waits.push(wait)
        await queued(t, file_path, index + 1)
      }
      await one(workers, 0).call(TOOL, 'checkin', { file_path })
      await Promise.all(waits)
      expect(order).toEqual(['worker-2', 'worker-3', 'worker-4'])
    },
    SLOW,
  ),
)

test(
  'a waiter that was killed does not stop those behind it',
  processes(3, async (t, workers) => {
    await checkout(one(workers, 0), {})
    const doomed = checkout(one(workers, 1), { wait_ms: 600_000 })
    await queued(t, file_path, 1)
    const heir = checkout(one(workers, 2), { wait_ms: 600_000 })
    await queued(t, file_path, 2)
    await one(workers, 1).kill()
    await expect(doomed).rejects.toThrow('worker ended')
    await one(workers, 0).call(TOOL, 'checkin', { file_path })
    expect(await heir).toMatchObject({ agent_id: 'worker-3' })
  }),
)

test(
  'a circle of waiting processes is refused and named, and opens when one gives way',
  processes(
    2,
    async (t, workers) => {
      const [first, second] = [one(workers, 0), one(workers, 1)]
      await checkout(first, { ttl_ms: 600_000 })
      await checkout(second, { file_path: 'b.ts', ttl_ms: 600_000 })
      const wait = checkout(first, { file_path: 'b.ts', wait_ms: 600_000 })
      await queued(t, 'b.ts', 1)
      const error = await refusal(checkout(second, { wait_ms: 600_000 }))
      const at = (name: string) => join(t.workspace.pathRoot, name)
      expect(error).toMatchObject({
        name: 'DEADLOCK',
        details: {
          circle: [
            { agent_id: 'worker-2', waits_for: at('a.ts'), held_by: 'worker-1' },
            { agent_id: 'worker-1', waits_for: at('b.ts'), held_by: 'worker-2' },
          ],
        },
      })
      await second.call(TOOL, 'checkin', { file_path: 'b.ts' })
      expect(await wait).toMatchObject({ agent_id: 'worker-1' })
    },
    SLOW,
  ),
)

test(
  'all or none between processes: overlapping sets of files never stand still',
  processes(3, async (t, workers) => {
    const files = ['a.ts', 'b.ts', 'c.ts']
    const rounds = workers.map(async (worker, index) => {
      const own = files.filter((_, n) => n !== index)
      for (let n = 0; n < 8; n++) {
        const { locks } = await worker.call<{ locks: Lock[] }>(TOOL, 'checkout', {
          file_paths: own,
          wait_ms: 600_000,
        })
        expect(locks.map((lock) => lock.agent_id)).toEqual(own.map(() => `worker-${index + 1}`))
        await worker.call(TOOL, 'checkin', { file_paths: own })
      }
    })
    await Promise.all(rounds)
    expect(await t.call(TOOL, 'list')).toEqual({ locks: [] })
  }),
)
