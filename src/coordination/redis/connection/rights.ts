import type { RedisKeys } from '../keys.ts'
import { loadScript } from '../script.ts'
import type { Send } from './link.ts'

/** What an ACL user must be allowed on our keys: by us, or by our scripts. */
const KEY_COMMANDS = [
  ...['get', 'set', 'del', 'exists', 'pexpireat', 'pttl'],
  ...['hget', 'hmget', 'hset', 'hdel', 'hgetall', 'hincrby', 'hkeys'],
  ...['zadd', 'zcount', 'zrem', 'zrangebylex', 'zrangebyscore', 'zremrangebyrank', 'zremrangebyscore'],
]

interface Right {
  readonly command: readonly string[]
  /** What it is needed on. */
  readonly on: string
}

/**
 * Part of the handshake: a user without a right that is needed later, and a server without a command, is refused now, with the name
 * of either. A script that fails half way, or events that reach no subscriber, would say less.
 */
export async function checkRights(send: Send, keys: RedisKeys, channel: string): Promise<void> {
  const rights = neededRights(keys, channel)
  const { text } = loadScript('rights')
  const commands = rights.map(({ command }) => JSON.stringify(command))
  const refused = (await send(['EVAL', text, '1', keys.meta, ...commands])) as number[]
  const lacking = refused.find((place) => place < 0)
  // As Redis says it where such a command is sent.
  if (lacking !== undefined) throw new Error(`ERR unknown command '${rights[-lacking - 1]?.command[0]}'`)
  if (refused.length > 0) throw new Error(describe(refused.flatMap((place) => rights[place - 1] ?? [])))
}

function neededRights({ meta, prefix, leaseChannel }: RedisKeys, channel: string): Right[] {
  const onKeys = `keys ${prefix}*`
  const channels = [channel, leaseChannel]
  return [
    ...KEY_COMMANDS.map((name) => ({ command: [name, meta], on: onKeys })),
    { command: ['evalsha', '0', '1', meta], on: onKeys },
    { command: ['time'], on: 'this server' },
    ...channels.map((name) => ({ command: ['subscribe', name], on: `channel ${name}` })),
    ...channels.map((name) => ({ command: ['publish', name, ''], on: `channel ${name}` })),
  ]
}

function describe(missing: readonly Right[]): string {
  const places = Map.groupBy(missing, ({ on }) => on)
  const parts = [...places].map(
    ([on, rights]) => `on ${on} the ACL user may not ${rights.map(({ command }) => command[0]).join(', ')}`,
  )
  return `NOPERM ${parts.join('; ')}`
}
