import { Random } from './random.ts'

/** What an instance shares with the others. */
export type Topology = 'postgres-redis' | 'pooler-redis' | 'sqlite-redis' | 'sqlite'

/** One fault: when it begins, what it is, its target, and how long it lasts (0 for a blow). */
export interface Fault {
  readonly atMs: number
  readonly kind: FaultKind
  /** The place of an instance, where the fault strikes one. */
  readonly place: number
  readonly lastsMs: number
}

interface Kind {
  readonly on: readonly Topology[]
  readonly lastsMs: readonly [low: number, high: number]
  /** How often, beside the others. */
  readonly weight: number
  /** Strikes an instance that stands behind a proxy. */
  readonly behindProxy?: true
  /** There is nothing left for it to strike a second time. */
  readonly once?: true
}

const WITH_REDIS: readonly Topology[] = ['postgres-redis', 'pooler-redis', 'sqlite-redis']
const ALL: readonly Topology[] = [...WITH_REDIS, 'sqlite']
const POSTGRES: readonly Topology[] = ['postgres-redis', 'pooler-redis']
const BLOW = [0, 0] as const

export const FAULTS = {
  'kill -9': { on: ALL, lastsMs: [50, 600], weight: 6 },
  'kill between commit and publish': { on: ALL, lastsMs: [50, 600], weight: 3 },
  'freeze an instance': { on: ALL, lastsMs: [200, 900], weight: 3 },
  'freeze an instance past its locks': { on: ALL, lastsMs: [1_500, 3_000], weight: 3 },
  'Redis FLUSHALL': { on: WITH_REDIS, lastsMs: BLOW, weight: 3 },
  'Redis SCRIPT FLUSH': { on: WITH_REDIS, lastsMs: BLOW, weight: 2 },
  'Redis CLIENT KILL normal': { on: WITH_REDIS, lastsMs: BLOW, weight: 4 },
  'Redis CLIENT KILL pubsub': { on: WITH_REDIS, lastsMs: BLOW, weight: 4 },
  'Redis restart, empty': { on: WITH_REDIS, lastsMs: [50, 1_500], weight: 3 },
  'Redis restart, from its snapshot': { on: WITH_REDIS, lastsMs: [50, 1_500], weight: 3 },
  'Redis full': { on: WITH_REDIS, lastsMs: [300, 2_500], weight: 3 },
  'another database on the same Redis': { on: WITH_REDIS, lastsMs: BLOW, weight: 1 },
  'freeze Redis': { on: WITH_REDIS, lastsMs: [100, 3_500], weight: 3 },
  'PostgreSQL restart': { on: POSTGRES, lastsMs: [0, 500], weight: 2 },
  'PostgreSQL crash': { on: POSTGRES, lastsMs: [0, 500], weight: 1 },
  'PostgreSQL terminate backends': { on: POSTGRES, lastsMs: BLOW, weight: 3 },
  'PostgreSQL read-only': { on: POSTGRES, lastsMs: [300, 2_000], weight: 3 },
  // A pooler knows one server.
  'PostgreSQL promotion of the standby': { on: ['postgres-redis'], lastsMs: [0, 500], weight: 1, once: true },
  'cut an instance from Redis': { on: WITH_REDIS, lastsMs: BLOW, weight: 3, behindProxy: true },
  'black hole to Redis': { on: WITH_REDIS, lastsMs: [300, 3_000], weight: 3, behindProxy: true },
  'no answers from Redis': { on: WITH_REDIS, lastsMs: [300, 3_000], weight: 2, behindProxy: true },
  'slow way to Redis': { on: WITH_REDIS, lastsMs: [500, 2_500], weight: 2, behindProxy: true },
  'old connections to Redis go on late': {
    on: WITH_REDIS,
    lastsMs: [1_500, 4_500],
    weight: 2,
    behindProxy: true,
  },
} as const satisfies Record<string, Kind>

export type FaultKind = keyof typeof FAULTS

export interface PlanRequest {
  readonly seed: number
  readonly topology: Topology
  readonly instances: number
  readonly seconds: number
  /** The pause after a fault, before the next one. */
  readonly calmMs: readonly [low: number, high: number]
}

const QUIET_START_MS = 1_500
const QUIET_END_MS = 3_000

/** Instances in these places reach the servers through a proxy: every other one. */
export function isBehindProxy(place: number): boolean {
  return place % 2 === 1
}

/** The faults of a run, one after the other: the same for the same request. */
export function planFaults({ seed, topology, instances, seconds, calmMs }: PlanRequest): Fault[] {
  const random = new Random(seed)
  const kinds = kindsOn(topology)
  const places = Array.from({ length: instances }, (_, place) => place)
  const plan: Fault[] = []
  // Each kind once, before any comes again by chance: a short run has seen most.
  const again = kinds.filter((kind) => !(FAULTS[kind] as Kind).once)
  const first = random.sample(kinds, kinds.length)
  let atMs = QUIET_START_MS
  for (;;) {
    const kind = first.pop() ?? weighted(random, again)
    const { lastsMs, behindProxy }: Kind = FAULTS[kind]
    const place = random.pick(behindProxy ? places.filter(isBehindProxy) : places)
    const fault = { atMs, kind, place, lastsMs: random.between(...lastsMs) }
    atMs += fault.lastsMs + random.between(...calmMs)
    if (atMs > seconds * 1000 - QUIET_END_MS) return plan
    plan.push(fault)
  }
}

function kindsOn(topology: Topology): FaultKind[] {
  const names = Object.keys(FAULTS) as FaultKind[]
  return names.filter((name) => (FAULTS[name].on as readonly Topology[]).includes(topology))
}

function weighted(random: Random, kinds: readonly FaultKind[]): FaultKind {
  return random.pick(kinds.flatMap((kind) => Array.from({ length: FAULTS[kind].weight }, () => kind)))
}
