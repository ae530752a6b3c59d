import { createNodeClient, type NodeOptions, type RawClient, type RedisNode } from './client.ts'
import { withDeadline } from './deadline.ts'

export interface LocatedOptions {
  /** Says where the server is; asked for each connection. */
  readonly locate: () => Promise<RedisNode>
  readonly options: NodeOptions
  readonly mustBeMaster: boolean
}

/** A server that is named and does not answer may be on its way out: soon another one is named. */
const CONNECT_MS = 2_000

/** One connection to the server that has our keys when it is made. */
export function locatedClient({ locate, options, mustBeMaster }: LocatedOptions): RawClient {
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
      await withDeadline(client.connect(), CONNECT_MS)
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
  const [role] = (await withDeadline(client.send(['ROLE']), CONNECT_MS)) as [string]
  if (role !== 'master') throw new Error('the master that the sentinels name is a replica now')
}
