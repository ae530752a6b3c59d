import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { RedisServer } from '../test/support/redis-server.ts'
import type { Attack } from './attack.ts'
import { isDoctorContent } from './doctor.ts'
import { Lines } from './lines.ts'
import { Server } from './server.ts'
import type { Tally } from './tally.ts'

/** Between two looks at the account. */
const BATCH = 250
/** Then the next server begins, with an empty memory. */
const PER_SERVER = 10_000
const SECRET = 'attack-secret-1f0c9d'
/** What no answer and no line of the log may show: how the program is made, and the secrets of its settings. */
const LEAK = /\\n\s+at \S|^\s+at \S+ \(|node:internal|node_modules\/|main\.js:\d|attack-secret/
/** Errors that say that the program did not expect it. */
const SERVER_FAULT = /"name":"(?:INTERNAL_ERROR|DATABASE_ERROR)"|"code":-32603\b/

/** Hostile lines to a server that has secrets: all are answered as often as they must be, and it lives. */
export async function attackWithMessages(attack: Attack): Promise<void> {
  const { tally, count, random, folder } = attack
  const redis = await RedisServer.start({ config: [`requirepass ${SECRET}`], login: `:${SECRET}` })
  const lines = new Lines(random)
  try {
    for (let sent = 0; sent < count && attack.hasTime(); sent += PER_SERVER) {
      const dataDir = mkdtempSync(join(folder, 'messages-'))
      mkdirSync(join(dataDir, 'project', '.git'), { recursive: true })
      const env = {
        HOME: dataDir,
        AGENT_MEMORY_DATA_DIR: dataDir,
        AGENT_MEMORY_REDIS_ENABLED: 'true',
        AGENT_MEMORY_REDIS_PORT: String(redis.port),
        AGENT_MEMORY_REDIS_PASSWORD: SECRET,
        AGENT_MEMORY_REDIS_KEY_PREFIX: `${sent}:`,
      }
      await one({ ...attack, count: Math.min(PER_SERVER, count - sent) }, { env, dataDir, lines, sent })
      if (!(await isDoctorContent(env))) tally.broken(`messages: doctor is not content after ${sent}`)
    }
  } finally {
    await redis.close()
  }
}

async function one(
  { tally, count, hasTime }: Attack,
  { env, dataDir, lines, sent }: { env: Record<string, string>; dataDir: string; lines: Lines; sent: number },
): Promise<void> {
  let recent: string[] = []
  const onLine = (line: string) => look(tally, line)
  const server = await Server.open({ env, cwd: join(dataDir, 'project'), tally, onLine })
  const broken = () => tally.counts.get('violations') ?? 0
  for (let n = 0; n < count && server.isAlive && hasTime(); n += BATCH) {
    const before = broken()
    recent = []
    for (let at = 0; at < BATCH && n + at < count; at++) {
      const { bytes, id, least, most } = lines.next(sent + n + at)
      server.owe(id, least, most)
      recent.push(String(bytes).slice(0, 300))
      await server.send(Buffer.concat([Buffer.from(bytes), Buffer.from('\n')]))
    }
    await server.settle()
    tally.add('messages', recent.length)
    if (broken() > before) tally.broken(`messages: among ${JSON.stringify(recent).slice(0, 400)}`)
  }
  if (!(await isHealthySoon(server))) tally.broken('messages: the server is not healthy afterwards')
  await server.close()
}

/** A machine without time to spare may keep Redis from answering in time. */
async function isHealthySoon(server: Server): Promise<boolean> {
  const started = performance.now()
  do {
    const health = await server.call('memory_health', {})
    if ('result' in health && health.result['status'] === 'healthy') return true
    await sleep(100)
  } while (performance.now() - started < HEALTHY_MS)
  return false
}

const HEALTHY_MS = 60_000

function look(tally: Tally, line: string): void {
  if (LEAK.test(line)) tally.broken(`messages: shows what nobody should see: ${around(line, LEAK)}`)
  if (SERVER_FAULT.test(line)) tally.broken(`messages: a fault of the server: ${around(line, SERVER_FAULT)}`)
}

function around(line: string, pattern: RegExp): string {
  const at = pattern.exec(line)?.index ?? 0
  return line.slice(Math.max(0, at - 200), at + 300)
}
