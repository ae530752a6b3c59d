import { AsyncLocalStorage } from 'node:async_hooks'
import { Client, type Connection } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { Batch } from '../../../src/store/postgres/statements/batch.ts'
import { type TestApp, withApp } from '../../support/app.ts'
import { PostgresServer } from '../../support/postgres-server.ts'

// The server ends the connection before the first, the second, … statement of a write, as it does when the process behind it is killed
// there. Several statements may stand in one message: then the server gets those before the one, and nothing after them.

let server: PostgresServer
beforeAll(async () => {
  server = await PostgresServer.start()
})
afterAll(() => server.close())

/** What a call does when it gets to its nth statement. */
interface Strike {
  /** Which statement, or the message that commits. */
  readonly before: number | 'commit'
  readonly strike: (processId: number) => Promise<void>
  statements: number
  isDone: boolean
  /** Until then the call says nothing more to the server. */
  done: Promise<void> | undefined
}
const striking = new AsyncLocalStorage<Strike>()
const query = Client.prototype.query
type StruckClient = Client & { processID?: number }
const inTransaction = new WeakSet<Client>()
/** The texts of the statements that a connection keeps ready. */
const texts = new WeakMap<Client, Map<string, string>>()

/** Whether to strike before this statement of a write. Its begin and its commit belong to it; what is read after it does not. */
function isDue(client: Client, text: string): boolean {
  if (text.startsWith('begin isolation level read committed')) inTransaction.add(client)
  const plan = inTransaction.has(client) ? striking.getStore() : undefined
  if (/commit$|^rollback$/.test(text)) inTransaction.delete(client)
  if (!plan || plan.isDone) return false
  plan.statements++
  plan.isDone = plan.before === 'commit' ? /commit$/.test(text) : plan.statements === plan.before
  return plan.isDone
}

function strike(client: StruckClient): void {
  const plan = striking.getStore()
  if (plan) plan.done = striking.exit(() => plan.strike(client.processID ?? 0))
}

/** The connection as a batch sees it: of what it writes nothing arrives from the statement on that is struck. */
function watched(client: StruckClient, connection: Connection): Connection {
  const names = texts.get(client) ?? new Map<string, string>()
  texts.set(client, names)
  const isStruck = (type: string, body: Buffer) => {
    const [first = '', second = ''] = body.toString().split('\0')
    if (type === 'P') names.set(first, second)
    return type === 'B' && isDue(client, names.get(second) ?? '')
  }
  const write = (written: Buffer) => {
    const cut = [...messagesIn(written)].find(({ type, body }) => isStruck(type, body))
    if (cut) strike(client)
    return connection.stream.write(cut ? written.subarray(0, cut.start) : written)
  }
  const stream = Object.assign(Object.create(connection.stream) as Connection['stream'], { write })
  return Object.assign(Object.create(connection) as Connection, { stream })
}

/** The messages of the protocol: a letter, the length of what follows with itself, and the rest. */
function* messagesIn(written: Buffer): Generator<{ type: string; body: Buffer; start: number }> {
  for (let start = 0; start < written.length; ) {
    const end = start + 1 + written.readInt32BE(start + 1)
    yield { type: String.fromCharCode(written[start] ?? 0), body: written.subarray(start + 5, end), start }
    start = end
  }
}

beforeEach(() => {
  // The driver's own signatures are many; what it is called with is handed on.
  const send = query as (this: Client, ...args: unknown[]) => unknown
  const watching = function (this: StruckClient, ...args: unknown[]): unknown {
    const [asked] = args
    if (asked instanceof Batch) {
      const { submit } = asked
      asked.submit = (connection) => submit(watched(this, connection))
    } else if (typeof asked === 'string' && isDue(this, asked)) strike(this)
    const later = striking.getStore()?.done?.then(() => send.apply(this, args))
    if (!later) return send.apply(this, args)
    return asked instanceof Batch ? asked : later
  }
  Object.assign(Client.prototype, { query: watching })
})
afterEach(() => {
  Object.assign(Client.prototype, { query })
})

