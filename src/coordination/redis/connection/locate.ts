import type { RedisAddress, RedisSettings } from './address.ts'
import { createNodeClient, type NodeOptions, type RawClient, type RedisNode } from './client.ts'
import { withDeadline } from './deadline.ts'
import { isReply, RedisTimeoutError } from './errors.ts'

const ASK_DEADLINE_MS = 1_000

/** Finds the server that has our keys now. */
export interface Locator {
  find(): Promise<RedisNode>
  close(): void
}

/** Asks the sentinels one after the other; the one that answered is asked again on the same connection. */
export class MasterLocator implements Locator {
  readonly #name: string
  readonly #findAnew: () => Promise<RedisNode>
  #kept: RawClient | undefined
  #isClosed = false

  constructor(settings: RedisSettings, address: RedisAddress) {
    this.#name = settings.sentinelName ?? 'mymaster'
    // Sentinels have no databases, and mostly no password: they get ours when they want one.
    const open = { settings, address: { ...address, username: undefined, password: undefined, db: 0 } }
    const locked = { settings, address: { ...address, db: 0 } }
    this.#findAnew = firstAnswer(settings.sentinels, async (sentinel) => {
      const node = await this.#meet(sentinel, open).catch((error: unknown) => {
        if (isReply(error, 'NOAUTH') && address.password !== undefined) return this.#meet(sentinel, locked)
        throw error
      })
      return { node, known: settings.sentinels }
    })
  }

  async find(): Promise<RedisNode> {
    const kept = this.#kept
    if (!kept) return this.#findAnew()
    try {
      return await withDeadline(this.#ask(kept), ASK_DEADLINE_MS)
    } catch {
      this.#keep(undefined)
      return this.#findAnew()
    }
  }

  close(): void {
    this.#isClosed = true
    this.#keep(undefined)
  }

  async #meet(sentinel: RedisNode, options: NodeOptions): Promise<RedisNode> {
    const client = createNodeClient(sentinel, options)
    try {
      const node = await withDeadline(
        client.connect().then(() => this.#ask(client)),
        ASK_DEADLINE_MS,
      )
      this.#keep(client)
      return node
    } catch (error) {
      client.destroy()
      throw error
    }
  }

  async #ask(sentinel: RawClient): Promise<RedisNode> {
    const found = await sentinel.send(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', this.#name])
    if (!Array.isArray(found)) throw new Error(`the sentinel knows no master named ${this.#name}`)
    return { host: String(found[0]), port: Number(found[1]) }
  }

  #keep(client: RawClient | undefined): void {
    this.#kept?.destroy()
    this.#kept = client
    if (this.#isClosed) client?.destroy()
  }
}

/** Asks the known nodes of the cluster which node owns the slot of our keys. */
export function slotLocator(settings: RedisSettings, address: RedisAddress, key: string): Locator {
  const options = { settings, address: { ...address, db: 0 } }
  const root = { host: address.host, port: address.port }
  const find = firstAnswer([root], async (asked) => {
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
  return { find, close() {} }
}

type SlotNode = readonly [host: string | null, port: number, ...rest: unknown[]]
type SlotRange = readonly [from: number, to: number, ...nodes: unknown[]]

/** A node that does not know its own host is at the one that was asked. */
function nodeOf([host, port]: SlotNode, asked: RedisNode): RedisNode {
  return { host: host || asked.host, port: Number(port) }
}

type Ask = (node: RedisNode) => Promise<{ readonly node: RedisNode; readonly known: readonly RedisNode[] }>

function firstAnswer(seeds: readonly RedisNode[], ask: Ask): () => Promise<RedisNode> {
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
