import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../domain/clock.ts'
import { EPOCH_WIDTH } from '../../../domain/leases/epoch-width.ts'
import { isFull, isWrongType } from '../connection/errors.ts'
import type { RedisLink } from '../connection/link.ts'
import type { Junk } from '../junk.ts'
import type { RedisKeys } from '../keys.ts'
import { removeMisfits } from '../misfits.ts'
import type { Script } from '../script.ts'
import type { RedisEpoch } from './epoch.ts'
import type { OutboxRows } from './outbox.ts'
import { type AcquireFields, type PlainAct, plainAcquire, plainRelease } from './plain.ts'
import { type LeaseReplies, type LeaseReply, loadLeaseScripts, type RawLease } from './scripts.ts'

export interface LeaseCallParts {
  readonly link: RedisLink
  readonly keys: RedisKeys
  readonly epoch: RedisEpoch
  readonly instanceId: string
  readonly clock: Clock
  readonly replies: LeaseReplies
  /** A change of holder was put into the outbox. */
  readonly onTold: () => void
  /** How long a lease lasts that says nothing itself. */
  readonly lockTtlMs: number
  readonly silentAfterMs: number
  readonly junk: Junk
}

/** What was answered, in which epoch, and when it was asked for (ms of the monotonic clock). */
export type Reply = LeaseReply & Pick<Sent, 'epoch' | 'sentAtMs'>
export type Request = Readonly<Record<string, unknown>>

interface Sent {
  readonly answer: unknown
  readonly epoch: string
  readonly sentAtMs: number
  /** By the wall clock. */
  readonly sentAt: number
  readonly receivedAt: number
}

interface Act {
  readonly body: string
  readonly plain: PlainAct | undefined
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

/** So many in one call keep Redis busy for one or two milliseconds. */
const ACTS_AT_ONCE = 64
/** Lua takes no more than 8,000 arguments from a table. */
const PLAIN_PARTS = 2_000

/** Asks the scripts on leases. Acts (checkouts, renewals, checkins) of the same moment go in one call. */
export class LeaseCalls {
  readonly #parts: LeaseCallParts
  readonly #scripts = loadLeaseScripts()
  readonly #keyNames: readonly string[]
  #acts: Act[] = []
  /** Numbers the requests: a release ends nothing that was asked for after it, however late it arrives. */
  #asked = 0
  /** The latest change that is known of an epoch: a counter behind it was meddled with. */
  #known = { epoch: '', change: 0 }
  /** What Redis' clock showed in the last answer, and this machine's clocks before that was asked for. */
  #clocks: { readonly redisNow: number; readonly monotonicMs: number; readonly wallMs: number } | undefined

  constructor(parts: LeaseCallParts) {
    const { meta, leases, leaseIndex, leaseWaiters, leaseOutbox } = parts.keys
    this.#parts = parts
    this.#keyNames = [meta, leases, leaseIndex, leaseWaiters, leaseOutbox]
  }

