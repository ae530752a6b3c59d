import { ensure, eventually, milliseconds, percentile } from './claim.ts'
import type { Instance } from './instance.ts'
import type { Note } from './note.ts'
import type { Claim, World } from './world.ts'

const HEALTHY_ROUNDS = 60
const STRONG_ROUNDS = 20
const FAULT_ROUNDS = 3
/** No instance may serve the old answer for longer, whatever happens. */
const LIMIT_MS = 1_000
const READS_AFTER = 5

/** The writer writes, one instance reads until it sees it, one asks with `consistency: strong`. */
interface Round {
  readonly note: Note
  readonly writer: Instance
  readonly reader: Instance
  readonly strong: Instance
  readonly before?: () => Promise<unknown>
  readonly after?: () => Promise<unknown>
}

/** Of an update, by another instance: how long after the writer's answer, reading included. */
interface Sighting {
  readonly afterMs: number
  readonly oldAnswers: number
}

export const propagation: Claim = {
  name: 'V3',
  title: 'an update on one instance is seen on the others, also right after a fault',
  async run(world) {
    const instances = await world.startThree()
    const note = await world.note(instances[0])
    const healthy: Sighting[] = []
    for (let round = 0; round < HEALTHY_ROUNDS; round++)
      healthy.push(await measure({ note, ...roles(instances, round) }))
    for (let round = 0; round < STRONG_ROUNDS; round++) await play({ note, ...roles(instances, round) })
    const ages = healthy.map(({ afterMs }) => afterMs)
    const [half, most, worst] = [0.5, 0.99, 1].map((share) => milliseconds(percentile(ages, share)))
    const old = healthy.reduce((sum, { oldAnswers }) => sum + oldAnswers, 0)
    const faults = await afterFaults(world, { note, instances })
    const killed = await afterKill(world, { note, instances })
    return `${HEALTHY_ROUNDS} updates: the new answer came p50 ${half}, p99 ${most}, max ${worst} after the writer's, ${old} old answers before it; ${[...faults, killed].join('; ')}; strong reads at once`
  },
}

function roles(instances: readonly Instance[], round: number): Pick<Round, 'writer' | 'reader' | 'strong'> {
  const [writer, reader, strong] = [0, 1, 2].map((i) => instances[(round + i) % instances.length])
  ensure(writer !== undefined && reader !== undefined && strong !== undefined, 'three instances are needed')
  return { writer, reader, strong }
}

/** When the reader sees it; meanwhile the others must see it at once. */
async function play({ note, writer, reader, strong, before, after }: Round): Promise<Sighting> {
  for (const instance of [reader, strong]) await warm(note, instance)
  await before?.()
  const number = await note.write(writer)
  const answeredAt = performance.now()
  await after?.()
  const own = writer.isAlive ? atOnce(note, writer, number) : undefined
  const [sighting] = await Promise.all([
    seen(note, reader, number, answeredAt),
    atOnce(note, strong, number, 'strong'),
    own,
  ])
  for (let i = 0; i < READS_AFTER; i++) await atOnce(note, reader, number)
  return sighting
}

/** The same with no other reader. */
async function measure({ note, writer, reader }: Round): Promise<Sighting> {
  await warm(note, reader)
  const number = await note.write(writer)
  return seen(note, reader, number, performance.now())
}

/** Until it answers from its own memory, where an old answer would be. */
async function warm(note: Note, instance: Instance): Promise<void> {
  await eventually(() => note.read(instance), {
    fits: ({ servedFrom }) => servedFrom === 'l1',
    withinMs: 5_000,
    otherwise: `${instance.name} keeps no answer`,
  })
}

async function seen(note: Note, reader: Instance, number: number, answeredAt: number): Promise<Sighting> {
  for (let oldAnswers = 0; ; oldAnswers++) {
    const age = performance.now() - answeredAt
    const found = await note.read(reader)
    if (found.number === number) return { afterMs: performance.now() - answeredAt, oldAnswers }
    ensure(
      found.number === number - 1,
      `${reader.name} answers ${found.number}, which is not ${number} or the one before`,
    )
    ensure(
      age <= LIMIT_MS,
      `${reader.name} answers ${found.number} ${milliseconds(age)} after ${number} was stored`,
    )
  }
}

async function atOnce(
  note: Note,
  instance: Instance,
  number: number,
  consistency: 'eventual' | 'strong' = 'eventual',
): Promise<void> {
  const found = await note.read(instance, consistency)
  const what = consistency === 'strong' ? 'asked for consistency strong' : 'which wrote or saw it'
  ensure(
    found.number === number,
    `${instance.name}, ${what}, answers ${found.number} after ${number} was stored`,
  )
}

async function afterFaults(
  world: World,
  { note, instances }: { note: Note; instances: readonly Instance[] },
): Promise<string[]> {
  const faults = [['CLIENT', 'KILL', 'TYPE', 'pubsub'], ['CLIENT', 'KILL', 'TYPE', 'normal'], ['FLUSHALL']]
  if (!world.deployment.mayDestroy) {
    world.leftOut.push('CLIENT KILL and FLUSHALL (they need --destructive)')
    return []
  }
  const figures: string[] = []
  for (const fault of faults) {
    const spoil = () => world.redis.send(...fault)
    const seenBy: Sighting[] = []
    for (let round = 0; round < FAULT_ROUNDS; round++) {
      seenBy.push(await play({ note, ...roles(instances, round), before: spoil }))
      seenBy.push(await play({ note, ...roles(instances, round), after: spoil }))
    }
    figures.push(`${fault.join(' ')}: ${latest(seenBy)}`)
  }
  return figures
}

async function afterKill(
  world: World,
  { note, instances }: { note: Note; instances: readonly Instance[] },
): Promise<string> {
  const seenBy: Sighting[] = []
  const [, reader, strong] = instances
  ensure(reader !== undefined && strong !== undefined, 'three instances are needed')
  for (let round = 0; round < FAULT_ROUNDS; round++) {
    const writer = await world.start(`W${round}`)
    seenBy.push(await play({ note, writer, reader, strong, after: () => writer.kill() }))
  }
  return `kill -9 of the writer: ${latest(seenBy)}`
}

function latest(seenBy: readonly Sighting[]): string {
  return `max ${milliseconds(Math.max(...seenBy.map(({ afterMs }) => afterMs)))}`
}
