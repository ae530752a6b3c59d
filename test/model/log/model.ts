import type { Emit, Model } from '../checker.ts'

// How writers go side by side on PostgreSQL: what a transaction locks, reads and writes, step by step, and a reader that follows the
// log by the last number it was told. Writer n adds one to the entry of its scope; all of them move one version counter.

export const LOG_MISTAKES = [
  'the number is taken before the turn at the log',
  'the turn ends before the commit',
  'the version is read without the turn, and used again',
  'the scope is not claimed',
  'what was read before the claim is used after it',
  'the reader goes on from a number that it asks for after its page',
  'who has all locks does not wait for those under way',
  'others begin while one has all locks',
] as const
type LogMistake = (typeof LOG_MISTAKES)[number]

interface Writer {
  readonly at: 'idle' | 'begun' | 'claimed' | 'read' | 'late' | 'done'
  /** What the entry said when it was read. */
  readonly base: number
  /** Taken before the last step, where that is the mistake. */
  readonly number: number
  readonly version: number
}

interface Row {
  readonly number: number
  readonly scope: string
  readonly version: number
  readonly value: number
}

interface State {
  readonly writers: readonly Writer[]
  /** Committed rows, in the order of their commits. */
  readonly log: readonly Row[]
  readonly next: number
  readonly position: number
  readonly told: readonly number[]
  /** The reader has had a page and has not moved its position yet. */
  readonly isBetween: boolean
}

export interface LogSetup {
  readonly scopes: readonly string[]
  /** Writers that take all locks; the others go side by side. */
  readonly alone?: readonly number[]
  readonly mistake?: LogMistake
}

const IDLE: Writer = { at: 'idle', base: 0, number: 0, version: 0 }
const INITIAL = { log: [], next: 1, position: 0, told: [], isBetween: false }
const isUnderWay = ({ at }: Writer) => at !== 'idle' && at !== 'done'
const isClaiming = ({ at }: Writer) => isUnderWay({ ...IDLE, at }) && at !== 'begun'

export function logModel(name: string, setup: LogSetup): Model<State> {
  return {
    name,
    initial: { ...INITIAL, writers: setup.scopes.map(() => IDLE) },
    key: (state) => JSON.stringify(state),
    steps(state, emit) {
      for (const n of state.writers.keys()) write(setup, { state, n, emit })
      follow(setup, state, emit)
    },
  }
}

interface Turn {
  readonly state: State
  readonly n: number
  readonly emit: Emit<State>
}

function write(setup: LogSetup, turn: Turn): void {
  const { state, n, emit } = turn
  const { mistake } = setup
  const writer = state.writers[n] ?? IDLE
  const value = () => rowsOf(state, setup.scopes[n]).at(-1)?.value ?? 0
  const go: Go = (what, change, rest = {}) =>
    emit(`writer ${n} ${what}`, { ...state, ...rest, writers: replaced(state, n, { ...writer, ...change }) })
  const readsEarly = mistake === 'what was read before the claim is used after it'
  if (writer.at === 'idle' && mayBegin(setup, state, n))
    go('begins', { at: 'begun', base: readsEarly ? value() : 0 })
  if (writer.at === 'begun' && mayClaim(setup, state, n)) go('claims its scope', { at: 'claimed' })
  if (writer.at === 'claimed') go('reads its entry', { at: 'read', base: readsEarly ? writer.base : value() })
  if (writer.at === 'late') commit(setup, turn, writer)
  if (writer.at === 'read') end(setup, turn, writer, go)
}

type Go = (what: string, change: Partial<Writer>, rest?: Partial<State>) => void

/** The turn, the number, the version, the log and the commit are one message: nothing comes in between. */
function end(setup: LogSetup, turn: Turn, writer: Writer, go: Go): void {
  const { mistake } = setup
  const { state } = turn
  if (
    mistake === 'the number is taken before the turn at the log' ||
    mistake === 'the turn ends before the commit'
  )
    go('takes a number', { at: 'late', number: state.next }, { next: state.next + 1 })
  else if (mistake === 'the version is read without the turn, and used again')
    go('reads the version', { at: 'late', version: nextVersion(state) })
  else commit(setup, turn, writer)
}

/** The lock of the table: shared by those side by side, of one alone. */
function mayBegin({ alone = [], mistake }: LogSetup, state: State, n: number): boolean {
  return state.writers.every((other, place) => {
    if (place === n || !isUnderWay(other)) return true
    if (alone.includes(place)) return mistake === 'others begin while one has all locks'
    return !alone.includes(n) || mistake === 'who has all locks does not wait for those under way'
  })
}

/** The lock of the scope's row, to the end of the transaction. */
function mayClaim({ scopes, alone = [], mistake }: LogSetup, state: State, n: number): boolean {
  if (alone.includes(n) || mistake === 'the scope is not claimed') return true
  return state.writers.every(
    (other, place) =>
      place === n || scopes[place] !== scopes[n] || alone.includes(place) || !isClaiming(other),
  )
}

function commit(setup: LogSetup, { state, n, emit }: Turn, writer: Writer): void {
  const row = {
    number: writer.number || state.next,
    scope: scopeOf(setup, n),
    version: writer.version || nextVersion(state),
    value: writer.base + 1,
  }
  const next = {
    ...state,
    writers: replaced(state, n, { ...IDLE, at: 'done' }),
    log: [...state.log, row],
    next: Math.max(state.next, row.number + 1),
  }
  emit(`writer ${n} writes the log and commits`, next, brokenBy(state, row))
}

function brokenBy(state: State, row: Row): string | undefined {
  const before = rowsOf(state, row.scope)
  if (row.value !== (before.at(-1)?.value ?? 0) + 1) return 'no write of an entry is lost'
  if (state.log.some((other) => other.version >= row.version))
    return 'a version is given once, and goes on by one'
  if (row.number <= state.position) return 'who follows the log is told of everything'
  if (before.some((other) => other.number > row.number))
    return 'events of a scope are in the order of its versions'
  return undefined
}

/** The reader's page and where it goes on are of one snapshot. */
function follow({ mistake }: LogSetup, state: State, emit: Emit<State>): void {
  const newest = Math.max(state.position, ...state.log.map(({ number }) => number))
  const page = state.log.map(({ number }) => number).filter((number) => number > state.position)
  const told = [...new Set([...state.told, ...page])].sort((a, b) => a - b)
  if (mistake !== 'the reader goes on from a number that it asks for after its page') {
    if (page.length > 0) emit('the reader reads a page', { ...state, told, position: newest })
    return
  }
  if (!state.isBetween) emit('the reader reads a page', { ...state, told, isBetween: true })
  if (!state.isBetween) return
  const isMissed = state.log.some(({ number }) => number <= newest && !state.told.includes(number))
  emit(
    'the reader asks where the log ends',
    { ...state, position: newest, isBetween: false },
    isMissed ? 'who follows the log is told of everything' : undefined,
  )
}

function scopeOf({ scopes }: LogSetup, n: number): string {
  return scopes[n] ?? ''
}

function rowsOf(state: State, scope: string | undefined): readonly Row[] {
  return state.log.filter((row) => row.scope === scope)
}

/** One counter that all of them move, as the sessions of a project do: the hardest case. */
function nextVersion(state: State): number {
  return Math.max(0, ...state.log.map(({ version }) => version)) + 1
}

function replaced(state: State, n: number, writer: Writer): readonly Writer[] {
  return state.writers.map((each, place) => (place === n ? writer : each))
}
