import { describe, expect, test } from 'vitest'
import { checkHistory } from '../../faults/check-history.ts'
import type { Line, Logged, StoredEntry, Unstamped } from '../../faults/history.ts'
import { likelyTransactions } from '../../faults/likely-transactions.ts'

// Histories that break one promise each, and their neighbours that keep it.

const MS = 1_000
const PATH = '/a'

/** A line at so many milliseconds, by process 1.1 of agent `ann` or 2.1 of `bob`. */
function at(ms: number, by: string, line: Unstamped): Line {
  return { t: ms * MS, by, ...line }
}

function granted(
  ms: number,
  agent: 'ann' | 'bob',
  token: number,
  more: { sent?: number; kept?: boolean } = {},
) {
  const { sent = ms - 1, kept = false } = more
  const by = agent === 'ann' ? '1.1' : '2.1'
  const locks = [{ path: PATH, token }]
  return at(ms, by, { op: 'granted', agent, locks, sent: sent * MS, ends: (ms + 1_000) * MS, kept })
}

const releasing = (ms: number, agent: string, token: number) =>
  at(ms, '1.1', { op: 'releasing', agent, locks: [{ path: PATH, token }] })
const released = (ms: number, agent: string, token: number) =>
  at(ms, '1.1', { op: 'released', agent, locks: [{ path: PATH, token }], sent: (ms - 1) * MS })
const verified = (ms: number, agent: string, token: number, valid: boolean) =>
  at(ms, '1.1', { op: 'verified', agent, path: PATH, token, valid, sent: (ms - 1) * MS })
const wrote = (ms: number, by: string, version: number) =>
  at(ms, by, { op: 'wrote', entry: 'e', version, sent: (ms - 5) * MS })
const heard = (ms: number, by: string, version: number) => at(ms, by, { op: 'heard', entry: 'e', version })
const read = (ms: number, by: string, version: number, first = ms - 1, last = first) =>
  at(ms, by, {
    op: 'read',
    entry: 'e',
    version,
    first: first * MS,
    firstEnd: first * MS + 500,
    last: last * MS,
    n: 2,
  })
const fault = (ms: number, phase: 'begin' | 'end', kind = 'Redis FLUSHALL') =>
  at(ms, 'run', { op: 'fault', kind, target: '1', phase })
const counted = (ms: number, token: number, value: number, more: { found?: number; late?: boolean } = {}) =>
  at(ms, '1.1', {
    op: 'counted',
    path: PATH,
    token,
    foundToken: more.found ?? token - 1,
    value,
    late: more.late ?? false,
  })

function rulesBroken(lines: readonly Line[], boundMs = 1_000): string[] {
  return checkHistory(lines, { boundMs }).violations.map(({ rule }) => rule)
}

/** The log in the end: versions 1, 2, … of one entry, each with its number and its scope's version. */
const logged = (...rows: readonly [seq: number, version: number, scope: number][]) =>
  log(...rows.map(([seq, version, scope]) => row(seq, 'e', { version, scope })))
const log = (...rows: readonly Logged[]) => at(90, 'run', { op: 'log', isEnd: true, rows })
const row = (
  seq: number,
  entry: string,
  { version = 1, scope = seq, transaction = String(seq) } = {},
): Logged => ({ seq, entry, version, versions: { 'p:e': scope }, transaction })
const added = (ms: number, entry: string, { name = `of ${entry}`, sent = ms - 1 } = {}) =>
  at(ms, '1.1', { op: 'added', entry, scope: 'p', name, version: 1, sent: sent * MS })
const stored = (...rows: readonly (Partial<StoredEntry> & { entry: string })[]) => {
  const whole = rows.map((given) => ({ scope: 'p', name: `of ${given.entry}`, tags: 2, found: 1, ...given }))
  return at(89, 'run', { op: 'entries', rows: whole })
}
const E = { entry: 'e', name: 'entry 0' }
const told = (ms: number, seqs: readonly number[], resync = false) =>
  at(ms, '1.1', { op: 'told', seqs, resync })

const PROMOTION = 'PostgreSQL promotion of the standby'
/** By so much numbers go on after one. */
const RAISE = 28_825_754_716