  acquire(request: AcquireFields & { readonly wait: boolean }): Promise<Reply> {
    const asked = ++this.#asked
    const plain = plainAcquire(request, { via: this.#parts.instanceId, asked })
    return this.#act({ ...request, act: 'acquire', asked }, plain)
  }

  renew(request: Request): Promise<Reply> {
    return this.#act({ ...request, act: 'renew', asked: ++this.#asked })
  }

  /** `leases`: those meant, where this instance knows them. */
  release(request: Request, leases: readonly RawLease[]): Promise<Reply> {
    const whole = { ...request, act: 'release', ...this.#ending(), asked: ++this.#asked }
    return this.#act(whole, plainRelease(leases))
  }

  force(request: Request): Promise<Reply> {
    return this.#ask('force', { ...request, ...this.#ending() })
  }

  leave(request: Request): Promise<Reply> {
    return this.#ask('leave', request)
  }

  turn(request: Request): Promise<Reply> {
    return this.#ask('turn', request)
  }

  find(request: Request): Promise<Reply> {
    return this.#ask('find', request)
  }

  list(request: Request): Promise<Reply> {
    return this.#ask('list', request)
  }

  waits(request: Request): Promise<Reply> {
    return this.#ask('waits', request)
  }

  settle(request: Request): Promise<Reply> {
    return this.#ask('settle', request)
  }

  async outbox(): Promise<OutboxRows> {
    const { answer } = await this.#send(this.#scripts.asks, '{"ask":"outbox"}')
    const [rows, lastChange] = answer as [string[], string]
    return {
      texts: rows.filter((_, place) => place % 2 === 0),
      scores: rows.filter((_, place) => place % 2 === 1).map(Number),
      lastChange: Number(lastChange),
    }
  }

  /** Changes up to that number were written down. */
  learnRecorded(seq: number): void {
    const { current } = this.#parts.epoch
    const change = seq - Number(current) * EPOCH_WIDTH
    if (change > 0 && change < EPOCH_WIDTH) this.#learn(current, change)
  }

  /** A whole command, for a connection that is not in use yet. */
  reassertion(request: Request): readonly string[] {
    const keys = [String(this.#keyNames.length), ...this.#keyNames]
    const body = JSON.stringify({ ...request, ask: 'reassert' })
    return ['EVAL', this.#scripts.asks.text, ...keys, ...this.#args(body, false)]
  }

  async #ask(ask: string, request: Request): Promise<Reply> {
    return this.#read(await this.#send(this.#scripts.asks, this.#numbered({ ...request, ask })))
  }

  #act(request: Request, plain?: PlainAct): Promise<Reply> {
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    // After all that can go on now has done so.
    if (this.#acts.push({ body: JSON.stringify(request), plain, resolve, reject }) === 1)
      process.nextTick(() => this.#flush())
    return promise
  }

  #flush(): void {
    const acts = this.#acts
    this.#acts = []
    for (let start = 0; start < acts.length; start += ACTS_AT_ONCE)
      void this.#sendActs(acts.slice(start, start + ACTS_AT_ONCE))
  }

  async #sendActs(acts: readonly Act[]): Promise<void> {
    try {
      const body = `[${acts.map((act) => act.body).join(',')}]`
      const { plain, args } = this.#described(acts)
      const sent = await this.#send(this.#scripts.acts, body, args)
      const answers = sent.answer as unknown[]
      const now = Number(answers[acts.length])
      for (const [i, act] of acts.entries())
        act.resolve(this.#readAct({ ...sent, answer: answers[i] }, plain[i], now))
    } catch (error) {
      // A full Redis refuses checkouts, and with them all that goes in the same call: nothing was done of it.
      if (acts.length > 1 && isFull(error)) for (const act of acts) await this.#sendActs([act])
      else for (const { reject } of acts) reject(error)
    }
  }

  /** Which of them are tried as plain ones, and how the script is told of them. */
  #described(acts: readonly Act[]) {
    let left = PLAIN_PARTS
    const plain = acts.map(({ plain: act }) => {
      left -= act?.args.length ?? 0
      return left >= 0 ? act : undefined
    })
    const isEnding = plain.some((act) => act?.endsLeases)
    const done = isEnding ? this.#parts.keys.leaseDone(randomUUID()) : ''
    return { plain, args: [done, ...plain.flatMap((act) => act?.args ?? [''])] }
  }

  #readAct(sent: Sent, plain: PlainAct | undefined, now: number): Reply {
    const { answer: change, epoch } = sent
    if (!plain || typeof change !== 'number') return this.#read(sent)
    const raw = plain.leasesOf({ change, epoch, now })
    const kind = plain.endsLeases ? 'done' : 'granted'
    return this.#learnt(this.#parts.replies.plain(raw, { ...sent, kind, change, now }), sent)
  }

  async #send(script: Script, body: string, more: readonly string[] = []): Promise<Sent> {
    const { link, clock, epoch } = this.#parts
    const sentAt = clock.now()
    const sentAtMs = clock.monotonic()
    let tries = 0
    let epochOfTry = epoch.current
    const args = () => {
      epochOfTry = epoch.current
      return [...this.#args(body, tries++ > 0), ...more]
    }
    const run = () => link.run(script, this.#keyNames, args, link.answerMs)
    const answer = await run().catch(async (error: unknown) => {
      if (!isWrongType(error)) throw error
      await this.#removeMisfits()
      return run()
    })
    return { answer, epoch: epochOfTry, sentAtMs, sentAt, receivedAt: clock.now() }
  }

  #read(sent: Sent): Reply {
    return this.#learnt(this.#parts.replies.parse(sent.answer, sent), sent)
  }

  #learnt(reply: LeaseReply, { epoch, sentAtMs, sentAt }: Sent): Reply {
    this.#clocks = { redisNow: reply.now, monotonicMs: sentAtMs, wallMs: sentAt }
    this.#learn(epoch, reply.lastChange)
    for (const [place, count] of Object.entries(reply.junk)) this.#parts.junk.found(place, count)
    if (reply.hasTold) this.#parts.onTold()
    return { ...reply, epoch, sentAtMs }
  }

  #learn(epoch: string, change: number): void {
    if (epoch !== this.#known.epoch) this.#known = { epoch, change }
    else if (change > this.#known.change) this.#known = { epoch, change }
  }

  /** A script that met one did nothing that cannot be done again. */
  async #removeMisfits(): Promise<void> {
    const { link, keys, junk } = this.#parts
    const removed = await removeMisfits((args) => link.send(args, link.answerMs), keys)
    for (const name of removed) junk.found(name)
  }

  #numbered(request: Request): string {
    return JSON.stringify({ ...request, asked: ++this.#asked })
  }

  /**
   * Of what ends a lease. Tried again after a lost answer, it finds the answer by its key. However late it arrives, it ends
   * nothing that was granted after it was asked for: it is not later than `asked_by` by Redis' clock, which tells whole
   * milliseconds. (The monotonic clock stops while a machine sleeps.)
   */
  #ending(): Request {
    const { clock, keys } = this.#parts
    const once = { done_key: keys.leaseDone(randomUUID()) }
    if (!this.#clocks) return once
    const { redisNow, monotonicMs, wallMs } = this.#clocks
    const sinceMs = Math.max(clock.monotonic() - monotonicMs, clock.now() - wallMs)
    return { ...once, asked_by: Math.ceil(redisNow + 1 + sinceMs) }
  }

  #args(body: string, isRetry: boolean): string[] {
    const { keys, epoch, instanceId, lockTtlMs, silentAfterMs } = this.#parts
    const known = this.#known.epoch === epoch.current ? this.#known.change : 0
    const numbers = [silentAfterMs, lockTtlMs, known, EPOCH_WIDTH].map(String)
    const names = [epoch.current, instanceId, keys.lock(''), keys.leaseChannel]
    return [...names, ...numbers, isRetry ? '1' : '0', body]
  }
}
