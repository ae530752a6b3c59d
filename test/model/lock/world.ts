import { LOCK_PROMISES } from './promises.ts'
import { emptyServer } from './setup.ts'
import type { Agent, Granted, Instance, Server, State } from './state.ts'
import { isHolder, release } from './store.ts'
import { agentName, has, instanceName, pathNames, type World, withInstance, withServer } from './turn.ts'

/** Time passes for all at once. */
export function tick({ state, emit }: World): void {
  const database = { ...state.database, noted: less(state.database.noted) }
  const servers = state.servers.map(aged)
  const instances = state.instances.map((each) => ({
    ...each,
    until: less(each.until),
    granted: each.granted.map(shorter),
  }))
  const agents = state.agents.map(agedAgent)
  emit('time passes', { ...state, database, servers, instances, agents })
}

function less(ticks: number): number {
  return Math.max(0, ticks - 1)
}

/** Null once it is over. */
function shorter<T extends { readonly left: number }>(lease: T | null): T | null {
  return lease && lease.left > 1 ? { ...lease, left: lease.left - 1 } : null
}

function aged(server: Server): Server {
  const leases = server.leases.map((lease) => lease && { ...lease, left: less(lease.left) })
  const waiters = server.waiters.map((waiter) => ({ ...waiter, age: 1 }))
  return { ...server, leases, waiters, recovery: less(server.recovery), beginner: -1 }
}

function agedAgent(agent: Agent): Agent {
  const holds = agent.holds.map(shorter)
  const { call } = agent
  if (!call?.reply || !('leases' in call.reply)) return { ...agent, holds }
  const leases = call.reply.leases.map((lease) => ({ ...lease, left: less(lease.left) }))
  return { ...agent, holds, call: { ...call, reply: { ...call.reply, leases } } }
}

/** What happens to the servers, and to what is on its way. */
export function faults(world: World): void {
  const { setup, state } = world
  if (state.faultsLeft === 0) return
  const suffer = (what: string, next: State, broken?: string) =>
    world.emit(what, { ...next, faultsLeft: state.faultsLeft - 1 }, broken)
  const [server] = state.servers.slice(-1)
  if (!server) return
  const last = state.servers.length - 1
  if (setup.kinds.includes('flush'))
    suffer('Redis is emptied', withServer(state, last, emptyServer(setup.paths)))
  if (setup.kinds.includes('takeover')) {
    const other = { ...server, isOther: true, beginner: -1 }
    suffer('another server takes over', { ...state, servers: [...state.servers, other] })
  }
  state.instances.forEach((each, at) => {
    if (setup.kinds.includes('cut') && each.stage === 'linked')
      suffer(`${instanceName(at)} loses its connection`, withInstance(state, at, { ...each, stage: 'away' }))
    if (setup.kinds.includes('news') && each.inbox.length > 0)
      suffer(`${instanceName(at)} misses news`, withInstance(state, at, { ...each, inbox: [] }))
  })
  if (setup.kinds.includes('force')) force(world, server, suffer)
}

/** `force` of asks.lua, through an instance that is connected. */
function force(
  { state, setup }: World,
  server: Server,
  suffer: (what: string, next: State, broken?: string) => void,
): void {
  const last = state.servers.length - 1
  const by = state.instances.findIndex(
    (each) => each.stage === 'linked' && each.server === last && each.epoch === server.epoch,
  )
  if (by < 0) return
  server.leases.forEach((lease, path) => {
    if (!lease || lease.left === 0) return
    const isKept = has({ setup }, 'force leaves the lease to its holder')
    const after = isKept ? server : { ...server, leases: server.leases.with(path, null) }
    const agents = state.agents.map((agent) => forced(agent, path, lease.token))
    const instances = state.instances.map((each, at) => {
      if (at === by) return { ...each, granted: each.granted.with(path, null) }
      return at === lease.via ? { ...each, inbox: [...each.inbox, { path, token: lease.token }] } : each
    })
    const isConfirmed = isHolder(after, path, lease)
    const next = withServer({ ...state, agents, instances }, last, after)
    suffer(
      `${pathNames([path])} is taken by force from ${agentName(lease.agent)}`,
      next,
      isConfirmed ? LOCK_PROMISES.verify : undefined,
    )
  })
}

/**
 * The agent that loses its lease may not know; it has been taken all the same, also where the answer is still
 * on its way.
 */
function forced(agent: Agent, path: number, token: number): Agent {
  const isTaken = agent.holds[path]?.token === token
  const holds = isTaken ? agent.holds.with(path, null) : agent.holds
  const { call } = agent
  if (!call?.reply || !('leases' in call.reply)) return { ...agent, holds }
  const leases = call.reply.leases.filter((lease) => lease.token !== token)
  return { ...agent, holds, call: { ...call, reply: { ...call.reply, leases } } }
}

/** A release that was given up arrives after all, unless the epoch has changed. */
export function lateRelease({ setup, state, emit }: World): void {
  const { late } = state
  const server = late && state.servers[late.server]
  if (!late || !server) return
  const gone = { ...state, late: null }
  const done = server.epoch === late.epoch ? release(setup, server, late).server : server
  const hold = state.agents[late.agent]?.holds[late.path]
  const isTold = hold && hold.token === liveToken(server, late.path) && done !== server
  const what = `the release of ${pathNames([late.path])} by ${agentName(late.agent)} arrives late`
  emit(what, withServer(gone, late.server, done), isTold ? LOCK_PROMISES.late : undefined)
}

