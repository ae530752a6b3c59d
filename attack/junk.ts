import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RedisServer } from '../test/support/redis-server.ts'
import type { Attack } from './attack.ts'
import { isDoctorContentSoon } from './doctor.ts'
import { nextStrike, PREFIX, type Strike } from './junk-strikes.ts'
import { LockPair } from './lock-pair.ts'
import { Server } from './server.ts'
import type { Tally } from './tally.ts'

/** In which what was struck must be over: a lease, an epoch, and a machine that has no time. */
const OVER_MS = 60_000
const SEARCH = { action: 'search', query: 'harbour' }

/** Junk and forgeries in every key and channel of Redis, under two instances of one project and one of another. */
export async function attackWithJunk(attack: Attack): Promise<void> {
  const { count, random, tally, folder, hasTime } = attack
  const redis = await RedisServer.start()
  const env = {
    HOME: folder,
    AGENT_MEMORY_DATA_DIR: folder,
    AGENT_MEMORY_REDIS_ENABLED: 'true',
    AGENT_MEMORY_REDIS_PORT: String(redis.port),
    AGENT_MEMORY_REDIS_KEY_PREFIX: PREFIX,
    AGENT_MEMORY_REDIS_LOCK_TTL_MS: '1000',
    AGENT_MEMORY_LOG_LEVEL: 'silent',
  }
  const open = (project: string) => {
    const cwd = join(folder, project)
    mkdirSync(join(cwd, '.git'), { recursive: true })
    return Server.open({ env, cwd, tally })
  }
  const servers = [await open('ours'), await open('ours'), await open('theirs')] as const
  try {
    const memory = new Memory(servers, tally)
    await memory.begin()
    const locks = new LockPair(servers[0], servers[1], (text) => tally.broken(`junk: ${text}`))
    for (let n = 0; n < count && hasTime(); n++) {
      const strike = await nextStrike(random, redis)
      const text = JSON.stringify(strike.commands).slice(0, 200)
      const before = tally.counts.get('violations') ?? 0
      await locks.hold('/shared')
      await strikeAt(redis, strike)
      tally.add('junk writes')
      await locks.tryOther('/shared')
      await memory.compare(n)
      await locks.recover(`/free-${n}`, OVER_MS)
      await locks.letGo('/shared')
      if ((tally.counts.get('violations') ?? 0) > before) tally.broken(`junk: after ${strike.place} ${text}`)
    }
    await namesJunk(servers, tally, count)
  } finally {
    await Promise.all(servers.map((server) => server.close()))
    await redis.close()
  }
  if (!(await isDoctorContentSoon({ HOME: folder, AGENT_MEMORY_DATA_DIR: folder })))
    tally.broken('junk: doctor is not content')
}

async function strikeAt(redis: RedisServer, { commands }: Strike): Promise<void> {
  // A command that meets a key of another type is refused, as it would be to anybody.
  for (const command of commands) await redis.send(...command).catch(() => {})
}

/** One entry in each of two projects, found by the same word. */
class Memory {
  readonly #servers: readonly [Server, Server, Server]
  readonly #tally: Tally
  #number = 0

  constructor(servers: readonly [Server, Server, Server], tally: Tally) {
    this.#servers = servers
    this.#tally = tally
  }

  async begin(): Promise<void> {
    const [ours, , theirs] = this.#servers
    await this.#write(ours, 'add', 'ours harbour 0')
    await this.#write(theirs, 'add', 'theirs harbour')
  }

  /** Writes the next words; all answers are the latest at once where that is asked for, and soon everywhere. */
  async compare(n: number): Promise<void> {
    const [first, second, theirs] = this.#servers
    const [writer, reader] = n % 2 === 0 ? [first, second] : [second, first]
    for (const server of this.#servers) await this.#isPossible(server)
    const words = `ours harbour ${++this.#number}`
    await this.#write(writer, 'update', words)
    for (const server of [writer, reader]) {
      const strong = await this.#found(server, { consistency: 'strong' })
      if (strong !== words) this.#broken(`a strong answer was ${strong}, not ${words}`)
    }
    const started = performance.now()
    while ((await this.#isPossible(reader)) !== words) {
      if (performance.now() - started > OVER_MS)
        return this.#broken(`an old answer stays: ${words} is not found`)
      await sleep(10)
    }
    await this.#isPossible(theirs)
  }

  /** Whatever is answered was written once, and in the same project. */
  async #isPossible(server: Server): Promise<string> {
    this.#tally.add('answers compared after junk')
    const found = await this.#found(server, {})
    const pattern = server === this.#servers[2] ? /^theirs harbour$/ : /^ours harbour \d+$/
    const isOld = Number(found.split(' ').at(-1)) > this.#number
    if (!pattern.test(found) || isOld) this.#broken(`an answer that was never true: ${found}`)
    return found
  }

  async #found(server: Server, more: object): Promise<string> {
    const reply = await server.call('memory_query', { ...SEARCH, ...more })
    if (!('result' in reply)) return `refused ${JSON.stringify(reply)}`
    const { results } = reply.result as { results: { name: string; content?: string; snippet?: string }[] }
    return results.map(({ content, snippet }) => content ?? snippet ?? '').join(' and ')
  }

  async #write(server: Server, action: string, content: string): Promise<void> {
    const reply = await server.call('memory_knowledge', { action, name: 'words', content })
    if (!('result' in reply)) this.#broken(`${action}: ${JSON.stringify(reply)}`)
  }

  #broken(text: string): void {
    this.#tally.broken(`junk: ${text}`)
  }
}

/** Of so much junk some was met, and health says where. */
async function namesJunk(servers: readonly Server[], tally: Tally, count: number): Promise<void> {
  const named = new Set<string>()
  for (const server of servers) {
    const reply = await server.call('memory_health', {})
    const redis = 'result' in reply ? (reply.result['redis'] as { junk?: object }) : {}
    for (const place of Object.keys(redis.junk ?? {})) named.add(place)
  }
  tally.add('places of junk that health named', named.size)
  if (count >= ENOUGH && named.size === 0) tally.broken('junk: health names none of it')
}

const ENOUGH = 10
