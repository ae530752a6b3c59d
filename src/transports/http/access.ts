import { createHash } from 'node:crypto'
import type { Instance } from '../../operations/instance.ts'
import { isLoopback } from './guard.ts'
import { HttpProblem } from './problems.ts'

/** Whom a request comes from; without an agent anybody on this machine. */
export interface Identity {
  readonly agentId?: string
}

/** What a request shows of its sender. */
export interface Shown {
  readonly authorization: string | undefined
  readonly apiKey: string | undefined
  /** The other end of the connection. */
  readonly address: string | undefined
  /** It came through a proxy: the other end is not who asks. */
  readonly isForwarded: boolean
}

/** How long an answer of the database about a key is trusted: so late a revoked one is noticed. */
const KEPT_MS = 1_000
const MOST_KEPT = 1_000

type Kept = { readonly agentId: Promise<string | undefined>; readonly until: number }

/** Who may ask: whoever has a key or, where there are none, whoever is on this machine. */
export class Access {
  readonly #app: Instance
  /** By hash: how long a comparison takes says nothing of the key. */
  readonly #ofSettings: ReadonlyMap<string, string>
  readonly #kept = new Map<string, Kept>()
  #areUsed: { readonly answer: Promise<boolean>; readonly until: number } | undefined

  constructor(app: Instance) {
    this.#app = app
    this.#ofSettings = new Map(app.config.http.apiKeys.map(({ key, agentId }) => [hashOf(key), agentId]))
  }

  /** Whether anybody needs a key. */
  async isKeyed(): Promise<boolean> {
    if (this.#ofSettings.size > 0) return true
    const now = performance.now()
    // Once there are keys there is no way back.
    if (!this.#areUsed || (this.#areUsed.until < now && !(await this.#areUsed.answer)))
      this.#areUsed = { answer: this.#app.services.apiKeys.areUsed(), until: now + KEPT_MS }
    return this.#areUsed.answer
  }

  /** Throws UNAUTHENTICATED for whoever may not ask. */
  async identify(shown: Shown): Promise<Identity> {
    const key = keyIn(shown)
    if (key !== undefined) {
      const agentId = await this.#agentOf(key)
      if (agentId === undefined)
        throw unauthenticated('This key opens nothing: it is wrong, past or revoked.')
      return { agentId }
    }
    if (await this.isKeyed()) throw unauthenticated('Who asks? This server answers only with a key.')
    if (shown.isForwarded || !isLoopback(shown.address ?? ''))
      throw unauthenticated('Without keys only this machine is answered, and no proxy.')
    return {}
  }

  #agentOf(key: string): Promise<string | undefined> {
    const hash = hashOf(key)
    const fixed = this.#ofSettings.get(hash)
    if (fixed !== undefined) return Promise.resolve(fixed)
    const now = performance.now()
    const kept = this.#kept.get(hash)
    if (kept && kept.until > now) return kept.agentId
    if (this.#kept.size >= MOST_KEPT) this.#kept.clear()
    const agentId = this.#app.services.apiKeys.agentOf(key)
    this.#kept.set(hash, { agentId, until: now + KEPT_MS })
    // A database that is away is asked again.
    agentId.catch(() => this.#kept.delete(hash))
    return agentId
  }
}

function keyIn({ authorization, apiKey }: Shown): string | undefined {
  if (authorization === undefined) return apiKey
  const [, key] = /^Bearer +(\S+)\s*$/i.exec(authorization) ?? []
  if (key === undefined) throw unauthenticated('Authorization: expected Bearer and a key.')
  return key
}

function unauthenticated(message: string): HttpProblem {
  return new HttpProblem(401, 'UNAUTHENTICATED', message, {
    headers: { 'www-authenticate': 'Bearer realm="agent-memory"' },
    suggestion: 'Send Authorization: Bearer and a key; "agent-memory key create" makes one.',
  })
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
