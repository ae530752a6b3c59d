import type { Script } from '../script.ts'
import type { RawClient } from './client.ts'
import { withDeadline } from './deadline.ts'
import { describeRedisError, isReply, mayPass, RedisAwayError, RedisTimeoutError } from './errors.ts'

export interface LinkOptions {
  readonly createClient: () => RawClient
  readonly connectTimeoutMs: number
  /** Runs on each new connection before its first use; when it throws, the connection is not used. */
  readonly handshake?: (send: Send) => Promise<void>
  /** Proves a connection in the place of a PING; what it throws makes that one unusable. */
  readonly heartbeat?: (send: Send) => Promise<unknown>
  /** After a lost connection scripts are tried again so often, within their deadline. */
  readonly maxRetries: number
  /** How long an answer may take: a second, except where a test may be slow. */
  readonly answerMs?: number | undefined
}

/** One command on the connection that is being looked at. */
export type Send = (args: readonly string[]) => Promise<unknown>

export interface LinkStatus {
  readonly connected: boolean
  /** Why not, in the words of the guide. */
  readonly error?: string
}

const HEARTBEAT_MS = 500
const ANSWER_MS = 1_000
const TIMEOUTS_UNTIL_CUT = 3
/** So long a command waits for a new connection. */
const BRIEF_MS = 1_000
const RECONNECT_FROM_MS = 50
const RECONNECT_TO_MS = 2_000

/**
 * One connection to Redis that is made again for ever. While it is away every command is refused at once: nothing is queued.
 * A connection that does not answer its heartbeat, or three commands in a row, is cut and made anew.
 */
