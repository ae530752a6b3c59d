import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisServer } from '../test/support/redis-server.ts'
import type { TcpProxy } from '../test/support/tcp-proxy.ts'
import type { Instance } from './instance.ts'
import type { Fault, FaultKind } from './plan.ts'
import type { World } from './world.ts'

/** A signal is on its way for a moment. */
const DELIVERY_MS = 20
const OVERDUE_MS = 5_000
const UP_AGAIN_MS = 15_000

type Strike = (world: World, fault: Fault) => Promise<void>

/** Does what the plan says, and writes it down. Resolves when the fault is over. */
export async function inject(world: World, fault: Fault): Promise<void> {
  const target = String(fault.place + 1)
  world.history.add({ op: 'fault', kind: fault.kind, target, phase: 'begin' })
  await STRIKES[fault.kind](world, fault)
  world.history.add({ op: 'fault', kind: fault.kind, target, phase: 'end' })
}

const STRIKES: Readonly<Record<FaultKind, Strike>> = {
  'kill -9': (world, fault) => replace(world, fault, (instance) => instance.signal('SIGKILL')),
  'kill between commit and publish': (world, fault) =>
    replace(world, fault, (instance) => void instance.order({ do: 'die after commit' })),
  'freeze an instance': freeze,
  'freeze an instance past its locks': freeze,
  'Redis FLUSHALL': (world) => send(world, 'FLUSHALL'),
  'Redis SCRIPT FLUSH': (world) => send(world, 'SCRIPT', 'FLUSH'),
  'Redis CLIENT KILL normal': (world) => send(world, 'CLIENT', 'KILL', 'TYPE', 'normal'),
  'Redis CLIENT KILL pubsub': (world) => send(world, 'CLIENT', 'KILL', 'TYPE', 'pubsub'),
  'Redis restart, empty': (world, { lastsMs }) =>
    withoutRedis(world, lastsMs, (redis) => {
      redis.forget()
      return redis.resume()
    }),
  'Redis restart, from its snapshot': async (world, { lastsMs }) => {
    await send(world, 'SAVE')
    // What comes after the snapshot is forgotten.
    await sleep(lastsMs / 4)
    await withoutRedis(world, lastsMs, (redis) => redis.resume())
  },
  'Redis full': async (world, { lastsMs }) => {
    await send(world, 'CONFIG', 'SET', 'maxmemory', '1')
    await sleep(lastsMs)
    await send(world, 'CONFIG', 'SET', 'maxmemory', '0')
  },
  'another database on the same Redis': (world) => world.visitRedis(),
  'freeze Redis': async (world, { lastsMs }) => {
    await world.redis?.stop('SIGSTOP')
    await sleep(DELIVERY_MS)
    await away(world, '', () => sleep(lastsMs))
    await world.redis?.stop('SIGCONT')
  },
  'PostgreSQL restart': (world, { lastsMs }) => withoutPostgres(world, lastsMs, 'fast'),
  'PostgreSQL crash': (world, { lastsMs }) => withoutPostgres(world, lastsMs, 'immediate'),
  'PostgreSQL terminate backends': async (world) => {
    await world.postgres?.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'",
    )
  },
  'PostgreSQL read-only': async (world, { lastsMs }) => {
    await world.postgres?.configure("default_transaction_read_only = 'on'")
    await sleep(lastsMs)
    await world.postgres?.configure("default_transaction_read_only = 'off'")
  },
  'PostgreSQL promotion of the standby': (world, { lastsMs }) => world.promote(() => sleep(lastsMs)),
  'cut an instance from Redis': async (world, fault) => proxyOf(world, fault)?.cut(),
  'black hole to Redis': (world, fault) =>
    behindProxy(world, fault, (proxy, isOn) => {
      proxy.isBlackHole = isOn
    }),
  'no answers from Redis': (world, fault) =>
    behindProxy(world, fault, (proxy, isOn) => {
      proxy.dropsReplies = isOn
    }),
  'slow way to Redis': async (world, fault) => {
    const proxy = proxyOf(world, fault)
    if (!proxy) return
    proxy.delayMs = 20 + fault.place * 20
    await sleep(fault.lastsMs)
    proxy.delayMs = 0
  },
  'old connections to Redis go on late': async (world, fault) => {
    const held = proxyOf(world, fault)?.hold()
    await sleep(fault.lastsMs)
    void held?.letGo()
  },
}

/** Ends the process of that place and lets another one start there, while the run goes on. */
async function replace(
  world: World,
  { place, lastsMs }: Fault,
  end: (instance: Instance) => void,
): Promise<void> {
  const instance = world.instances[place]
  if (!instance) return
  await Promise.race([instance.start(), sleep(UP_AGAIN_MS)])
  const ended = instance.ended()
  end(instance)
  // One that was to die by itself may find nothing to die of.
  const overdue = setTimeout(() => instance.signal('SIGKILL'), OVERDUE_MS)
  await ended
  clearTimeout(overdue)
  world.history.add({ op: 'gone', process: instance.by })
  await sleep(lastsMs)
  void instance.start()
}

async function freeze(world: World, { place, lastsMs }: Fault): Promise<void> {
  const instance = world.instances[place]
  instance?.signal('SIGSTOP')
  await sleep(lastsMs)
  instance?.signal('SIGCONT')
}

async function send(world: World, ...command: string[]): Promise<void> {
  await world.redis?.send(...command)
}

async function away(world: World, target: string, during: () => Promise<unknown>): Promise<void> {
  world.history.add({ op: 'away', target, phase: 'begin' })
  await during()
  world.history.add({ op: 'away', target, phase: 'end' })
}

async function withoutRedis(
  world: World,
  lastsMs: number,
  resume: (redis: RedisServer) => Promise<void>,
): Promise<void> {
  const { redis } = world
  if (!redis) return
  await redis.stop()
  await away(world, '', () => sleep(lastsMs))
  await resume(redis)
}

async function withoutPostgres(world: World, lastsMs: number, how: 'fast' | 'immediate'): Promise<void> {
  await world.postgres?.stop(how)
  await sleep(lastsMs)
  await world.postgres?.resume()
}

/** What is lost on the way stays lost: when the way is open again, the connections that lost something are not. */
async function behindProxy(
  world: World,
  fault: Fault,
  turn: (proxy: TcpProxy, isOn: boolean) => void,
): Promise<void> {
  const proxy = proxyOf(world, fault)
  if (!proxy) return
  turn(proxy, true)
  await sleep(DELIVERY_MS)
  await away(world, String(fault.place + 1), () => sleep(fault.lastsMs))
  proxy.cut()
  turn(proxy, false)
}

function proxyOf(world: World, { place }: Fault): TcpProxy | undefined {
  return world.proxies[place]
}
