import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { FAULTS, type Topology } from './plan.ts'
import type { Load } from './work/settings.ts'

/** One part of a run: a topology, for so long. */
export interface Part {
  readonly topology: Topology
  readonly instances: number
  readonly seconds: number
  readonly calmMs: readonly [low: number, high: number]
  /** Other people's cache and locks in the place of ours. */
  readonly usesLibraries?: boolean
  readonly load: Load
}

export interface Options {
  readonly seed: number
  readonly parts: readonly Part[]
  /** The arguments that give the same run again. */
  readonly replay: string
  readonly json: string | undefined
  readonly outageSeconds: number | undefined
  readonly keepsHistory: boolean
}

export const HELP = `Usage: npm run faults -- [options]

Starts real servers and several instances of the program, makes them fail, and checks all that they did.
  --seed N           the same faults again (default: a new seed, printed at the start)
  --long             about 30 minutes, 8 instances, more than 500 faults
  --topology NAME    only postgres-redis, pooler-redis (PgBouncer before PostgreSQL; not in the short run),
                     sqlite-redis or sqlite
  --instances N      how many instances (default 4, with --long 8)
  --seconds N        how long each topology (default 26, 13, 10)
  --many             as many calls as the machine has time for, and few faults: first of locks, then of reads
  --writes           16 writers in each instance, that change and add as fast as they can, and a fault every few
                     seconds; 9 minutes
  --whole            36 minutes of all three: more than 500 faults, 1,000,000 lock operations, 10,000,000 reads and
                     200,000 writes where two cores have nothing else to do
  --libraries        instead: ours, then a two-level cache library and a redlock library, side by side
  --outage N         instead: Redis away for N seconds under load
  --json FILE        the figures for programs
  --keep             leaves the history where it is, and says where
Ends with 1 when a promise was broken.
Faults: ${Object.keys(FAULTS).join(', ')}.
`

const SHORT: Load = {
  agents: 4,
  paths: 8,
  thinkMs: 40,
  readsPerSecond: 400,
  writers: 1,
  writesPerSecond: 3,
  addsShare: 0.1,
}
const LONG: Load = {
  agents: 12,
  paths: 48,
  thinkMs: 5,
  readsPerSecond: 1_500,
  writers: 1,
  writesPerSecond: 2,
  addsShare: 0.1,
}
const LONG_CALM = [500, 1_300] as const
const LONG_RUN: readonly Part[] = [
  { topology: 'postgres-redis', instances: 8, seconds: 840, calmMs: LONG_CALM, load: LONG },
  { topology: 'pooler-redis', instances: 8, seconds: 180, calmMs: LONG_CALM, load: LONG },
  { topology: 'sqlite-redis', instances: 8, seconds: 300, calmMs: LONG_CALM, load: LONG },
  { topology: 'sqlite', instances: 8, seconds: 240, calmMs: LONG_CALM, load: LONG },
]
/** Ours, and libraries that people take for it, under the same faults. */
const SIDE_BY_SIDE: readonly Part[] = [false, true].map((usesLibraries) => ({
  topology: 'sqlite-redis',
  instances: 4,
  seconds: 60,
  calmMs: [300, 900],
  load: {
    agents: 4,
    paths: 8,
    thinkMs: 20,
    readsPerSecond: 400,
    writers: 1,
    writesPerSecond: 3,
    addsShare: 0,
  },
  usesLibraries,
}))
const MANY: Load = {
  agents: 8,
  paths: 64,
  thinkMs: 1,
  readsPerSecond: 0,
  writers: 1,
  writesPerSecond: 1,
  addsShare: 0,
}
const MANY_CALLS: readonly Part[] = [
  { topology: 'postgres-redis', instances: 4, seconds: 330, calmMs: [5_000, 8_000], load: MANY },
  {
    topology: 'sqlite-redis',
    instances: 4,
    seconds: 120,
    calmMs: [3_000, 6_000],
    load: { ...MANY, agents: 2, readsPerSecond: 30_000 },
  },
]
const WRITES: Load = {
  agents: 1,
  paths: 48,
  thinkMs: 200,
  readsPerSecond: 200,
  writers: 16,
  writesPerSecond: 100,
  addsShare: 0.25,
}
const MANY_WRITES: readonly Part[] = [
  { topology: 'postgres-redis', instances: 4, seconds: 300, calmMs: [2_000, 4_000], load: WRITES },
  { topology: 'pooler-redis', instances: 4, seconds: 60, calmMs: [2_000, 4_000], load: WRITES },
  { topology: 'sqlite-redis', instances: 4, seconds: 90, calmMs: [2_000, 4_000], load: WRITES },
  { topology: 'sqlite', instances: 4, seconds: 90, calmMs: [2_000, 4_000], load: WRITES },
]
const lasting = (parts: readonly Part[], times: number) =>
  parts.map((part) => ({ ...part, instances: 4, seconds: Math.round(part.seconds * times) }))
const WHOLE: readonly Part[] = [...lasting(LONG_RUN, 1 / 2), ...MANY_CALLS, ...lasting(MANY_WRITES, 5 / 3)]
const SHORT_CALM = [500, 1_200] as const

/** Undefined when only the help was asked for. */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      whole: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      libraries: { type: 'boolean', default: false },
      many: { type: 'boolean', default: false },
      writes: { type: 'boolean', default: false },
      topology: { type: 'string' },
      instances: { type: 'string' },
      seconds: { type: 'string' },
      outage: { type: 'string' },
      json: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return undefined
  const { seed = String(randomInt(2 ** 31)), json, keep, instances, seconds, topology, outage } = values
  const parts = partsOf(values)
    .filter((part) => topology === undefined || part.topology === topology)
    .map((part) => ({
      ...part,
      ...(instances === undefined ? {} : { instances: positive('instances', instances) }),
      ...(seconds === undefined ? {} : { seconds: positive('seconds', seconds) }),
    }))
  if (parts.length === 0) throw new RangeError(`--topology: there is no ${topology}`)
  return {
    seed: positive('seed', seed),
    parts,
    replay: replayOf(seed, args),
    json,
    outageSeconds: outage === undefined ? undefined : positive('outage', outage),
    keepsHistory: keep,
  }
}

type Kinds = Readonly<Record<'whole' | 'long' | 'many' | 'writes' | 'libraries', boolean>>

function partsOf({ whole, long, many, writes, libraries }: Kinds): readonly Part[] {
  if (libraries) return SIDE_BY_SIDE
  if (whole) return WHOLE
  if (many) return MANY_CALLS
  if (writes) return MANY_WRITES
  if (long) return LONG_RUN
  const part = { instances: 4, calmMs: SHORT_CALM, load: SHORT }
  return [
    { ...part, topology: 'postgres-redis', seconds: 26 },
    { ...part, topology: 'sqlite-redis', seconds: 13 },
    { ...part, topology: 'sqlite', seconds: 10 },
  ]
}

function replayOf(seed: string, args: readonly string[]): string {
  const rest = args.filter(
    (arg, n) => arg !== '--seed' && args[n - 1] !== '--seed' && !arg.startsWith('--seed='),
  )
  return ['npm run faults --', `--seed ${seed}`, ...rest].join(' ')
}

function positive(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0)
    throw new RangeError(`--${name}: ${text} is no whole number`)
  return number
}
