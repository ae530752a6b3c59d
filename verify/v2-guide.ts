import { randomUUID } from 'node:crypto'
import type { Agent, Lock } from './agent.ts'
import { ensure, eventually } from './claim.ts'
import type { Instance } from './instance.ts'
import { Redis } from './redis.ts'
import type { Claim, World } from './world.ts'

const CLOCK_MS = 100

/** What the guide prints, letter by letter. */
export const guide: Claim = {
  name: 'V2',
  title: "the guide's key, value, TTL, prefix, channel and health are in Redis as printed",
  async run(world) {
    const [a, b] = await Promise.all([world.start('A'), world.start('B')])
    const [ann, bob] = [world.agent('instance-a-agent', a), world.agent('instance-b-agent', b)]
    await prefix(world, ann)
    const ttl = await lock(world, ann, bob)
    const redis = await health(world, a)
    const event = await channel(world, [a, b])
    const answers = await cache(world, [a, b])
    return `lock TTL ${ttl} ms, redis ${redis}, event heard: ${event}, ${answers} cached answers, each with its TTL`
  },
}

async function lock(world: World, ann: Agent, bob: Agent): Promise<number> {
  const file = world.file('file.ts')
  const limit = Number(world.setting('AGENT_MEMORY_REDIS_LOCK_TTL_MS', '30000'))
  const first = await ann.take(file)
  const key = `${world.prefix}lock:file:${file}`
  const value = (await world.redis.send<string | null>('GET', key)) ?? ''
  ensure(value !== '', `there is no key ${key}`)
  ensure(value.startsWith(`{"agent_id": "${ann.id}", "expires": `), `the value of ${key} is ${value}`)
  const ttl = await world.redis.send<number>('PTTL', key)
  ensure(ttl > 0 && ttl <= limit, `the TTL of ${key} is ${ttl} ms, not up to ${limit}`)
  await endsWithItsTtl(world, value, ttl)
  const { reason, details } = await bob.refused(file, { wait_ms: 0 })
  ensure(reason === 'FILE_LOCKED' && details['held_by'] === ann.id, `a second agent is answered ${reason}`)
  const other = await bob.refused(`${world.folder}/./x/../file.ts`, { wait_ms: 0 })
  ensure(other.reason === 'FILE_LOCKED', 'another spelling of the path is another lock')
  await ann.checkin(file)
  ensure((await world.redis.send('EXISTS', key)) === 0, `${key} is still there after checkin`)
  const next = await bob.take(file)
  const [before, after] = [first.fencing_token, next.fencing_token]
  ensure(after > before, `the next holder's fencing_token is ${after}, not larger than ${before}`)
  await bob.checkin(file)
  return ttl
}

async function endsWithItsTtl(world: World, value: string, ttl: number): Promise<void> {
  const [seconds, micros] = await world.redis.send<[string, string]>('TIME')
  const end = Number(seconds) * 1_000 + Number(micros) / 1_000 + ttl
  const { expires } = JSON.parse(value) as { expires: number }
  ensure(Math.abs(expires - end) < CLOCK_MS, `expires says ${expires}, the key ends at ${end.toFixed(0)}`)
}

/** Two environments on one Redis never act on one another. Each has its own database too: one database has one authority for locks. */
async function prefix(world: World, ann: Agent): Promise<void> {
  const file = world.file('shared.ts')
  const other = `${world.prefix}verify:${randomUUID()}:`
  const elsewhere = await world.start('D', {
    AGENT_MEMORY_REDIS_KEY_PREFIX: other,
    AGENT_MEMORY_DB_TYPE: 'sqlite',
    AGENT_MEMORY_DB_PATH: world.file('other-environment.db'),
  })
  try {
    const zoe = world.agent('other-prefix-agent', elsewhere)
    const locks: [Agent, Lock][] = [
      [zoe, await zoe.take(file)],
      [ann, await ann.take(file)],
    ]
    ensure((await world.redis.send('EXISTS', `${other}lock:file:${file}`)) === 1, 'the prefix is not used')
    for (const [agent, lock] of locks) {
      const isHeld = await agent.verify(file, lock.fencing_token)
      ensure(isHeld, `two prefixes act on one another: ${agent.id} has lost its lock`)
    }
    await ann.checkin(file)
    await zoe.checkin(file)
  } finally {
    await elsewhere.close()
    for (const key of await world.redis.scan(`${other}*`)) await world.redis.send('DEL', key)
  }
}

async function health(world: World, instance: Instance): Promise<string> {
  const { redis } = await instance.call<{ redis: Record<string, unknown> }>('memory_health')
  const url = new URL(world.setting('AGENT_MEMORY_REDIS_URL', 'redis://-'))
  const isUrl = url.hostname !== '-'
  const host = isUrl ? url.hostname : world.setting('AGENT_MEMORY_REDIS_HOST', 'localhost')
  const port = Number(isUrl ? url.port || 6379 : world.setting('AGENT_MEMORY_REDIS_PORT', '6379'))
  ensure(redis['connected'] === true, `memory_health: redis is ${JSON.stringify(redis)}`)
  ensure(
    redis['host'] === host && redis['port'] === port,
    `memory_health: not ${host}:${port}: ${JSON.stringify(redis)}`,
  )
  return `${host}:${port}`
}

async function channel(world: World, [a, b]: [Instance, Instance]): Promise<string> {
  const name = world.setting('AGENT_MEMORY_REDIS_EVENT_CHANNEL', 'agentmem:events')
  const heard: string[] = []
  const listener = await Redis.connect(world.deployment.redisUrl)
  try {
    await listener.subscribe(name, (message) => heard.push(message))
    const note = await world.note(a)
    await note.write(b)
    const mine = async () => heard.filter((message) => message.includes(note.id))
    const [created, updated] = await eventually(mine, {
      fits: (messages) => messages.length >= 2,
      withinMs: 1_000,
      otherwise: `the channel ${name} does not tell of an entry that was added and updated`,
    })
    const types = [created, updated].map((message) => (JSON.parse(message ?? '') as { type: string }).type)
    ensure(types.join() === 'entry.created,entry.updated', `the channel ${name} tells ${types.join()}`)
    ensure(!heard.some((message) => message.includes('"content"')), `the channel ${name} tells the content`)
    return types.join(', ')
  } finally {
    listener.close()
  }
}

async function cache(world: World, [a, b]: [Instance, Instance]): Promise<number> {
  const limit = Number(world.setting('AGENT_MEMORY_REDIS_CACHE_TTL_MS', '3600000'))
  const pattern = `${world.prefix}cache:*`
  const before = new Set(await world.redis.scan(pattern))
  const note = await world.note(a)
  await note.read(a)
  const keys = await eventually(
    async () => (await world.redis.scan(pattern)).filter((key) => !before.has(key)),
    {
      fits: (found) => found.length > 0,
      withinMs: 1_000,
      otherwise: `nothing appears under ${pattern}`,
    },
  )
  for (const key of keys) {
    const ttl = await world.redis.send<number>('PTTL', key)
    // -2: it has ended meanwhile.
    ensure(ttl === -2 || (ttl > 0 && ttl <= limit), `the TTL of ${key} is ${ttl} ms, not up to ${limit}`)
  }
  const { servedFrom } = await note.read(b)
  ensure(servedFrom === 'l2', `what A asked the database, B has from ${servedFrom}, not from Redis`)
  return keys.length
}
