import { brokenByGrant, brokenByWait, isHeldByOthers, LOCK_PROMISES } from './promises.ts'
import { TTL } from './setup.ts'
import type { Agent, Call, Granted, Reply, Server, State } from './state.ts'
import { type Answer, acquire, type Checkout, left, release, renew } from './store.ts'
import {
  agentName,
  has,
  instanceName,
  pathNames,
  type World,
  withAgent,
  withInstance,
  withServer,
} from './turn.ts'

/** What one agent may do in one state. */
interface Turn extends World {
  readonly at: number
  readonly self: Agent
}

/** The calls of the agents, from the request to the answer. */
export function agentSteps(world: World): void {
  world.state.agents.forEach((self, at) => {
    const turn = { ...world, at, self }
    if (!self.call) ask(turn)
    else if (!self.call.reply) execute(turn, self.call)
    else if (self.call.reply.kind === 'queued') wait(turn, self.call)
    else answer(turn, self.call)
  })
}

function step(turn: Turn, what: string, state: State, broken?: string): void {
  turn.emit(`${agentName(turn.at)} ${what}`, state, broken)
}

function become(turn: Turn, call: Call | null, state = turn.state): State {
  return withAgent(state, turn.at, { ...turn.self, call })
}

/** Agents that have all they are allowed to ask for may still give back. */
function ask(turn: Turn): void {
  const { self, state, setup } = turn
  state.instances.forEach((_, via) => {
    const call = {
      via,
      request: turn.at * 8 + self.calls,
      waits: setup.waits,
      epoch: 0,
      reply: null,
      before: [],
    }
    self.holds.forEach((hold, path) => {
      if (!hold) return
      if (self.calls > 0) begin(turn, { ...call, kind: 'renew', paths: [path] })
      // An agent that gives a path back does not use it any more.
      begin(
        { ...turn, self: { ...self, holds: self.holds.with(path, null) } },
        { ...call, kind: 'release', paths: [path] },
      )
    })
    if (self.calls === 0 || (setup.isAtHome && via !== turn.at % setup.instances)) return
    for (const paths of setup.sets) begin(turn, { ...call, kind: 'acquire', paths })
  })
}

function begin(turn: Turn, call: Call): void {
  const { self, state, at } = turn
  const instance = state.instances[call.via]
  const calls = call.kind === 'release' ? self.calls : self.calls - 1
  // Nothing is queued while the store is away: the call fails at once.
  const isRefused = instance?.stage !== 'linked'
  const what = `asks ${instanceName(call.via)} to ${call.kind} ${pathNames(call.paths)}`
  if (isRefused && call.kind === 'acquire' && has(turn, 'granted without the store')) {
    const token = Math.max(0, ...state.tokens) + 1
    const leases = call.paths.map((path) => ({ path, agent: at, token, left: TTL, request: call.request }))
    const reply: Reply = { kind: 'granted', leases }
    step(turn, what, withAgent(state, at, { ...self, calls, call: { ...call, reply } }))
  } else if (!isRefused)
    step(turn, what, withDropped(withAgent(state, at, { ...self, calls, call }), call, at))
}

/** An instance that is asked to release looks after the lease no longer, whatever comes of it. */
function withDropped(state: State, { kind, via, paths }: Call, agent: number): State {
  const instance = state.instances[via]
  if (kind !== 'release' || !instance) return state
  const granted = instance.granted.map((lease, path) =>
    lease?.agent === agent && paths.includes(path) ? null : lease,
  )
  return withInstance(state, via, { ...instance, granted })
}

/** The script runs; or the call fails, since there is no connection. */
function execute(turn: Turn, call: Call): void {
  const { state } = turn
  const instance = state.instances[call.via]
  const server = instance && state.servers[instance.server]
  if (!instance || !server) return
  if (instance.stage !== 'linked') step(turn, 'is told that the store is away', become(turn, null))
  else if (instance.epoch !== server.epoch) {
    const next = withInstance(state, call.via, { ...instance, stage: 'away' })
    step(turn, `is not served: another epoch began`, next)
  } else {
    run(turn, call, server)
    delay(turn, call, server)
  }
}

/** The agent gives a release up that is on its way; it will arrive all the same. */
function delay(turn: Turn, call: Call, { epoch }: Server): void {
  const { state, setup, at } = turn
  const instance = state.instances[call.via]
  if (!instance || call.kind !== 'release' || !setup.kinds.includes('late') || state.faultsLeft === 0) return
  const [path = 0] = call.paths
  const late = { agent: at, path, request: call.request, via: call.via, server: instance.server, epoch }
  step(turn, 'gives its release up', { ...become(turn, null), late, faultsLeft: state.faultsLeft - 1 })
}

function run(turn: Turn, call: Call, server: Server): void {
  const { state, setup, at } = turn
  const instance = state.instances[call.via]
  if (!instance) return
  const done = answerOf(turn, call, server)
  const broken = brokenBy(turn, call, { server, done })
  const told = withNews(withServer(state, instance.server, done.server), server, {
    server: done.server,
    by: call.via,
  })
  const answered: Call = { ...call, epoch: server.epoch, reply: done.reply }
  step(
    turn,
    `is ${done.reply.kind} ${pathNames(call.paths)} by the store`,
    become(turn, answered, told),
    broken,
  )
  if (state.faultsLeft === 0 || !setup.kinds.includes('lost') || done.reply.kind === 'queued') return
  const before = done.reply.kind === 'granted' ? done.reply.leases.map(({ token }) => token) : []
  const lost = { ...become(turn, { ...call, before }, told), faultsLeft: state.faultsLeft - 1 }
  const what = `gets no answer from ${instanceName(call.via)} to what was ${done.reply.kind}`
  turn.emit(`${agentName(at)} ${what}`, lost, broken)
}

