import { randomBytes } from 'node:crypto'
import { readConfig } from './config.ts'
import { AppError, ERRORS } from './domain/errors.ts'
import { readArguments } from './operations/arguments/read.ts'
import { list as eventList } from './operations/event/list.ts'
import { OPERATIONS } from './operations/index.ts'
import type { Instance } from './operations/instance.ts'
import { runOperation } from './operations/run.ts'
import {
  AgentMemoryError,
  type Arguments,
  type Call,
  type EmbeddedMemory,
  type FollowRequest,
  Memory,
  type MemoryEvent,
  type OpenMemory,
  type Resync,
  type Spec,
} from './sdk/index.ts'
import type { EventRequest } from './services/events.ts'
import type { Caller } from './services/running/caller.ts'

// What `import … from 'agent-memory/embedded'` brings: the memory in this process, with the interface of the one on a server.

export { AgentMemoryError, Memory } from './sdk/index.ts'

/** Opens the database that the settings name. Throws AgentMemoryError where that cannot be done. */
export const openMemory: OpenMemory = ({ dataDir, agentId, settings } = {}) => {
  const overrides = {
    ...settings,
    ...(dataDir !== undefined && { AGENT_MEMORY_DATA_DIR: dataDir }),
    ...(agentId !== undefined && { AGENT_MEMORY_AGENT_ID: agentId }),
  }
  return refusing(async () => {
    // A library says nothing of its own accord.
    const config = readConfig(undefined, overrides, { AGENT_MEMORY_LOG_LEVEL: 'error' })
    const { openApp } = await import('./app.ts')
    const own = config.agentId ?? `embedded-${randomBytes(4).toString('hex')}`
    return new OpenedMemory(await openApp(config), { agentId: own, workspace: null })
  })
}

class OpenedMemory extends Memory implements EmbeddedMemory {
  readonly #app: Instance
  readonly #caller: Caller
  readonly #closing = new AbortController()

  constructor(app: Instance, caller: Caller) {
    super()
    this.#app = app
    this.#caller = caller
  }

  close(): Promise<void> {
    this.#closing.abort()
    return this.#app.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  override async *follow(request: FollowRequest = {}): AsyncGenerator<MemoryEvent | Resync, void> {
    const { signal, ...asked } = request
    const { events } = this.#app.services
    const wanted = { ...asked, since: asked.since ?? (await refusing(() => events.newest())) }
    const { input } = await refusing(() => readArguments(eventList, wanted, Date.now()))
    const ends = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])])
    const line = new Line<MemoryEvent | Resync>(ends)
    const unsubscribe = await events.follow(this.#caller, input as EventRequest, async (delivery) => {
      if (delivery.resync) await line.put({ type: 'resync', last_seq: delivery.lastSeq })
      for (const event of delivery.events) await line.put(plain(event) as MemoryEvent)
    })
    try {
      yield* line.taken()
    } finally {
      unsubscribe()
      line.end()
    }
  }

  protected override async send<T>(
    { tool, action }: Spec,
    input: Arguments,
    { signal, ifVersion }: Call,
  ): Promise<T> {
    const operation = OPERATIONS.find((one) => one.tool === tool && one.action === action)
    if (!operation) throw new RangeError(`no operation ${tool} ${action}`)
    if (this.#closing.signal.aborted) throw new Error('This memory is closed.')
    const isStrict = ifVersion !== undefined
    const ends = AbortSignal.any([this.#closing.signal, ...(signal ? [signal] : [])])
    const ctx = this.#app.context(this.#caller, { signal: ends, isStrict, isTold: true })
    const args = { ...input, ...(isStrict && { base_version: ifVersion }) }
    return refusing(
      async () => plain(await runOperation(this.#app.pipeline, ctx, operation, args)) as T,
      isStrict,
    )
  }
}

/** One item at a time, handed on when it is asked for: a producer that puts more waits. */
class Line<T> {
  readonly #ends: AbortSignal
  #next = Promise.withResolvers<T | undefined>()
  #taken = Promise.withResolvers<void>()

  constructor(ends: AbortSignal) {
    this.#ends = ends
    if (ends.aborted) this.end()
    ends.addEventListener('abort', () => this.end(), { once: true })
  }

  async put(thing: T): Promise<void> {
    if (this.#ends.aborted) return
    this.#next.resolve(thing)
    await this.#taken.promise
  }

  async *taken(): AsyncGenerator<T, void> {
    for (;;) {
      const thing = await this.#next.promise
      if (thing === undefined || this.#ends.aborted) return
      const { resolve } = this.#taken
      this.#next = Promise.withResolvers()
      this.#taken = Promise.withResolvers()
      resolve()
      yield thing
    }
  }

  end(): void {
    this.#next.resolve(undefined)
    this.#taken.resolve()
  }
}

/** What a caller over REST gets: its own, and JSON. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** Errors in the form of the SDK. A change that did not find its version has the status that HTTP has for that. */
async function refusing<T>(run: () => Promise<T>, isStrict = false): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const isUnmet = isStrict && error.errorName === 'CONFLICT'
    throw new AgentMemoryError(isUnmet ? 412 : ERRORS[error.errorName].http, error.toBody().error)
  }
}