const BAD: readonly [rule: string, what: string, lines: readonly Line[], boundMs?: number][] = [
  ['holds are disjoint', 'a grant while another holds it', [granted(10, 'ann', 1), granted(900, 'bob', 2)]],
  [
    'holds are disjoint',
    'a grant right before a renewed lock ends',
    [
      granted(10, 'ann', 1),
      at(800, '1.1', { op: 'renewed', agent: 'ann', path: PATH, token: 1, ends: 1_800 * MS }),
      granted(1_500, 'bob', 2),
    ],
  ],
  [
    'holds are disjoint',
    'the lock of a killed process is given away before its time',
    [granted(10, 'ann', 1), at(20, 'run', { op: 'gone', process: '1.1' }), granted(500, 'bob', 2)],
  ],
  [
    'fences grow',
    'a smaller token for the next holder',
    [granted(10, 'ann', 5), releasing(20, 'ann', 5), granted(30, 'bob', 4)],
  ],
  [
    'fences grow',
    'the same token for the next holder',
    [granted(10, 'ann', 5), releasing(20, 'ann', 5), granted(30, 'bob', 5)],
  ],
  [
    'only one lock stands',
    'a kept lock is found valid after another was granted',
    [granted(10, 'ann', 1, { kept: true }), granted(50, 'bob', 2), verified(90, 'ann', 1, true)],
  ],
  [
    'no lock lives after its release',
    'a verification succeeds after the release',
    [granted(10, 'ann', 1), releasing(20, 'ann', 1), released(22, 'ann', 1), verified(30, 'ann', 1, true)],
  ],
  [
    'no lock lives after its release',
    'a released token is granted again',
    [granted(10, 'ann', 1), releasing(20, 'ann', 1), released(22, 'ann', 1), granted(30, 'ann', 1)],
  ],
  [
    'no grant on a guess',
    'a grant while Redis is away',
    [at(5, 'run', { op: 'away', target: '', phase: 'begin' }), granted(10, 'ann', 1)],
  ],
  [
    'no grant on a guess',
    'a grant through a black hole',
    [at(5, 'run', { op: 'away', target: '2', phase: 'begin' }), granted(10, 'bob', 1)],
  ],
  [
    'all files or none',
    'a part is held after the refusal',
    [
      at(9, '1.1', {
        op: 'refused',
        agent: 'ann',
        paths: ['/a', '/b'],
        error: 'LOCK_STORE_UNAVAILABLE',
        held: ['/b'],
      }),
    ],
  ],
  [
    'all files or none',
    'all are held after a refusal',
    [at(9, '1.1', { op: 'refused', agent: 'ann', paths: ['/a'], error: 'FILE_LOCKED', held: ['/a'] })],
  ],
  ['one writer at a time', 'a write is lost', [counted(10, 1, 7), counted(20, 2, 7)]],
  ['one writer at a time', 'a verified holder finds a later token', [counted(10, 1, 7, { found: 2 })]],
  [
    'own writes are read',
    'an answer older than the own write',
    [wrote(10, '1.1', 2), read(30, '1.1', 1, 20)],
  ],
  [
    'nothing older than a received event',
    'an answer older than the event',
    [heard(10, '1.1', 2), read(30, '1.1', 1, 20)],
  ],
  [
    'answers never go back',
    'an answer older than the one before',
    [read(10, '1.1', 2), read(30, '1.1', 1, 20)],
  ],
  [
    'answers never go back',
    'a row of old answers goes on after a new one',
    [read(30, '1.1', 1, 5, 25), read(30, '1.1', 2, 10)],
  ],
  [
    'no answer is too old',
    'another instance serves the old version for two seconds',
    [wrote(10, '1.1', 2), read(2_100, '2.1', 1, 5, 2_010)],
  ],
  [
    'no answer is too old',
    'a killed writer is noticed too late',
    [at(10, '1.1', { op: 'committed', entry: 'e', version: 2 }), read(2_100, '2.1', 1, 5, 2_010)],
  ],
  [
    'no answer is too old',
    'a millisecond on the database alone',
    [wrote(10, '1.1', 2), read(20, '2.1', 1, 11)],
    0,
  ],
  [
    'a killed holder frees its lock',
    'who waited is granted it long after',
    [
      granted(10, 'ann', 1),
      at(50, 'run', { op: 'gone', process: '1.1' }),
      granted(4_000, 'bob', 2, { sent: 100 }),
    ],
  ],
  [
    'no process ends by itself',
    'an instance crashes',
    [at(10, 'run', { op: 'crashed', process: '1.1', said: 'TypeError' })],
  ],
  [
    'stored answers equal the database',
    'an answer in Redis is wrong',
    [at(10, 'run', { op: 'stored', looked: 3, wrong: ['x'] })],
  ],
  [
    'one load of a process for a cold question',
    'two readers of one process search',
    [at(10, 'run', { op: 'cold', readers: 400, processes: 8, loads: 9 })],
  ],
  [
    'answers or errors that can be retried',
    'a read fails without a fault of the database',
    [fault(5, 'begin'), at(10, '1.1', { op: 'failed', what: 'read', error: 'DATABASE_ERROR', sent: 9 * MS })],
  ],
  [
    'answers or errors that can be retried',
    'an unexpected error',
    [
      fault(5, 'begin', 'PostgreSQL crash'),
      at(10, '1.1', { op: 'failed', what: 'write', error: 'INTERNAL_ERROR', sent: 9 * MS }),
    ],
  ],
  ['no event is lost', 'a write that the log has not', [wrote(10, '1.1', 3), logged([1, 1, 1], [2, 2, 2])]],
  ['events are in order', 'one version twice', [logged([1, 1, 1], [2, 2, 2], [3, 2, 3])]],
  ['events are in order', 'versions the wrong way round', [logged([1, 1, 1], [2, 3, 2], [3, 2, 3])]],
  ['scope versions go on by one', 'one is used again', [logged([1, 1, 1], [2, 2, 1])]],
  ['scope versions go on by one', 'one is left out', [logged([1, 1, 1], [2, 2, 3])]],
  ['scope versions go on by one', 'a jump without a promotion', [logged([1, 1, 1], [2, 2, RAISE + 2])]],
  ['events are in order', 'a jump without a promotion', [logged([1, 1, 1], [2, RAISE + 1, 2])]],
  [
    'events are in order',
    'a jump of an entry that is not that of the others',
    [fault(5, 'begin', PROMOTION), logged([1, 1, 1], [2, RAISE + 1, RAISE + 2], [3, RAISE + 5, RAISE + 3])],
  ],
  [
    'scope versions go on by one',
    'a small jump after a promotion',
    [fault(5, 'begin', PROMOTION), logged([1, 1, 1], [2, 2, 1_000_002])],
  ],
  [
    'scope versions go on by one',
    'two jumps after one promotion',
    [fault(5, 'begin', PROMOTION), logged([1, 1, 1], [2, 2, RAISE + 2], [3, 3, 2 * RAISE + 3])],
  ],
  ['events are told once, in order', 'one is told twice', [told(10, [1, 2]), told(20, [2, 3])]],
  ['events are told once, in order', 'one is told too late', [told(10, [1, 3, 2])]],
  [
    'followers miss nothing',
    'a commit with a lower number came after the page',
    [told(10, [1]), told(20, [3]), logged([1, 1, 1], [2, 2, 2], [3, 3, 3])],
  ],
  [
    'what was told stays',
    'the log has lost what was told',
    [told(10, [1, 2, 3]), logged([1, 1, 1], [3, 2, 2])],
  ],
  [
    'scope versions go on by one',
    'one for two transactions',
    [log(row(1, 'a', { transaction: '7' }), row(2, 'b', { scope: 1, transaction: '8' }))],
  ],
  ['no addition is lost', 'an acknowledged one', [added(10, 'a'), stored(E), log()]],
  [
    'no addition is lost',
    'the one that a name was refused for',
    [at(10, '1.1', { op: 'taken', scope: 'p', name: 'of a', sent: 9 * MS }), stored(E), log()],
  ],
  [
    'no addition is doubled',
    'two entries of one name',
    [stored({ entry: 'a', name: 'x' }, { entry: 'b', name: 'x' }), log()],
  ],
  [
    'no addition is doubled',
    'two callers are answered',
    [added(10, 'a', { name: 'x' }), added(20, 'a', { name: 'x' }), stored({ entry: 'a', name: 'x' }), log()],
  ],
  ['no addition is there by half', 'a tag is missing', [stored({ entry: 'a', tags: 1 }), log()]],
  ['no addition is there by half', 'it cannot be found', [stored({ entry: 'a', found: 0 }), log()]],
  ['no addition is there by half', 'an event without its entry', [stored(E), log(row(1, 'a'))]],
  [
    'no event is lost',
    'that of an addition',
    [added(10, 'a'), added(20, 'b'), stored({ entry: 'a' }, { entry: 'b' }), log(row(1, 'a'))],
  ],
  [
    'events are in the order of their scope',
    'one that was asked for later stands before it',
    [added(10, 'a'), added(20, 'b'), stored({ entry: 'a' }, { entry: 'b' }), log(row(1, 'b'), row(2, 'a'))],
  ],
]