function answerOf({ setup, at, self }: Turn, call: Call, server: Server): Answer {
  const [path = 0] = call.paths
  const { via } = call
  if (call.kind === 'acquire') return acquire(setup, server, checkoutOf(at, call))
  if (call.kind === 'release') return release(setup, server, { agent: at, path, request: call.request, via })
  return renew(setup, server, {
    agent: at,
    path,
    token: self.holds[path]?.token ?? 0,
    via,
    request: call.request,
  })
}

function checkoutOf(agent: number, { paths, request, waits, via }: Call): Checkout {
  return { agent, paths, request, waits, via }
}

function brokenBy(
  { at }: Turn,
  call: Call,
  { server, done }: { server: Server; done: Answer },
): string | undefined {
  const [path = 0] = call.paths
  const lease = server.leases[path]
  const isOwn = lease?.agent === at && lease.left > 0
  if (call.kind === 'release') return !isOwn && done.server !== server ? LOCK_PROMISES.release : undefined
  if (call.kind === 'renew') return !isOwn && done.server !== server ? LOCK_PROMISES.renew : undefined
  const checkout = checkoutOf(at, call)
  if (done.reply.kind !== 'granted') return brokenByWait(server, done.server, checkout)
  const isOther = done.reply.leases.some(({ path: granted, token }) =>
    isRenamed(server, call, { granted, token }),
  )
  return isOther ? LOCK_PROMISES.retry : brokenByGrant(server, done.server, checkout)
}

/** What the first try got is still there, and the retry got something else. */
function isRenamed(
  server: Server,
  { before }: Call,
  { granted, token }: { granted: number; token: number },
): boolean {
  const lease = server.leases[granted]
  return (
    lease !== undefined &&
    lease !== null &&
    lease.left > 0 &&
    before.includes(lease.token) &&
    lease.token !== token
  )
}

/** The instance that looked after a lease which this script has changed gets a message on a channel. */
function withNews(state: State, before: Server, { server, by }: { server: Server; by: number }): State {
  return before.leases.reduce((after, lease, path) => {
    const isTaken = lease && lease.left > 0 && lease.via !== by && server.leases[path] !== lease
    const instance = isTaken ? after.instances[lease.via] : undefined
    if (!isTaken || !instance) return after
    return withInstance(after, lease.via, {
      ...instance,
      inbox: [...instance.inbox, { path, token: lease.token }],
    })
  }, state)
}

/** Tries again when woken or after a while, once more for the last time, or gives up. */
function wait(turn: Turn, call: Call): void {
  const { state } = turn
  step(turn, 'tries again', become(turn, { ...call, reply: null }))
  if (call.waits) step(turn, 'tries for the last time', become(turn, { ...call, waits: false, reply: null }))
  const instance = state.instances[call.via]
  const server = instance && state.servers[instance.server]
  if (!server) return
  const isReached = instance.stage === 'linked' && instance.epoch === server.epoch
  const next = isReached ? withServer(state, instance.server, left(server, call.request)) : state
  step(turn, 'gives up waiting', become(turn, null, next))
}

/** Notes how long the leases may live, then tells the agent; or tells it that it has not got them. */
function answer(turn: Turn, call: Call): void {
  const { state } = turn
  const { reply } = call
  const instance = state.instances[call.via]
  if (!instance || !reply || !('leases' in reply)) {
    step(turn, `is told ${reply?.kind}`, become(turn, null))
    return
  }
  const longest = Math.max(0, ...reply.leases.map((lease) => lease.left))
  const isNoted = instance.until >= longest && instance.untilEpoch === call.epoch
  if (isNoted || has(turn, 'told before it is noted') || call.epoch === 0) tell(turn, call, reply.leases)
  else if (state.database.latest > call.epoch && !has(turn, 'noted though a later epoch has begun')) {
    const next = withInstance(state, call.via, { ...instance, stage: 'away' })
    step(turn, 'is told that another server keeps the locks', become(turn, null, next))
  } else {
    const until = longest + 1
    const database = { ...state.database, noted: Math.max(state.database.noted, until) }
    const noted = withInstance({ ...state, database }, call.via, {
      ...instance,
      until,
      untilEpoch: call.epoch,
    })
    tell({ ...turn, state: noted }, call, reply.leases)
  }
}

type Leases = readonly (Granted & { readonly path: number })[]

function tell(turn: Turn, call: Call, leases: Leases): void {
  const { state, self, at } = turn
  const instance = state.instances[call.via]
  if (!instance) return
  const live = leases.filter((lease) => lease.left > 0)
  const holds = live.reduce((all, { path, token, left }) => all.with(path, { token, left }), self.holds)
  const granted = live.reduce(
    (all, { path, agent, token, left, request }) => all.with(path, { agent, token, left, request }),
    instance.granted,
  )
  const tokens = live.reduce(
    (all, { path, token }) => all.with(path, Math.max(token, all[path] ?? 0)),
    state.tokens,
  )
  const owners = live.reduce((all, { path }) => all.with(path, at), state.owners)
  const next = withAgent(withInstance(state, call.via, { ...instance, granted }), at, {
    ...self,
    holds,
    call: null,
  })
  const paths = live.map(({ path }) => path)
  const isOld = live.some(({ path, token }) => {
    const largest = state.tokens[path] ?? 0
    return token < largest || (token === largest && state.owners[path] !== at)
  })
  const broken = isHeldByOthers(state.agents, at, paths) ? LOCK_PROMISES.exclusive : undefined
  const shrinks = isOld ? LOCK_PROMISES.tokens : undefined
  step(
    turn,
    `is told that it holds ${pathNames(paths) || 'nothing'}`,
    { ...next, tokens, owners },
    broken ?? shrinks,
  )
}
