import { newInstance } from './setup.ts'
import type { Instance, Redis } from './state.ts'
import { forgetting, has, isReader, isRefused, nameOf, step, type Turn, withSelf } from './turn.ts'

const UNLINKED = { isLinked: false } as const
const UNFED = { isFed: false, isProven: false, inbox: [] } as const

/** Connections that are made anew, and what happens to them and to their instance. */
export function connectionSteps(turn: Turn): void {
  const { self, state, setup } = turn
  if (!self.isLinked || (!isReader(turn) && isRefused(turn))) connect(turn)
  if (!self.isFed && isReader(turn)) subscribe(turn)
  if (state.faultsLeft === 0) return
  if (setup.kinds.includes('crash')) crash(turn)
  if (!setup.kinds.includes('cut') || !isReader(turn)) return
  if (self.isLinked) suffer(turn, 'loses its connection', { ...self, ...UNLINKED })
  if (self.isFed) suffer(turn, 'loses its feed', { ...self, ...UNFED })
}

function suffer(turn: Turn, what: string, self: Instance): void {
  const { at, emit, state } = turn
  emit(`${nameOf(at)} ${what}`, { ...withSelf(turn, self), faultsLeft: state.faultsLeft - 1 })
}

function crash(turn: Turn): void {
  const { self, state, setup } = turn
  if (isReader(turn)) suffer(turn, 'is killed and starts anew', newInstance(setup.keys, state.log.length))
  // One of the others; there are more of them.
  else suffer(turn, 'is killed', { ...self, write: null, put: null, load: null, round: null })
}

/** adopt.lua, and what follows it before the connection's first use. */
function connect(turn: Turn): void {
  const { self, state, at, emit } = turn
  const { redis } = state
  const begins = redis.epoch === 0 || redis.isOther
  const epoch = begins ? state.epochs + 1 : redis.epoch
  const next = withSelf(turn, { ...self, isLinked: true, epoch, isCaughtUp: staysCaughtUp(turn) })
  if (!begins) {
    emit(`${nameOf(at)} connects`, next)
    return
  }
  const begun: Redis = { ...redis, epoch, isOther: false }
  const keeps = has(turn, 'no R7: a new epoch keeps the versions')
  const after = keeps ? { ...next, redis: begun } : forgetting({ ...turn, state: next }, begun)
  emit(`${nameOf(at)} connects and begins an epoch`, { ...after, epochs: epoch })
}

function subscribe(turn: Turn): void {
  const isCaughtUp = staysCaughtUp(turn)
  step(turn, 'subscribes', { ...turn.self, isFed: true, isProven: true, inbox: [], isCaughtUp })
}

function staysCaughtUp(turn: Turn): boolean {
  return turn.self.isCaughtUp && has(turn, 'a new connection counts as caught up')
}

type World = Pick<Turn, 'setup' | 'state' | 'emit'>

/** What happens to Redis. */
export function redisFaults(world: World): void {
  const { setup, state, emit } = world
  if (state.faultsLeft === 0) return
  const left = { ...state, faultsLeft: state.faultsLeft - 1 }
  const { redis } = state
  if (setup.kinds.includes('flush')) {
    const empty: Redis = { ...redis, epoch: 0, isOther: false, answer: null, told: [] }
    emit('Redis is emptied', forgetting({ setup, state: left }, empty))
  }
  if (setup.kinds.includes('evict'))
    emit('Redis evicts the versions', forgetting({ setup, state: left }, redis))
  if (setup.kinds.includes('failover')) failover({ ...world, state: left })
}

function failover({ state, emit }: World): void {
  const { redis } = state
  const instances = state.instances.map((each) => ({ ...each, ...UNLINKED, ...UNFED }))
  emit('another server takes over', { ...state, instances, redis: { ...redis, isOther: true } })
  const last = redis.told.at(-1)
  if (last === undefined) return
  const key = state.log[last - 1] ?? 0
  const versions = redis.versions.map((version, at) => (at === key ? Math.max(version - 1, -1) : version))
  const behind: Redis = { ...redis, isOther: true, versions, told: redis.told.filter((seq) => seq !== last) }
  emit('another server takes over that lacks the last event', { ...state, instances, redis: behind })
}