const GOOD: readonly [what: string, lines: readonly Line[], boundMs?: number][] = [
  [
    'versions after a promotion',
    [fault(5, 'begin', PROMOTION), stored(E), logged([1, 1, 1], [2, RAISE + 1, RAISE + 2])],
  ],
  ['one after the other', [granted(10, 'ann', 1), releasing(20, 'ann', 1), granted(21, 'bob', 2)]],
  ['after the end of a forgotten one', [granted(10, 'ann', 1), granted(1_010, 'bob', 2)]],
  [
    'all files, of which the answer was lost',
    [
      at(9, '1.1', {
        op: 'refused',
        agent: 'ann',
        paths: ['/a'],
        error: 'LOCK_STORE_UNAVAILABLE',
        held: ['/a'],
      }),
    ],
  ],
  ['the same agent again', [granted(10, 'ann', 1), granted(20, 'ann', 1)]],
  [
    'after a force',
    [
      granted(10, 'ann', 1),
      at(20, '2.1', { op: 'forcing', path: PATH }),
      at(22, '2.1', { op: 'forced', path: PATH, sent: 20 * MS }),
      granted(30, 'bob', 2),
    ],
  ],
  [
    'a force that struck before the answer of a grant came',
    [
      at(20, '2.1', { op: 'forcing', path: PATH }),
      at(22, '2.1', { op: 'forced', path: PATH, sent: 20 * MS }),
      granted(30, 'bob', 2),
      granted(31, 'ann', 1, { sent: 10 }),
    ],
  ],
  [
    'a grant that was asked for before',
    [granted(10, 'ann', 2), releasing(20, 'ann', 2), granted(21, 'bob', 3)],
  ],
  [
    'a lock that was lost says so',
    [granted(10, 'ann', 1), verified(500, 'ann', 1, false), granted(600, 'bob', 2)],
  ],
  [
    'an answer to a question from before Redis went away',
    [at(10, 'run', { op: 'away', target: '', phase: 'begin' }), granted(11, 'ann', 1, { sent: 9 })],
  ],
  ['counting on', [counted(10, 1, 7), counted(20, 2, 8), counted(30, 3, 10)]],
  [
    'a write after a freeze, which only the file can refuse',
    [counted(10, 2, 7), counted(20, 1, 7, { late: true })],
  ],
  ['old answers to questions from before', [read(10, '1.1', 2), read(30, '1.1', 1, 5, 8)]],
  [
    'another instance a moment later',
    [wrote(10, '1.1', 2), read(500, '2.1', 1, 5, 400), read(600, '2.1', 2, 500)],
  ],
  [
    'a killed process is followed by one that starts anew',
    [read(10, '1.1', 2), at(20, 'run', { op: 'gone', process: '1.1' }), read(40, '1.2', 2, 30)],
  ],
  [
    'a killed holder, freed in time',
    [
      granted(10, 'ann', 1),
      at(20, 'run', { op: 'gone', process: '1.1' }),
      granted(1_050, 'bob', 2, { sent: 100 }),
    ],
  ],
  [
    'a killed holder, and later a killed waiter in the way',
    [
      granted(10, 'ann', 1),
      at(20, 'run', { op: 'gone', process: '1.1' }),
      at(1_000, 'run', { op: 'gone', process: '1.2' }),
      granted(4_050, 'bob', 2, { sent: 100 }),
    ],
  ],
  [
    'a write fails while PostgreSQL restarts',
    [
      fault(5, 'begin', 'PostgreSQL restart'),
      at(10, '1.1', { op: 'failed', what: 'write', error: 'DATABASE_ERROR', sent: 9 * MS }),
    ],
  ],
  [
    'all of the log, from where a follower began; numbers have holes',
    [
      told(10, [5, 6]),
      told(20, [9]),
      wrote(8, '1.1', 2),
      stored(E),
      logged([3, 1, 4], [5, 2, 5], [6, 3, 6], [9, 4, 7]),
    ],
  ],
  [
    'a follower that begins anew after the log was cut',
    [told(10, [1]), told(20, [8], true), stored(E), logged([7, 6, 6], [8, 7, 7])],
  ],
  [
    'additions of one transaction, in any order, and one that nobody was answered',
    [
      added(10, 'a', { sent: 5 }),
      added(11, 'b', { sent: 6 }),
      stored({ entry: 'a' }, { entry: 'b' }, { entry: 'c' }),
      log(
        row(1, 'b', { transaction: '7' }),
        row(2, 'a', { scope: 1, transaction: '7' }),
        row(3, 'c', { scope: 2, transaction: '8' }),
      ),
    ],
  ],
  [
    'an addition that the log no longer reaches back to',
    [added(10, 'a'), added(20, 'b'), stored({ entry: 'a' }, { entry: 'b' }), log(row(2, 'b'))],
  ],
]

