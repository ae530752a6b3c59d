import type { Agent } from './agent.ts'
import { ensure, eventually, milliseconds } from './claim.ts'
import type { Claim, World } from './world.ts'

const WAIT_MS = 5_000
const AT_ONCE_MS = 1_000

/** Each holds a file and waits for that of the next one; the last wait would close the circle. */
export const deadlock: Claim = {
  name: 'V6',
  title: 'a wait that would close a circle is refused at once, with the circle',
  async run(world) {
    const instances = await world.startThree()
    const times: string[] = []
    for (const names of [
      ['ann', 'bob'],
      ['cat', 'dan', 'eve'],
    ]) {
      const agents = names.map((name, i) => world.agent(name, instances[i] ?? instances[0]))
      times.push(`${names.length} agents on as many instances: ${milliseconds(await circle(world, agents))}`)
    }
    return times.join(', ')
  },
}

async function circle(world: World, agents: readonly Agent[]): Promise<number> {
  const seats = agents.map((agent) => ({ agent, file: world.file(`${agent.id}.ts`) }))
  for (const { agent, file } of seats) await agent.take(file)
  const last = seats.at(-1)
  const first = seats[0]
  ensure(first !== undefined && last !== undefined, 'a circle needs agents')
  const waits: Promise<unknown>[] = []
  for (const [i, { agent }] of seats.slice(0, -1).entries()) {
    const next = seats[i + 1]?.file ?? ''
    const wait = agent.checkout(next, { wait_ms: WAIT_MS })
    // Heard of in the end, if all goes well until then.
    wait.catch(() => {})
    waits.push(wait)
    await isWaitedFor(agent, next)
  }
  const askedAt = performance.now()
  const { reason, details } = await last.agent.refused(first.file, { wait_ms: WAIT_MS })
  const refusedAfter = performance.now() - askedAt
  ensure(reason === 'DEADLOCK', `the wait that closes the circle is answered ${reason}`)
  ensure(refusedAfter < AT_ONCE_MS, `the circle was refused only after ${milliseconds(refusedAfter)}`)
  named(details, seats)
  await endsWell(seats, waits)
  return refusedAfter
}

async function isWaitedFor(agent: Agent, file_path: string): Promise<void> {
  const status = () =>
    agent.instance.call<{ waiting: number }>('memory_file_lock', { action: 'status', file_path })
  await eventually(status, {
    fits: ({ waiting }) => waiting === 1,
    withinMs: AT_ONCE_MS,
    otherwise: `status does not say that somebody waits for ${file_path}`,
  })
}

function named(
  details: Readonly<Record<string, unknown>>,
  seats: readonly { agent: Agent; file: string }[],
): void {
  const text = JSON.stringify(details)
  for (const { agent, file } of seats)
    ensure(
      text.includes(agent.id) && text.includes(file),
      `the circle does not name ${agent.id} or ${file}: ${text}`,
    )
}

/** No other agent was harmed: as each gives its file back, its waiter gets it. */
async function endsWell(
  seats: readonly { agent: Agent; file: string }[],
  waits: readonly Promise<unknown>[],
): Promise<void> {
  for (let i = seats.length - 1; i > 0; i--) {
    const [holder, waiter] = [seats[i], seats[i - 1]]
    if (!holder || !waiter) continue
    await holder.agent.checkin(holder.file)
    await waits[i - 1]
    await waiter.agent.checkin(holder.file)
  }
  await seats[0]?.agent.checkin(seats[0].file)
}