/** What verify would say of leases that have ended is looked at in every state. */
export function verifies({ setup, state, emit }: World): void {
  for (const server of state.servers) {
    server.leases.forEach((lease, path) => {
      if (!lease || lease.left > 0) return
      const judged = has({ setup }, 'verify does not look at the time') ? { ...lease, left: 1 } : lease
      const asked = { ...server, leases: server.leases.with(path, judged) }
      if (isHolder(asked, path, lease))
        emit(`${agentName(lease.agent)} verifies`, state, LOCK_PROMISES.verify)
    })
  }
}

/** News arrives, and connections are made anew. */
export function instanceSteps(world: World): void {
  world.state.instances.forEach((self, at) => {
    hear(world, at, self)
    if (self.stage === 'linked') beat(world, at, self)
    if (self.stage === 'away') meet(world, at, self)
    if (self.stage === 'beginning') beginEpoch(world, at, self)
    if (self.stage === 'reasserting') reassert(world, at, self)
  })
}

function hear({ state, emit }: World, at: number, self: Instance): void {
  const [news, ...inbox] = self.inbox
  if (!news) return
  const granted = self.granted.map((lease, path) =>
    lease && path === news.path && lease.token <= news.token ? null : lease,
  )
  emit(
    `${instanceName(at)} hears that somebody else has ${pathNames([news.path])}`,
    withInstance(state, at, { ...self, inbox, granted }),
  )
}

/** The heartbeat finds that another epoch began. */
function beat({ state, emit }: World, at: number, self: Instance): void {
  if (state.servers[self.server]?.epoch === self.epoch) return
  emit(
    `${instanceName(at)} notices that its epoch is over`,
    withInstance(state, at, { ...self, stage: 'away' }),
  )
}

/** Asks which epoch it is; takes the number of a new one where none is running or the database knows of a later one. */
function meet({ state, emit, setup }: World, at: number, self: Instance): void {
  const last = state.servers.length - 1
  const server = state.servers[last]
  if (!server) return
  const { latest, noted } = state.database
  const isLost = server.epoch === 0 || server.isOther
  // Another instance is just beginning one.
  if (isLost && ![-1, at].includes(server.beginner)) return
  if (!isLost && server.epoch >= latest) {
    const met: Instance = { ...self, server: last, epoch: server.epoch, stage: 'reasserting' }
    emit(`${instanceName(at)} connects`, withInstance(state, at, met))
    return
  }
  if (has({ setup }, 'the recovery time is read before the number is taken') && self.recovery === null) {
    emit(`${instanceName(at)} reads the recovery time`, withInstance(state, at, { ...self, recovery: noted }))
    return
  }
  const epoch = Math.max(latest, server.epoch) + 1
  const begun = isLost ? withServer(state, last, { ...server, beginner: at }) : state
  const next = { ...begun, database: { ...state.database, latest: epoch } }
  const beginning: Instance = { ...self, server: last, epoch, stage: 'beginning' }
  emit(`${instanceName(at)} takes the number of a new epoch`, withInstance(next, at, beginning))
}

function beginEpoch(world: World, at: number, self: Instance): void {
  const { state, emit } = world
  const server = state.servers[self.server]
  if (!server) return
  if (self.recovery === null) {
    const recovery = has(world, 'no recovery time') ? 0 : state.database.noted
    emit(`${instanceName(at)} reads the recovery time`, withInstance(state, at, { ...self, recovery }))
    return
  }
  const met: Instance = { ...self, stage: 'reasserting', recovery: null }
  if (server.epoch >= self.epoch && !server.isOther) {
    emit(`${instanceName(at)} finds a later epoch`, withInstance(state, at, { ...met, epoch: server.epoch }))
    return
  }
  const epoch = Math.max(self.epoch, server.epoch + 1)
  const begun = { ...server, epoch, isOther: false, beginner: -1, recovery: self.recovery }
  emit(
    `${instanceName(at)} begins an epoch`,
    withServer(withInstance(state, at, { ...met, epoch }), self.server, begun),
  )
}

/** `reassert` of asks.lua: puts back what it granted, and takes back what an older copy of the memory has of it. */
function reassert(world: World, at: number, self: Instance): void {
  const { state, emit } = world
  const server = state.servers[self.server]
  if (!server) return
  if (server.epoch !== self.epoch) {
    emit(`${instanceName(at)} is refused`, withInstance(state, at, { ...self, stage: 'away' }))
    return
  }
  const isOpen = server.recovery > 0 || has(world, 'put back after the recovery')
  const leases = server.leases.map((lease, path) => {
    if (!isOpen) return lease
    const granted = self.granted[path] ?? null
    const kept = lease && lease.left > 0 && lease.via === at && !granted ? null : lease
    return granted && isNewer(world, granted, kept) ? { ...granted, via: at } : kept
  })
  const linked = withInstance(state, at, { ...self, stage: 'linked' })
  const next = withServer(linked, self.server, { ...server, leases })
  const isWorse = leases.some((lease, path) => lease !== null && lease.token < liveToken(server, path))
  emit(`${instanceName(at)} puts back what it granted`, next, isWorse ? LOCK_PROMISES.later : undefined)
}

function liveToken({ leases }: Server, path: number): number {
  const lease = leases[path]
  return lease && lease.left > 0 ? lease.token : 0
}

function isNewer(
  world: World,
  granted: Granted,
  lease: (Granted & { readonly via: number }) | null,
): boolean {
  if (!lease || lease.left === 0 || has(world, 'the earlier token is put back')) return true
  return granted.token > lease.token || (granted.token === lease.token && granted.left > lease.left)
}
