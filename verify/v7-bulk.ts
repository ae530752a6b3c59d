import type { Agent } from './agent.ts'
import { ensure } from './claim.ts'
import { Refusal } from './instance.ts'
import type { Claim, World } from './world.ts'

const FILES = 12
const AT_ONCE = 4
const AGENTS = 9
const ROUNDS = 25

interface Contest {
  readonly world: World
  readonly files: readonly string[]
  /** The holder of each file, as the holders see it. */
  readonly holders: Map<string, string>
  granted: number
  refused: number
}

export const bulk: Claim = {
  name: 'V7',
  title: 'several files at once: all of them or none, however many agents want them',
  async run(world) {
    const instances = await world.startThree()
    const files = Array.from({ length: FILES }, (_, i) => world.file(`${i}.ts`))
    const contest: Contest = { world, files, holders: new Map(), granted: 0, refused: 0 }
    const agents = Array.from({ length: AGENTS }, (_, i) =>
      world.agent(`agent-${i}`, instances[i % instances.length] ?? instances[0]),
    )
    await agents[0]?.take(files[0] ?? '')
    await agents[0]?.checkin(files[0] ?? '')
    await Promise.all(agents.map((agent) => compete(agent, contest)))
    const { granted, refused } = contest
    ensure(granted > 0 && refused > 0, `${granted} granted, ${refused} refused: that was no contest`)
    const left = await world.redis.scan(`${world.prefix}lock:file:${world.folder}/*`)
    ensure(left.length === 0, `locks are left after everything was given back: ${left.join(', ')}`)
    return `${granted} times all ${AT_ONCE} files, ${refused} times none of them, ${AGENTS} agents on ${instances.length} instances`
  },
}

async function compete(agent: Agent, contest: Contest): Promise<void> {
  for (let round = 0; round < ROUNDS; round++) {
    const wanted = contest.files.toSorted(() => Math.random() - 0.5).slice(0, AT_ONCE)
    // Half of them wait: in any order of the files that must not end in a deadlock.
    const isGranted = await tryAll(agent, wanted, round % 2 === 0 ? 0 : 5_000)
    if (isGranted) await hold(agent, wanted, contest)
    else await isWithout(agent, wanted, contest)
  }
}

async function tryAll(agent: Agent, wanted: readonly string[], wait_ms: number): Promise<boolean> {
  try {
    const locks = await agent.takeAll(wanted, { wait_ms })
    ensure(locks.length === wanted.length, `${locks.length} of ${wanted.length} files were granted`)
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    ensure(error.reason === 'FILE_LOCKED', `files that others hold are answered ${error.message}`)
    return false
  }
}

async function hold(agent: Agent, wanted: readonly string[], contest: Contest): Promise<void> {
  contest.granted++
  for (const file of wanted) {
    const other = contest.holders.get(file)
    ensure(other === undefined, `${file} was granted to ${agent.id} while ${other} had it`)
    contest.holders.set(file, agent.id)
  }
  const holders = await inRedis(wanted, contest)
  ensure(
    holders.every((holder) => holder === agent.id),
    `${agent.id} was granted all files, but Redis says ${holders.join(', ')}`,
  )
  for (const file of wanted) contest.holders.delete(file)
  await agent.returnAll(wanted)
}

async function isWithout(agent: Agent, wanted: readonly string[], contest: Contest): Promise<void> {
  contest.refused++
  const holders = await inRedis(wanted, contest)
  ensure(
    !holders.includes(agent.id),
    `${agent.id} was refused, but holds some of the files: ${holders.join(', ')}`,
  )
}

async function inRedis(files: readonly string[], { world }: Contest): Promise<string[]> {
  const keys = files.map((file) => `${world.prefix}lock:file:${file}`)
  const values = await world.redis.send<(string | null)[]>('MGET', ...keys)
  return values.map((value) =>
    value === null ? 'nobody' : (JSON.parse(value) as { agent_id: string }).agent_id,
  )
}
