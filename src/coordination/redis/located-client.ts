import type { RedisAddress, RedisSettings } from './address.ts'
import { createNodeClient, type RawClient, type RedisNode } from './client.ts'
import { findMaster, findSlotOwner, type Locate } from './locate.ts'

/**
 * Connections to the one server that has our keys now. In Sentinel and Cluster that may be another one each time: so every
 * change of servers is a new connection, with its handshake, and never happens unseen beneath one.
 */
export function clientFactory(
  settings: RedisSettings,
  address: RedisAddress,
  { anyKey, onFound }: { anyKey: string; onFound: (node: RedisNode) => void },
): () => RawClient {
  const node = { settings, address }
  if (address.mode === 'standalone') return () => createNodeClient(address, node)
  const find =
    address.mode === 'sentinel' ? findMaster(settings, address) : findSlotOwner(settings, address, anyKey)
  const locate = async () => {
    const found = await find()
    onFound(found)
    return found
  }
  return () => locatedClient(locate, node, address.mode === 'sentinel')
}

function locatedClient(
  locate: Locate,
  options: Parameters<typeof createNodeClient>[1],
  mustBeMaster: boolean,
): RawClient {
  const ends: ((error: Error) => void)[] = []
  let client: RawClient | undefined
  let isDestroyed = false
  const connected = () => {
    if (client && !isDestroyed) return client
    throw new Error('Socket closed')
  }
  return {
    async connect() {
      const node = await locate()
      if (isDestroyed) throw new Error('Socket closed')
      client = createNodeClient(node, options)
      for (const end of ends) client.onEnd(end)
      await client.connect()
      if (mustBeMaster) await checkMaster(client)
    },
    send: async (args) => connected().send(args),
    subscribe: async (channel, listener) => connected().subscribe(channel, listener),
    onEnd: (listener) => void ends.push(listener),
    destroy() {
      isDestroyed = true
      client?.destroy()
    },
  }
}

/** Sentinels may name a master that was put down a moment ago. */
async function checkMaster(client: RawClient): Promise<void> {
  const [role] = (await client.send(['ROLE'])) as [string]
  if (role !== 'master') throw new Error('the master that the sentinels name is a replica now')
}
