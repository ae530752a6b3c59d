import type { Agent, Lock } from './agent.ts'
import { ensure, eventually, milliseconds, NotRun } from './claim.ts'
import type { Instance, Refusal } from './instance.ts'
import type { Note } from './note.ts'
import type { Claim, World } from './world.ts'

/** Long enough to outlive the absence, short enough to wait for. */
const TTL_MS = 15_000
const NOTICED_MS = 5_000
const BACK_MS = 10_000
const WRITES_WHILE_AWAY = 5
/** What another instance may serve of the past. */
const LIMIT_MS = 1_000

interface Cast {
  readonly a: Instance
  readonly b: Instance
  readonly ann: Agent
  readonly bob: Agent
  readonly note: Note
}

export const redisAway: Claim = {
  name: 'V5',
  title: 'Redis goes and comes back: reads stay right, no lock is given on a guess, nobody restarts anything',
  async run(world) {
    const { power } = world.deployment
    if (!power)
      throw new NotRun(
        'it needs VERIFY_REDIS_STOP and VERIFY_REDIS_START, commands that switch Redis off and on',
      )
    const [a, b] = await Promise.all([world.start('A'), world.start('B')])
    const cast = { a, b, ann: world.agent('ann', a), bob: world.agent('bob', b), note: await world.note(a) }
    await cast.note.read(b)
    const held = await cast.ann.take(world.file('held.ts'), { ttl_ms: TTL_MS })
    await power.off()
    let text: string
    try {
      text = await away(world, cast)
    } finally {
      await power.on()
    }
    const backMs = await back(cast, held)
    return `${WRITES_WHILE_AWAY} updates read on the other instance while it was away; health said "${text}"; connected again after ${milliseconds(backMs)}, the lock held before still was, a later fencing_token is larger`
  },
}

async function away(world: World, { a, b, ann, bob, note }: Cast): Promise<string> {
  for (let i = 0; i < WRITES_WHILE_AWAY; i++) {
    const number = await note.write(a)
    const mine = await note.read(a)
    ensure(mine.number === number, `A answers ${mine.number} after it stored ${number} itself, without Redis`)
    await eventually(() => note.read(b), {
      fits: (found) => found.number === number,
      withinMs: LIMIT_MS,
      otherwise: `without Redis B does not answer ${number}`,
    })
    for (const agent of [ann, bob]) refusal(await agent.refused(world.file(`new-${i}.ts`), { wait_ms: 0 }))
  }
  const texts = await Promise.all([a, b].map(saysAway))
  return texts.join('", "')
}

/** A part is named, and it is one that passes. */
function refusal({ code, reason, message }: Refusal): void {
  ensure(
    reason === 'LOCK_STORE_UNAVAILABLE' && code === 'E3005',
    `without Redis a checkout is answered ${reason}`,
  )
  ensure(message.includes('Redis'), `the refusal does not say that it is Redis: ${message}`)
}

/** The guide's text of a refused connection. */
async function saysAway(instance: Instance): Promise<string> {
  const { redis } = await eventually(() => health(instance), {
    fits: ({ redis: { connected, error } }) =>
      connected === false && /^connect ECONNREFUSED \S+:\d+$/.test(error ?? ''),
    withinMs: NOTICED_MS,
    otherwise: `${instance.name}: memory_health does not say that Redis refuses connections`,
  })
  return redis.error ?? ''
}

async function back({ a, b, ann, bob, note }: Cast, held: Lock): Promise<number> {
  const since = performance.now()
  for (const instance of [a, b])
    await eventually(() => health(instance), {
      fits: ({ redis }) => redis.connected,
      withinMs: BACK_MS,
      otherwise: `${instance.name}: memory_health does not say that Redis is back`,
    })
  const backMs = performance.now() - since
  const number = await note.write(b)
  await eventually(() => note.read(a), {
    fits: (found) => found.number === number,
    withinMs: LIMIT_MS,
    otherwise: `with Redis back A does not answer ${number}`,
  })
  const { reason } = await bob.refused(held.file_path, { wait_ms: 0 })
  ensure(['FILE_LOCKED', 'LOCK_RECOVERING'].includes(reason), `a lock that is held is answered ${reason}`)
  const isHeld = await ann.verify(held.file_path, held.fencing_token)
  ensure(isHeld, 'a lock that was held before Redis went away is lost although its time has not run out')
  await ann.checkin(held.file_path)
  const next = await bob.take(held.file_path)
  ensure(
    next.fencing_token > held.fencing_token,
    `after Redis came back the fencing_token is ${next.fencing_token}, not larger than ${held.fencing_token}`,
  )
  await bob.checkin(held.file_path)
  return backMs
}

function health(instance: Instance): Promise<{ redis: { connected: boolean; error?: string } }> {
  return instance.call('memory_health')
}
