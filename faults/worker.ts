import { createInterface } from 'node:readline'
import { openApp } from '../src/app.ts'
import { type Config, readConfig } from '../src/config.ts'
import { HistoryWriter } from './history.ts'
import { Random } from './random.ts'
import { Additions } from './work/additions.ts'
import { callsOf } from './work/calls.ts'
import { Follower } from './work/follower.ts'
import { Gate } from './work/gate.ts'
import { countLoads, dieAfterCommit, noteCommits } from './work/hooks.ts'
import { Locks } from './work/locks.ts'
import { Reads } from './work/reads.ts'
import type { Order, SharedEntry, WorkerSettings } from './work/settings.ts'
import { measureSpeeds } from './work/speeds.ts'
import { Tally } from './work/tally.ts'
import { Writes } from './work/writes.ts'

// One instance: opens the App as main.ts does, and drives the operations as a transport does. A JSON line in is an order, a
// JSON line out says that it is done. The first line out says that the App is open. Ends with its input.

/** At once in each process: they meet in one search of the database. */
const READERS = 3
const settings = JSON.parse(process.env['FAULTS_WORKER'] ?? '{}') as WorkerSettings
const { by, load, seed } = settings
const history = new HistoryWriter(settings.history, by)
const loadsOf = countLoads()
noteCommits(history)
const config = readConfig()
const app = await openApp(settings.usesLibraries ? withoutOurs(config) : config)
const libraries = settings.usesLibraries ? await openLibraries() : undefined
const call = libraries?.call ?? callsOf(app)
const tally = new Tally(history)
const gate = new Gate()
const random = new Random(seed)
const ending: (() => void)[] = []
if (settings.entries.length > 0) await begin(settings.entries)
answer({ id: 0 })

for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line) as Order
  void obey(order).then(
    (done) => answer({ id: order.id, ...done }),
    (error: unknown) => answer({ id: order.id, error: String(error) }),
  )
}
await gate.end()
for (const end of ending) end()
const closing = performance.now()
await libraries?.close()
await app.close()
answer({ id: -1, closeMs: performance.now() - closing })
tally.close()
history.close()

function withoutOurs(given: Config): Config {
  return { ...given, redis: { ...given.redis, enabled: false }, cacheMaxBytes: 0 }
}

async function openLibraries() {
  const { libraryCalls } = await import('./libraries/calls.ts')
  return libraryCalls(app, config.redis)
}

async function begin(entries: readonly SharedEntry[]): Promise<void> {
  const reads = new Reads({ call, history, random, tally, entries })
  const parts = { call, history, random, tally, entries, by }
  const [writes, additions] = [new Writes(parts), new Additions(parts)]
  const write = () => (random.chance(load.addsShare) ? additions.round() : writes.round(load.writesPerSecond))
  ending.push(() => reads.close())
  if (settings.listens) {
    await listen()
    const follower = new Follower(call, history)
    void gate.loop(() => follower.round())
  }
  for (let n = 0; n < READERS; n++) void gate.loop(() => reads.round(load.readsPerSecond))
  for (let n = 0; n < load.writers; n++) void gate.loop(write)
  for (let n = 0; n < load.agents; n++) {
    const lockParts = {
      call,
      history,
      tally,
      counters: settings.counters,
      load,
      isFenced: !settings.usesLibraries,
      random: new Random(seed + n + 1),
    }
    const agent = new Locks(lockParts, `${by}-${n}`)
    void gate.loop(() => agent.round())
  }
  gate.open()
}

async function listen(): Promise<void> {
  const unsubscribe = await app.services.events.subscribe(({ events }) => {
    for (const { entry } of events)
      if (entry) history.add({ op: 'heard', entry: entry.id, version: entry.version })
  })
  ending.push(unsubscribe)
}

async function obey(order: Order): Promise<object> {
  switch (order.do) {
    case 'make entries':
      return { entries: await makeEntries(order) }
    case 'start':
      await begin(order.entries)
      return {}
    case 'pause':
      await gate.shut()
      return {}
    case 'go':
      gate.open()
      return {}
    case 'die after commit':
      dieAfterCommit()
      return {}
    case 'read at once':
      return readAtOnce(order)
    case 'loads of':
      return { loads: loadsOf(order.query) }
    case 'measure':
      return measureSpeeds(call, order.entry)
    case 'rss':
      return { rssMb: process.memoryUsage.rss() / 2 ** 20 }
  }
}

async function makeEntries({ count, projects }: Extract<Order, { do: 'make entries' }>) {
  const made: SharedEntry[] = []
  const projectIds: string[] = []
  for (let n = 0; n < projects; n++) {
    const project = await must<{ id: string }>('memory_scope create', {
      scope_type: 'project',
      name: `p${n}`,
    })
    projectIds.push(project.id)
  }
  for (let n = 0; n < count; n++) {
    const projectId = projectIds[n % projects] ?? ''
    const word = `needle${n}`
    const entry = { name: `entry ${n}`, content: word, scope_type: 'project', scope_id: projectId }
    const { id } = await must<{ id: string }>('memory_knowledge add', entry)
    made.push({ id, word, projectId })
  }
  return made
}

async function readAtOnce({ query, projectId, readers }: Extract<Order, { do: 'read at once' }>) {
  const args = { query, scope_type: 'project', scope_id: projectId }
  await Promise.all(Array.from({ length: readers }, () => must('memory_query search', args)))
  return {}
}

async function must<R>(name: string, args: Readonly<Record<string, unknown>>): Promise<R> {
  const called = await call<R>('writer', name, args)
  if ('error' in called) throw new Error(`${name}: ${called.error}`)
  return called.result
}

function answer(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