describe('a broken promise is found', () => {
  test.each(BAD)('%s: %s', (rule, _what, lines, boundMs) => {
    expect(rulesBroken(lines, boundMs)).toContain(rule)
  })
})

describe('a kept one is not accused', () => {
  test.each(GOOD)('%s', (_what, lines, boundMs) => {
    expect(rulesBroken(lines, boundMs)).toEqual([])
  })
})

test('the lines that show it come with it, and no others', () => {
  const lines = [granted(10, 'ann', 1), read(20, '1.1', 1), granted(900, 'bob', 2)]
  expect(checkHistory(lines, { boundMs: 1_000 }).violations[0]?.lines).toEqual([lines[0], lines[2]])
})

test('a machine that is late itself may be late, and says so', () => {
  const counts = { lockOps: 0, grants: 0, reads: 0, l1: 0, l2: 0, database: 0, writes: 0, unknown: 0 }
  const late = [
    wrote(10, '1.1', 2),
    at(1_000, 'run', { op: 'counts', counts, rssMb: 1, lagMs: 900 }),
    read(2_100, '2.1', 1, 5, 2_010),
  ]
  const verdict = checkHistory(late, { boundMs: 1_000 })
  expect(verdict).toMatchObject({ violationCount: 0, worstLagMs: 900 })
})

