import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Random } from '../faults/random.ts'
import { RedisServer } from '../test/support/redis-server.ts'
import type { Attack } from './attack.ts'
import { isDoctorContent } from './doctor.ts'
import { LockPair } from './lock-pair.ts'
import { Server } from './server.ts'

const SECOND = 1_000
const HOUR = 3_600 * SECOND
const JUMPS = [
  -10 * 365 * 24 * HOUR,
  -24 * HOUR,
  -HOUR,
  -10 * SECOND,
  0,
  10 * SECOND,
  HOUR,
  24 * HOUR,
  10 * 365 * 24 * HOUR,
]
/** An answer may be so late. */
const OVER_MS = 60_000
/** How exactly a jump is seen in what is written. */
const NEAR_MS = 5_000
const CLOCK = join(import.meta.dirname, 'moved-clock.ts')

/** Wall clocks of two servers that jump, each for itself: half of the jumps on SQLite alone, half with Redis. */
export async function attackClocks(attack: Attack): Promise<void> {
  const alone = Math.ceil(attack.count / 2)
  await jump({ ...attack, count: alone }, join(attack.folder, 'alone'), {})
  if (attack.count === alone) return
  const redis = await RedisServer.start()
  const env = { AGENT_MEMORY_REDIS_ENABLED: 'true', AGENT_MEMORY_REDIS_PORT: String(redis.port) }
  try {
    await jump({ ...attack, count: attack.count - alone }, join(attack.folder, 'redis'), env)
  } finally {
    await redis.close()
  }
}

async function jump(attack: Attack, folder: string, more: Record<string, string>): Promise<void> {
  const { count, random, tally, hasTime } = attack
  mkdirSync(join(folder, '.git'), { recursive: true })
  const env = { HOME: folder, AGENT_MEMORY_DATA_DIR: folder, AGENT_MEMORY_LOG_LEVEL: 'silent', ...more }
  const pair = [
    await Clocked.open(attack, { folder, env, name: 'a' }),
    await Clocked.open(attack, { folder, env, name: 'b' }),
  ] as const
  const broken = (text: string) => tally.broken(`clocks: ${text}`)
  const locks = new LockPair(pair[0].server, pair[1].server, broken)
  await pair[0].write('add', 'first')
  for (let n = 0; n < count && hasTime(); n++) {
    const [mover, other] = n % 2 === 0 ? [pair[0], pair[1]] : [pair[1], pair[0]]
    await locks.hold('/shared')
    const by = await mover.move(random)
    tally.add('clocks moved')
    await locks.tryOther('/shared')
    await locks.recover('/free', OVER_MS)
    await locks.letGo('/shared')
    // The first version is there before the first jump.
    const versions = [await mover.write('update', `mover ${n}`), await other.write('update', `other ${n}`)]
    if (versions.join() !== [2 * n + 2, 2 * n + 3].join())
      broken(`after ${by} ms: the versions ${versions.join()}`)
    const read = await mover.read(`other ${n}`)
    if (read !== `other ${n}`) broken(`after ${by} ms an answer is old: ${read}`)
  }
  for (const { server } of pair) await server.close()
  if (!(await isDoctorContent(env))) broken('doctor is not content')
}

/** A server with a clock of its own. */
class Clocked {
  readonly server: Server
  readonly #file: string
  #offset = 0

  private constructor(server: Server, file: string) {
    this.server = server
    this.#file = file
  }

  static async open(
    { tally }: Attack,
    { folder, env, name }: { folder: string; env: Record<string, string>; name: string },
  ): Promise<Clocked> {
    const file = join(folder, `clock-${name}`)
    writeFileSync(file, '0')
    const NODE_OPTIONS = `--experimental-strip-types --no-warnings --import=${CLOCK}`
    const server = await Server.open({
      env: { ...env, NODE_OPTIONS, ATTACK_CLOCK: file },
      cwd: folder,
      tally,
    })
    return new Clocked(server, file)
  }

  /** Resolves when the server goes by the other clock. */
  async move(random: Random): Promise<number> {
    this.#offset = random.pick(JUMPS)
    writeFileSync(`${this.#file}.new`, String(this.#offset))
    renameSync(`${this.#file}.new`, this.#file)
    const started = performance.now()
    while (performance.now() - started < OVER_MS) {
      const reply = await this.server.call('memory_tool', {
        action: 'add',
        name: `t${performance.now()}`,
        content: 'c',
      })
      const shown = 'result' in reply ? Date.parse(String(reply.result['created_at'])) : 0
      if (Math.abs(shown - Date.now() - this.#offset) < NEAR_MS) return this.#offset
      await sleep(10)
    }
    throw new Error(`the clock of a server did not move by ${this.#offset} ms`)
  }

  /** Answers the version. */
  async write(action: string, content: string): Promise<number> {
    const reply = await this.server.call('memory_knowledge', {
      action,
      name: 'words',
      content,
      agent_id: 'writer',
    })
    return 'result' in reply ? Number(reply.result['version']) : -1
  }

  /** What is read, as soon as it is this. */
  async read(content: string): Promise<string> {
    const started = performance.now()
    for (;;) {
      const reply = await this.server.call('memory_knowledge', { action: 'get', name: 'words' })
      const found = 'result' in reply ? String(reply.result['content']) : JSON.stringify(reply)
      if (found === content || performance.now() - started > OVER_MS) return found
    }
  }
}