/** All that a write may leave half of. */
const STATE = `select (select count(*)::int from entry) as entries, (select count(*)::int from revision) as revisions,
  (select count(*)::int from entry_tag) as tags, (select count(*)::int from entry_search) as found,
  (select count(*)::int from tombstone) as tombstones, (select count(*)::int from retired_name) as names,
  (select count(*)::int from conflict) as conflicts,
  (select count(*)::int from change_log where entry_id is not null) as events,
  (select coalesce(sum(version), 0)::int from scope_version) as versions`

async function stateOf(processId: number): Promise<unknown> {
  const [row] = await server.query(`select state from pg_stat_activity where pid = ${processId}`)
  return row?.['state']
}

interface Shown {
  readonly id: string
  readonly version: number
}

/** Entries, revisions, tags, texts to search, tombstones, retired names, conflicts, events, scope versions: what each call adds. */
const WRITES: readonly [what: string, write: (t: TestApp, n: number) => Promise<unknown>, adds: object][] = [
  [
    'add',
    (t, n) => t.call('memory_guideline', 'add', { name: `one ${n}`, content: `text ${n}`, tags: ['a', 'b'] }),
    { entries: 1, tags: 2, found: 1, events: 1, versions: 1 },
  ],
  [
    'bulk_add',
    (t, n) => {
      const entries = [1, 2, 3].map((part) => ({ name: `of ${n}: ${part}`, content: 'x', tags: ['c'] }))
      return t.call('memory_guideline', 'bulk_add', { entries })
    },
    { entries: 3, tags: 3, found: 3, events: 3, versions: 1 },
  ],
  [
    'update with a new name and new tags',
    (t, n) => t.call('memory_guideline', 'update', { id: kept, name: `kept ${n}`, tags: [`t${n}`] }),
    { revisions: 1, names: 1, events: 1, versions: 1 },
  ],
]
let kept: string

test.each(WRITES)(
  '%s: nothing is half written, and what is acknowledged is there once',
  async (what, write, adds) => {
    const name = `killed_${what.slice(0, 3)}`
    await server.query(`create database ${name}`)
    const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_URL: server.url(name) }
    const state = async () => (await server.query(STATE, name))[0] as Record<string, number>
    await withApp({ env }, async (t) => {
      kept = (await t.call<Shown>('memory_guideline', 'add', { name: 'kept', content: 'text', tags: ['t'] }))
        .id
      const strikeAt = async (before: Strike['before'], n: number) => {
        const was = await state()
        const plan: Strike = {
          before,
          statements: 0,
          isDone: false,
          done: undefined,
          async strike(processId) {
            // Ended in the midst of the statements before it, the write would be known not to have reached its commit.
            if (before === 'commit') await expect.poll(() => stateOf(processId)).toBe('idle in transaction')
            await server.query(`select pg_terminate_backend(${processId}, 10000)`)
            expect(await state()).toEqual(was)
          },
        }
        const refusal = await striking.run(plan, () =>
          write(t, n).then(
            () => undefined,
            (error: Error) => error.message,
          ),
        )
        const outcome = { refusal, isStruck: plan.isDone }
        // What the call has set going and does not wait for is not struck.
        plan.isDone = true
        if (refusal !== undefined) expect(refusal).toContain('may be stored or not')
        const added = refusal === undefined ? (adds as Record<string, number>) : {}
        const expected = Object.entries(was).map(([key, value]) => [key, value + (added[key] ?? 0)])
        expect(await state()).toEqual(Object.fromEntries(expected))
        return outcome
      }
      let times = 0
      for (let n = 1; (await strikeAt(n, n)).isStruck; n++) times++
      // The begin, the lock of the table, the claim, what is read, what is written, and the log with the commit.
      expect(times).toBeGreaterThanOrEqual(9)
      // Whether the commit was reached is unknown, so it is not tried again.
      const last = await strikeAt('commit', 1_000)
      expect(last).toEqual({ refusal: expect.stringContaining('may be stored or not'), isStruck: true })
    })
  },
)