test('times: hand-over, news and staleness, by the fault that reaches into them', () => {
  const verdict = checkHistory(
    [
      granted(10, 'ann', 1),
      releasing(20, 'ann', 1),
      granted(24, 'bob', 2, { sent: 15 }),
      at(30, '1.1', { op: 'committed', entry: 'e', version: 2 }),
      heard(37, '2.1', 2),
      fault(40, 'begin'),
      read(60, '2.1', 1, 5, 50),
      fault(70, 'end'),
      read(80, '2.1', 2, 75),
    ],
    { boundMs: 1_000 },
  )
  expect(verdict.handOver.percentiles()).toMatchObject({ count: 1, maxMs: 4 })
  expect(verdict.propagation.percentiles()).toMatchObject({ count: 1, maxMs: 7 })
  expect([...verdict.staleness.keys()]).toEqual(['Redis FLUSHALL'])
  expect(verdict.staleness.get('Redis FLUSHALL')?.percentiles()).toMatchObject({ count: 1, maxMs: 20 })
})

test('of a log that tells no transactions, those are told apart that moved a scope elsewhere or had another between them', () => {
  const rows = ['1 a7', '1 b2', '1 a7', '2 a7', '1 a7', '1 a8'].map((text) => {
    const [instance = '', versions = ''] = text.split(' ')
    return { instance, versions }
  })
  const [first, second, third, fourth, fifth, sixth] = likelyTransactions(rows)
  expect(third).toBe(first)
  expect(new Set([first, second, fourth, fifth, sixth]).size).toBe(5)
})
