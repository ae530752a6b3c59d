import { Server, type ServerOptions } from './server.ts'

const TOOL = 'memory_knowledge'
const GLOBAL = { scope_type: 'global', agent_id: 'writer' }
/** At once in each server, each on an entry of its own. */
const HANDS = 4
/** Makes a row of several pages, of which a half would be seen. */
const FILLER = ' page'.repeat(800)
/** Written by all servers at once. */
const SHARED = { action: 'update', name: 'shared', ...GLOBAL }

/** What is known of an entry: the last version that was acknowledged, and the last one that was asked for. */
export interface Trail {
  readonly name: string
  acknowledged: number
  tried: number
}

/** Entries that were added in one call. */
export interface Group {
  readonly names: readonly string[]
  isAcknowledged: boolean
}

/** A server that writes until it is killed, and what it was told. */
export class Writer {
  readonly trails: Trail[] = []
  readonly groups: Group[] = []
  /** The versions of the shared entry that it was told. */
  readonly shared: number[] = []
  /** Resolves at its first acknowledged write. */
  readonly begun = Promise.withResolvers<void>()
  readonly refusals: string[] = []
  /** Writes that were refused because the database did not answer in time: said, and what was asked for is not known. */
  late = 0
  readonly #name: string
  #server: Server | undefined
  #working: Promise<unknown> | undefined

  constructor(name: string) {
    this.#name = name
  }

  async start(options: ServerOptions): Promise<void> {
    const server = await Server.open(options)
    this.#server = server
    const hands = Array.from({ length: HANDS }, (_, hand) => this.#write(server, `${this.#name}-${hand}`))
    this.#working = Promise.all([...hands, this.#addTogether(server), this.#share(server)])
    await this.begun.promise
  }

  get server(): Server {
    if (!this.#server) throw new Error(`${this.#name} has not been started`)
    return this.#server
  }

  async kill(): Promise<void> {
    await this.server.kill()
    await this.#working
  }

  /** One version after the other: the n-th write makes the n-th. */
  async #write(server: Server, name: string): Promise<void> {
    const trail = { name, acknowledged: 0, tried: 0 }
    this.trails.push(trail)
    while (server.isAlive) {
      const next = ++trail.tried
      const action = next === 1 ? 'add' : 'update'
      const reply = await server.call(TOOL, { action, name, ...GLOBAL, ...textOf(name, next) })
      if ('gone' in reply) return
      if ('refused' in reply) return this.#refused(name, reply)
      if (reply.result['version'] !== next)
        this.refusals.push(`${name}: version ${String(reply.result['version'])} is not ${next}`)
      trail.acknowledged = next
      this.begun.resolve()
    }
  }

  async #addTogether(server: Server): Promise<void> {
    for (let n = 0; server.isAlive; n++) {
      const names = ['a', 'b', 'c'].map((part) => `${this.#name}-group${n}-${part}`)
      const group = { names, isAcknowledged: false }
      this.groups.push(group)
      const entries = names.map((name) => ({ name, ...textOf(name, 1) }))
      const reply = await server.call(TOOL, { action: 'bulk_add', ...GLOBAL, entries })
      if ('gone' in reply) return
      if ('refused' in reply) return this.#refused('bulk_add', reply)
      group.isAcknowledged = true
    }
  }

  async #share(server: Server): Promise<void> {
    for (let n = 0; server.isAlive; n++) {
      const reply = await server.call(TOOL, { ...SHARED, content: `${this.#name} for the ${n}. time` })
      if ('gone' in reply) return
      if ('refused' in reply) return this.#refused('shared', reply)
      this.shared.push(Number(reply.result['version']))
    }
  }

  #refused(what: string, { refused, message }: { refused: string; message: string }): void {
    if (refused === 'DATABASE_ERROR' && / is away /.test(message)) this.late++
    else this.refusals.push(`${what}: ${refused}: ${message}`)
    this.begun.resolve()
  }
}

/** The same number in both: an entry in which they differ is torn. */
function textOf(name: string, number: number): { content: string; metadata: { number: number } } {
  return { content: `${name} ${number}${FILLER}${number}`, metadata: { number } }
}

/** What is stored of that name: its version, 0 where there is none, and what is wrong with it. */
export async function look(server: Server, name: string): Promise<{ version: number; wrong?: string }> {
  const reply = await server.call(TOOL, { action: 'get', name, ...GLOBAL })
  if ('refused' in reply)
    return reply.refused === 'NOT_FOUND' ? { version: 0 } : { version: 0, wrong: reply.message }
  if ('gone' in reply) return { version: 0, wrong: 'the server that was asked is gone' }
  const { version, content, metadata } = reply.result
  const number = Number(version)
  const whole = textOf(name, number)
  const isWhole = content === whole.content && JSON.stringify(metadata) === JSON.stringify(whole.metadata)
  return isWhole ? { version: number } : { version: number, wrong: 'the entry is torn' }
}

export async function makeShared(server: Server): Promise<void> {
  await server.call(TOOL, { ...SHARED, action: 'add', content: 'nobody yet' })
}

export async function sharedVersion(server: Server): Promise<number> {
  const reply = await server.call(TOOL, { action: 'get', name: 'shared', ...GLOBAL })
  return 'result' in reply ? Number(reply.result['version']) : -1
}
