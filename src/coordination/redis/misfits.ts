import type { Send } from './connection/link.ts'
import type { RedisKeys } from './keys.ts'
import { loadScript } from './script.ts'

/**
 * Removes keys of ours that another client gave another type; answers their names without the prefix. Every
 * script would fail on them, and what they held of ours is lost already.
 */
export async function removeMisfits(send: Send, keys: RedisKeys): Promise<string[]> {
  const hashes = [keys.meta, keys.versions, keys.leases, keys.leaseWaiters]
  const names = [...hashes, keys.leaseIndex, keys.leaseOutbox, keys.published]
  const { text } = loadScript('misfits')
  const removed = (await send([
    'EVAL',
    text,
    String(names.length),
    ...names,
    String(hashes.length),
  ])) as number[]
  return removed.flatMap((place) => names[place - 1]?.slice(keys.prefix.length) ?? [])
}
