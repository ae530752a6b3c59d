import { describeRedisError } from './connection/errors.ts'
import type { RedisLink, Send } from './connection/link.ts'
import { checkRights } from './connection/rights.ts'
import type { RedisKeys } from './keys.ts'
import { loadScript } from './script.ts'

/** What a look at the server finds. */
export interface ServerProbe {
  readonly latencyMs: number
  /** `maxmemory-policy`. */
  readonly evictionPolicy: string
  readonly usedBytes: number
  /** `maxmemory`; 0 for no limit. */
  readonly maxBytes: number
  /** What does not work although the server answers. */
  readonly error?: string
}

const DEADLINE_MS = 1_000

/** Measures a round trip, and tries whether everything that is needed works: a server may answer and do nothing. */
export async function probeServer(link: RedisLink, keys: RedisKeys, channel: string): Promise<ServerProbe> {
  const send: Send = (args) => link.send(args, DEADLINE_MS)
  const started = performance.now()
  await send(['PING'])
  const latencyMs = performance.now() - started
  // A server that offers no INFO is not known to be full.
  const memory = String(await send(['INFO', 'memory']).catch(() => ''))
  const error = await trial(link, keys, channel)
  return {
    latencyMs,
    evictionPolicy: field(memory, 'maxmemory_policy') ?? 'unknown',
    usedBytes: Number(field(memory, 'used_memory') ?? 0),
    maxBytes: Number(field(memory, 'maxmemory') ?? 0),
    ...(error === undefined ? {} : { error }),
  }
}

/** Rights may have been taken since the connection was made, or commands switched off; before Redis 7 only a try tells. */
async function trial(link: RedisLink, keys: RedisKeys, channel: string): Promise<string | undefined> {
  try {
    await checkRights((args) => link.send(args, DEADLINE_MS), keys, channel)
    const tried = await link.run(loadScript('trial'), [keys.trial], () => [], DEADLINE_MS)
    const [command, error] = tried as [string?, string?]
    return error === undefined ? undefined : `${describeRedisError(new Error(error))} (${command})`
  } catch (error) {
    return describeRedisError(error)
  }
}

function field(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1]
}
