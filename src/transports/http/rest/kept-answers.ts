import { hash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { newId } from '../../../domain/ids.ts'
import { CallReads, watched } from '../../../domain/reading/call-reads.ts'
import type { Operation } from '../../../operations/define.ts'
import type { Caller } from '../../../services/running/caller.ts'
import type { HttpParts } from '../env.ts'
import { type Counted, givenAgain, sinceMs } from '../given-again.ts'
import { securityHeaders } from '../guards/headers.ts'
import type { RestAnswer } from './answers.ts'

/** An answer as it goes out, and what is to be counted when it does. */
interface KeptAnswer extends Counted {
  readonly headers: readonly string[]
  readonly body: string
  readonly encoding: 'latin1' | 'utf8'
}

/** A request that something is kept for. */
interface Asked {
  readonly name: string
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** Answers it without what is kept. */
  readonly anew: () => unknown
}

/** Headers with which a request is more than its address and its key. */
const PARTICULAR = [
  'origin',
  'if-match',
  'if-none-match',
  'content-length',
  'content-encoding',
  'transfer-encoding',
] as const

/**
 * Answers repeated GET requests before the framework sees them. A request is the same when address, host and key are; its answer is kept
 * when the call read nothing but the cache, its sender's key and grants among that, and is found while all of it still holds. Counted,
 * limited and logged as every other call.
 */
export class KeptAnswers {
  readonly #parts: HttpParts
  readonly #security: readonly string[]
  #waiting: Asked[] = []

  constructor(parts: HttpParts, { isTls }: { isTls: boolean }) {
    this.#parts = parts
    this.#security = securityHeaders({ isTls }).flat()
  }

  /** Answers the request from what is kept, or has `answer` do it, and watches what that reads. */
  serve(request: IncomingMessage, response: ServerResponse, answer: () => unknown): void {
    const name = this.#nameOf(request)
    if (name === undefined) return void answer()
    const anew = () => watched(new CallReads(name), answer)
    if (!this.#parts.app.services.wholeAnswers.peek(name)) return void anew()
    if (this.#waiting.push({ name, request, response, anew }) === 1) setImmediate(() => this.#answerAll())
  }

  /**
   * The requests that have come in together, after the last of them has: so one look at the database proves for each of them that no
   * commit before it is missing from its answer.
   */
  #answerAll(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const asked of waiting) void this.#answerOr(asked)
  }

  async #answerOr(asked: Asked): Promise<void> {
    // Whatever is in the way here is in the way there too, and refused as it should be.
    const isAnswered = await this.#answer(asked).catch(() => false)
    if (!isAnswered) asked.anew()
  }

  /** Keeps the answer of the call under way, where it may be given again. */
  keep({ tool, action, isRepeatable }: Operation, caller: Caller, answer: RestAnswer): void {
    if (!isRepeatable || answer.status !== 200) return
    const headers = [...Object.entries(answer.headers).flat(), ...this.#security]
    const { body } = answer
    const length = Buffer.byteLength(body)
    headers.push('content-length', String(length))
    // Where each character is one byte nothing has to be encoded.
    const encoding = length === body.length ? 'latin1' : 'utf8'
    this.#parts.app.services.wholeAnswers.keep({ headers, body, encoding, caller, tool, action })
  }

  /** Undefined for a request that is not looked for. The key itself stands nowhere in the memory of the cache. */
  #nameOf({ method, url = '', headers }: IncomingMessage): string | undefined {
    if (method !== 'GET' || this.#parts.tracing || !url.startsWith('/v1/')) return undefined
    const { authorization = '', 'x-api-key': apiKey = '', host = '' } = headers
    if (authorization === '' && apiKey === '') return undefined
    if (PARTICULAR.some((header) => headers[header] !== undefined)) return undefined
    return hash('sha256', `${authorization}\n${String(apiKey)}\n${host}\n${url}`, 'base64url')
  }

  async #answer({ name, request: { method }, response }: Asked): Promise<boolean> {
    const { app, log } = this.#parts
    const started = performance.now()
    const kept = await givenAgain<KeptAnswer>(app, name)
    if (!kept) return false
    const { caller, tool, action, headers, body, encoding } = kept
    const requestId = newId()
    response.writeHead(200, [...headers, 'x-request-id', requestId])
    response.end(body, encoding)
    const durationMs = sinceMs(started)
    app.pipeline.record({ tool, action, agentId: caller.agentId, durationMs })
    log.debug('request', {
      request_id: requestId,
      method,
      status: 200,
      duration_ms: Math.round(durationMs),
    })
    return true
  }
}
