import type { RedisAddress, RedisSettings } from './address.ts'
import { createNodeClient, type NodeOptions, type RawClient, type RedisNode } from './client.ts'
import { withDeadline } from './deadline.ts'
import { isReply, RedisTimeoutError } from './errors.ts'

const ASK_DEADLINE_MS = 1_000

/** Finds the server that has our keys now. */
export type Locate = () => Promise<RedisNode>

/** Asks the sentinels one after the other; who answered is asked first the next time. */
export function findMaster(settings: RedisSettings, address: RedisAddress): Locate {
  const name = settings.sentinelName ?? 'mymaster'
  // Sentinels have no databases, and mostly no password: they get ours when they want one.
  const open = { settings, address: { ...address, username: undefined, password: undefined, db: 0 } }
  const locked = { settings, address: { ...address, db: 0 } }
  return firstAnswer([...settings.sentinels], async (sentinel) => {
    const ask = (client: RawClient) => client.send(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', name])
    const found = await askNode(sentinel, open, ask).catch((error: unknown) => {
      if (isReply(error, 'NOAUTH') && address.password !== undefined) return askNode(sentinel, locked, ask)
      throw error
    })
    if (!Array.isArray(found))
      throw new Error(`the sentinel ${sentinel.host}:${sentinel.port} knows no master of that name`)
    return { node: { host: String(found[0]), port: Number(found[1]) }, known: [...settings.sentinels] }
  })
}

/** Asks the nodes of the cluster that are known so far who owns the slot of our keys. */
export function findSlotOwner(settings: RedisSettings, address: RedisAddress, key: string): Locate {
  const options = { settings, address: { ...address, db: 0 } }
  const root = { host: address.host, port: address.port }
  return firstAnswer([root], async (asked) => {
    const [slot, ranges] = await askNode(
      asked,
      options,
      async (client) =>
        [
          Number(await client.send(['CLUSTER', 'KEYSLOT', key])),
          (await client.send(['CLUSTER', 'SLOTS'])) as SlotRange[],
        ] as const,
    )
    const nodes = (range: SlotRange) => range.slice(2).map((node) => nodeOf(node as SlotNode, asked))
    const [owner] = nodes(ranges.find(([from, to]) => from <= slot && slot <= to) ?? [0, 0])
    if (!owner) throw new Error('CLUSTERDOWN no node of the cluster has the slot of our keys')
    return { node: owner, known: [asked, ...ranges.flatMap(nodes), root] }
  })
}

type SlotNode = readonly [host: string | null, port: number, ...rest: unknown[]]
type SlotRange = readonly [from: number, to: number, ...nodes: unknown[]]

/** A node that does not know its own host is at the one that was asked. */
function nodeOf([host, port]: SlotNode, asked: RedisNode): RedisNode {
  return { host: host || asked.host, port: Number(port) }
}

type Ask = (node: RedisNode) => Promise<{ readonly node: RedisNode; readonly known: readonly RedisNode[] }>

function firstAnswer(seeds: readonly RedisNode[], ask: Ask): Locate {
  let nodes = seeds
  return async () => {
    let failure: unknown
    for (const asked of nodes) {
      try {
        const { node, known } = await ask(asked)
        nodes = unique([asked, ...known])
        return node
      } catch (error) {
        // What a server says tells more than one that cannot be reached.
        if (failure === undefined || !isUnreachable(error)) failure = error
      }
    }
    throw failure
  }
}

function isUnreachable(error: unknown): boolean {
  return error instanceof RedisTimeoutError || (error instanceof Error && 'code' in error)
}

function unique(nodes: readonly RedisNode[]): RedisNode[] {
  return [...new Map(nodes.map((node) => [`${node.host}:${node.port}`, node])).values()]
}

async function askNode<T>(
  node: RedisNode,
  options: NodeOptions,
  ask: (client: RawClient) => Promise<T>,
): Promise<T> {
  const client = createNodeClient(node, options)
  try {
    return await withDeadline(
      client.connect().then(() => ask(client)),
      ASK_DEADLINE_MS,
    )
  } finally {
    client.destroy()
  }
}
