import { createHash } from 'node:crypto'
import { freePort } from './free-port.ts'
import { RedisServer } from './redis-server.ts'
import { until } from './until.ts'

const SLOTS = 16_384
const MASTERS = 3
/** After how long a silence nodes take each other for dead: none of a busy machine, or any. */
export const [NEVER_MS, SOON_MS] = [600_000, 500]
/** The port on which nodes talk to each other is so much higher. */
const BUS = 10_000

interface Place {
  readonly id: string
  readonly port: number
  readonly role: string
  readonly slots: string
}

/** Three masters that share the slots, and one replica: of the master that has the keys with this tag. */
export class RedisCluster {
  readonly masters: readonly RedisServer[]
  readonly replica: RedisServer
  readonly #slot: number

  private constructor(masters: readonly RedisServer[], replica: RedisServer, slot: number) {
    this.masters = masters
    this.replica = replica
    this.#slot = slot
  }

  static async start({ tag, password }: { tag: string; password: string }): Promise<RedisCluster> {
    const slot = crc16(tag) % SLOTS
    const places = await planNodes(slot)
    const config = [
      'cluster-enabled yes',
      'cluster-config-file nodes.conf',
      `cluster-node-timeout ${SOON_MS}`,
      'cluster-replica-validity-factor 0',
      // The state of other nodes does not matter here.
      'cluster-require-full-coverage no',
      'repl-diskless-sync-delay 0',
      `requirepass ${password}`,
      `masterauth ${password}`,
    ]
    const start = (own: number) => {
      const files = { 'nodes.conf': nodesFile(places, own) }
      return RedisServer.start({ port: places[own]?.port ?? 0, config, login: `:${password}`, files })
    }
    const [replica, ...masters] = await Promise.all([MASTERS, 0, 1, 2].map(start))
    if (!replica) throw new Error('no replica')
    const cluster = new RedisCluster(masters, replica, slot)
    await cluster.#untilReady()
    await cluster.takeForDead(NEVER_MS)
    return cluster
  }

  /** The node that has the keys with the tag. */
  async owner(): Promise<RedisServer> {
    const ranges = await this.replica.send<[number, number, [string, number]][]>('CLUSTER', 'SLOTS')
    const [, , [, port] = []] = ranges.find(([from, to]) => from <= this.#slot && this.#slot <= to) ?? []
    const found = this.nodes.find((node) => node.port === port)
    if (!found) throw new Error('no node has the slot')
    return found
  }

  get nodes(): readonly RedisServer[] {
    return [...this.masters, this.replica]
  }

  /** Gives the slot with all its keys to that node, as `redis-cli --cluster reshard` does. */
  async moveSlot(to: RedisServer, password: string): Promise<void> {
    const from = await this.owner()
    const slot = this.#slot
    const [fromId, toId] = [
      await from.send<string>('CLUSTER', 'MYID'),
      await to.send<string>('CLUSTER', 'MYID'),
    ]
    await to.send('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId)
    await from.send('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId)
    for (;;) {
      const keys = await from.send<string[]>('CLUSTER', 'GETKEYSINSLOT', slot, 100)
      if (keys.length === 0) break
      await from.send('MIGRATE', '127.0.0.1', to.port, '', 0, 60_000, 'AUTH', password, 'KEYS', ...keys)
    }
    for (const node of [to, from]) await node.send('CLUSTER', 'SETSLOT', slot, 'NODE', toId)
  }

  /** After how long a silence those that run take another node for dead. */
  async takeForDead(silenceMs: number): Promise<void> {
    const set = ['CONFIG', 'SET', 'cluster-node-timeout', silenceMs] as const
    for (const node of this.nodes) if (node.isRunning) await node.send(...set)
  }

  async close(): Promise<void> {
    for (const node of this.nodes) await node.close()
  }

  async #untilReady(): Promise<void> {
    for (const node of this.nodes)
      await until('the node knows the cluster', async () =>
        (await node.send<string>('CLUSTER', 'INFO')).includes('cluster_state:ok'),
      )
    await until('the replica follows', async () =>
      (await this.replica.send<string>('INFO', 'replication')).includes('master_link_status:up'),
    )
  }
}

async function planNodes(slot: number): Promise<Place[]> {
  const masters: Place[] = []
  for (let n = 0; n < MASTERS; n++) {
    const bounds = [n, n + 1].map((part) => Math.floor((SLOTS * part) / MASTERS)) as [number, number]
    const slots = `${bounds[0]}-${bounds[1] - 1}`
    masters.push({ id: nodeId(n), port: await nodePort(), role: 'master -', slots })
  }
  const owner = nodeId(Math.floor(((slot + 1) * MASTERS - 1) / SLOTS))
  return [...masters, { id: nodeId(MASTERS), port: await nodePort(), role: `slave ${owner}`, slots: '' }]
}

/** As a node writes it for itself: so they know each other from the start. */
function nodesFile(places: readonly Place[], own: number): string {
  const lines = places.map(({ id, port, role, slots }, n) => {
    const flags = n === own ? `myself,${role}` : role
    return `${id} 127.0.0.1:${port}@${port + BUS} ${flags} 0 0 ${n < MASTERS ? n + 1 : 0} connected ${slots}`.trim()
  })
  return [...lines, `vars currentEpoch ${MASTERS} lastVoteEpoch 0`, ''].join('\n')
}

function nodeId(n: number): string {
  return createHash('sha1').update(`node ${n}`).digest('hex')
}

async function nodePort(): Promise<number> {
  for (;;) {
    const port = await freePort()
    if (port + BUS < 65_536) return port
  }
}

/** CRC-16/XMODEM, by which keys are put into slots. */
function crc16(text: string): number {
  let crc = 0
  for (const byte of Buffer.from(text)) {
    crc ^= byte << 8
    for (let bit = 0; bit < 8; bit++)
      crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff
  }
  return crc
}
