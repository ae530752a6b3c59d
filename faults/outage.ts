import { setTimeout as sleep } from 'node:timers/promises'
import { checkHistory, type Verdict } from './check-history.ts'
import { mergedHistory } from './history.ts'
import type { Part } from './options.ts'
import type { Speeds } from './work/speeds.ts'
import { Tally } from './work/tally.ts'
import { World } from './world.ts'

/** What an outage of Redis looked like from one instance. */
export interface OutageResult {
  readonly verdict: Verdict
  /** Seconds since the start of the outage → resident memory of each instance, in MB. */
  readonly memory: readonly { readonly second: number; readonly rssMb: readonly number[] }[]
  readonly before: Speeds
  readonly during: Speeds
  readonly after: Speeds
  /** How long close() took while Redis swallowed everything, in ms. */
  readonly closeMs: readonly number[]
  readonly problems: readonly string[]
}

const WARM_UP_MS = 10_000
const SAMPLES = 12
const BACK_MS = 6_000
const CLOSE_LIMIT_MS = 2_000
/** A heap breathes; what grows for ever passes this within ten minutes under load. */
const GROWTH_MB = 60
const BOUND_MS = 1_000

/** Takes Redis away for so long while all instances work, and looks at memory, answers and their times. */
export async function runOutage(
  part: Part,
  {
    seconds,
    seed,
    folder,
    say,
  }: { seconds: number; seed: number; folder: string; say: (text: string) => void },
): Promise<OutageResult> {
  const { topology, instances, load } = part
  const world = await World.open({ topology, instances, seed, load, folder })
  const tally = new Tally(world.history)
  try {
    await sleep(WARM_UP_MS)
    const before = await speeds(world)
    const { memory, during } = await withoutRedis(world, { seconds, say })
    say('Redis is back')
    await sleep(BACK_MS)
    const after = await speeds(world)
    const closeMs = await closeInBlackHole(world)
    tally.close()
    const verdict = checkHistory(mergedHistory(world.histories), { boundMs: BOUND_MS })
    const problems = [...memoryProblems(memory), ...closeProblems(closeMs)]
    return { verdict, memory, before, during, after, closeMs, problems }
  } finally {
    await world.close()
  }
}

async function withoutRedis(
  world: World,
  { seconds, say }: { seconds: number; say: (text: string) => void },
): Promise<Pick<OutageResult, 'memory' | 'during'>> {
  const { redis, history } = world
  await redis?.stop()
  history.add({ op: 'away', target: '', phase: 'begin' })
  const memory: OutageResult['memory'][number][] = []
  for (let n = 0; n <= SAMPLES; n++) {
    if (n > 0) await sleep((seconds * 1_000) / SAMPLES)
    const answers = await world.orderAll<{ rssMb: number }>({ do: 'rss' })
    const second = Math.round((seconds * n) / SAMPLES)
    memory.push({ second, rssMb: answers.map((answer) => Math.round(answer?.rssMb ?? 0)) })
    say(`Redis is away for ${second} s; memory ${memory.at(-1)?.rssMb.join(', ')} MB`)
  }
  const during = await speeds(world)
  history.add({ op: 'away', target: '', phase: 'end' })
  await redis?.resume()
  return { memory, during }
}

async function speeds(world: World): Promise<Speeds> {
  const [entry] = world.entries
  const found = entry && (await world.instances[0]?.order<Speeds>({ do: 'measure', entry }))
  if (!found) throw new Error('the first instance is gone')
  return found
}

/** Frozen, it takes connections and commands and answers nothing. */
async function closeInBlackHole(world: World): Promise<number[]> {
  await world.redis?.stop('SIGSTOP')
  const closeMs = await world.stop()
  await world.redis?.stop('SIGCONT')
  return closeMs
}

/** The first quarter may still be filling caches; afterwards nothing may grow. */
function memoryProblems(memory: OutageResult['memory']): string[] {
  const early = memory.slice(0, Math.ceil(memory.length / 4) + 1)
  const most = (samples: OutageResult['memory'], place: number) =>
    Math.max(...samples.map(({ rssMb }) => rssMb[place] ?? 0))
  return (memory[0]?.rssMb ?? []).flatMap((_, place) => {
    const growth = (memory.at(-1)?.rssMb[place] ?? 0) - most(early, place)
    return growth <= GROWTH_MB ? [] : [`the memory of instance ${place + 1} grew by ${growth} MB`]
  })
}

function closeProblems(closeMs: readonly number[]): string[] {
  return closeMs
    .filter((time) => time > CLOSE_LIMIT_MS)
    .map((time) => `close() took ${Math.round(time)} ms without an answer from Redis`)
}