export class RedisLink {
  readonly answerMs: number
  readonly #options: LinkOptions
  readonly #readyListeners = new Set<() => void>()
  readonly #lostListeners = new Set<() => void>()
  readonly #subscriptions = new Map<string, (message: string) => void>()
  #client: RawClient | undefined
  #isConnected = false
  #error: string | undefined
  #failures = 0
  #awaySince = performance.now()
  #timeouts = 0
  #provenAt = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(options: LinkOptions) {
    this.#options = options
    this.answerMs = options.answerMs ?? ANSWER_MS
  }

  /**
   * The first try. Resolves when it has ended either way, or after `patienceMs` while it goes on: `status` tells which. Where
   * `isWaiting`, later tries count too, as long as the error is one that passes by itself.
   */
  async start(patienceMs: number, isWaiting = false): Promise<void> {
    const deadline = performance.now() + patienceMs
    const first = this.#connect()
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref()
    await withDeadline(first, patienceMs).catch((error: unknown) => {
      this.#error ??= describeRedisError(error)
    })
    while (isWaiting && this.#isComing() && performance.now() < deadline)
      await this.#nextTry(deadline - performance.now())
  }

  #isComing(): boolean {
    return !this.#isConnected && !this.#isClosed && (this.#error === undefined || mayPass(this.#error))
  }

  /** Until a try has ended either way, but not longer than that. */
  async #nextTry(patienceMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patienceMs)
    this.#readyListeners.add(resolve)
    this.#lostListeners.add(resolve)
    await promise
    clearTimeout(timer)
    this.#readyListeners.delete(resolve)
    this.#lostListeners.delete(resolve)
  }

  status(): LinkStatus {
    return this.#error === undefined
      ? { connected: this.#isConnected }
      : { connected: this.#isConnected, error: this.#error }
  }

  /** How long ago (ms) the connection is known to have delivered everything that was sent to it by then. */
  provenAgoMs(): number {
    return this.#isConnected ? performance.now() - this.#provenAt : Number.POSITIVE_INFINITY
  }

  /** Cuts the connection and makes a new one, for one that has turned out to be of no use. */
  renew(reason: Error): void {
    if (this.#client) this.#lose(this.#client, reason)
  }

  /** Called each time a connection has become usable. */
  onReady(listener: () => void): void {
    this.#readyListeners.add(listener)
  }

  /** Called each time a connection, or a try to make one, has failed. */
  onLost(listener: () => void): void {
    this.#lostListeners.add(listener)
  }

  /** On every connection from now on. Messages while there is none are lost. */
  async subscribe(channel: string, listener: (message: string) => void): Promise<void> {
    this.#subscriptions.set(channel, listener)
    if (this.#isConnected) await this.#client?.subscribe(channel, listener)
  }

  /**
   * A script by its digest; Redis gets the text when it does not know it (new, restarted, flushed). Tried again when the
   * connection was lost, with arguments made anew. Throws RedisAwayError, RedisTimeoutError, or what Redis answers.
   */
  async run(
    script: Script,
    keys: readonly string[],
    args: () => readonly string[],
    deadlineMs: number,
  ): Promise<unknown> {
    const deadline = performance.now() + deadlineMs
    const left = () => deadline - performance.now()
    for (let tries = 0; ; tries++) {
      try {
        return await this.#runOnce(script, [String(keys.length), ...keys, ...args()], left)
      } catch (error) {
        if (!isWorthRetry(error) || tries >= this.#options.maxRetries || left() <= 0 || this.#isDown)
          throw error
        await this.#reconnected(Math.min(RECONNECT_FROM_MS * 2 ** tries, left()))
      }
    }
  }

  /** One command, once. */
  async send(args: readonly string[], deadlineMs: number): Promise<unknown> {
    const client = this.#client
    if (!client || !this.#isConnected) throw new RedisAwayError(this.#error ?? 'no connection to Redis')
    try {
      const answer = await withDeadline(client.send(args), deadlineMs)
      this.#timeouts = 0
      return answer
    } catch (error) {
      if (error instanceof RedisTimeoutError && ++this.#timeouts >= TIMEOUTS_UNTIL_CUT)
        this.#lose(client, error)
      if (isOutdated(error)) this.#lose(client, error)
      throw error
    }
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
    clearInterval(this.#heartbeat)
    this.#cut(new RedisAwayError('closed'))
  }

  /** True when the server was tried again without success, or does not say anything to it: it will not be back at once. */
  get #isDown(): boolean {
    return !this.#isConnected && (this.#failures > 1 || performance.now() - this.#awaySince > BRIEF_MS)
  }

  async #runOnce(script: Script, tail: readonly string[], left: () => number): Promise<unknown> {
    try {
      return await this.send(['EVALSHA', script.sha, ...tail], left())
    } catch (error) {
      if (!isReply(error, 'NOSCRIPT')) throw script.located(error)
    }
    return this.send(['EVAL', script.text, ...tail], left()).catch((error: unknown) => {
      throw script.located(error)
    })
  }

  /** Until there is a connection again, but not longer than that. */
  async #reconnected(patienceMs: number): Promise<void> {
    if (this.#isConnected) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, patienceMs)
    this.#readyListeners.add(resolve)
    await promise
    this.#readyListeners.delete(resolve)
    clearTimeout(timer)
  }

  async #connect(): Promise<void> {
    if (this.#isClosed) return
    const client = this.#options.createClient()
    this.#client = client
    client.onEnd((error) => this.#lose(client, error))
    let provenAt = 0
    try {
      await withDeadline(client.connect(), this.#options.connectTimeoutMs)
      for (const [channel, listener] of this.#subscriptions)
        await withDeadline(client.subscribe(channel, listener), this.answerMs)
      provenAt = performance.now()
      const send = this.#sender(client)
      await send(['PING'])
      await this.#options.handshake?.(send)
    } catch (error) {
      this.#lose(client, error)
      return
    }
    if (this.#client !== client || this.#isClosed) return client.destroy()
    this.#isConnected = true
    this.#provenAt = provenAt
    this.#error = undefined
    this.#failures = 0
    this.#timeouts = 0
    for (const listener of this.#readyListeners) listener()
  }

  async #beat(): Promise<void> {
    const client = this.#client
    if (!client || !this.#isConnected) return
    const askedAt = performance.now()
    try {
      const send = this.#sender(client)
      await (this.#options.heartbeat?.(send) ?? send(['PING']))
      if (this.#client === client) this.#provenAt = askedAt
    } catch (error) {
      this.#lose(client, error)
    }
  }

  #sender(client: RawClient): Send {
    return (args) => withDeadline(client.send(args), this.answerMs)
  }

  #lose(client: RawClient, error: unknown): void {
    if (this.#client !== client || this.#isClosed) return
    this.#cut(error)
    for (const listener of this.#lostListeners) listener()
    const ceiling = Math.min(RECONNECT_FROM_MS * 2 ** this.#failures++, RECONNECT_TO_MS)
    this.#timer = setTimeout(() => void this.#connect(), ceiling * (0.5 + Math.random() / 2)).unref()
  }

  #cut(error: unknown): void {
    const client = this.#client
    this.#client = undefined
    if (this.#isConnected) this.#awaySince = performance.now()
    this.#isConnected = false
    this.#error = describeRedisError(error)
    client?.destroy()
  }
}

/** Refused by a server that no longer has our keys, or has lost them: only a new connection finds the right one. */
function isOutdated(error: unknown): boolean {
  return ['READONLY', 'MASTERDOWN', 'MOVED', 'EPOCH'].some((word) => isReply(error, word))
}

/**
 * True where a second try does no harm: a refused command was not run. After a lost connection it is unknown
 * whether it was; this class sends only scripts that may run twice.
 */
function isWorthRetry(error: unknown): boolean {
  if (error instanceof RedisAwayError || isOutdated(error)) return true
  if (!(error instanceof Error)) return false
  const names = [
    'SocketClosedUnexpectedlyError',
    'ClientClosedError',
    'ClientOfflineError',
    'DisconnectsClientError',
  ]
  return (
    names.includes(error.constructor.name) || ('code' in error && /^E(CONN|PIPE)/.test(String(error.code)))
  )
}
