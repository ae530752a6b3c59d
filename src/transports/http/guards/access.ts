import { hash } from 'node:crypto'
import type { Config } from '../../../config.ts'
import { callReads } from '../../../domain/reading/call-reads.ts'
import type { Instance } from '../../../operations/instance.ts'
import { ADMINISTRATOR } from '../../../services/running/api-keys.ts'
import { OAuthTokens } from '../oauth/tokens.ts'
import { HttpProblem } from '../problems.ts'
import { isLoopback } from './guard.ts'

/** The sender of a request; without an agent any program of this machine. */
export interface Identity {
  readonly agentId?: string
  /** May everything, whatever was granted. */
  readonly isAdministrator?: true
}

/** What a request shows of its sender. */
export interface Shown {
  readonly authorization: string | undefined
  readonly apiKey: string | undefined
  /** The other end of the connection. */
  readonly address: string | undefined
  /** It came through a proxy: the other end of the connection is not the sender. */
  readonly isForwarded: boolean
}

/** How long it is taken for granted that there are no keys: so late the first one is noticed elsewhere. */
const KEPT_MS = 1_000

/** Which senders may ask: those with a key or, where there are no keys, those on this machine. */
export class Access {
  readonly #app: Instance
  /** By hash: how long a comparison takes says nothing of the key. */
  readonly #ofSettings: ReadonlyMap<string, Identity>
  readonly #tokens: OAuthTokens | undefined
  #areUsed: { readonly answer: Promise<boolean>; readonly until: number } | undefined

  constructor(app: Instance) {
    this.#app = app
    this.#ofSettings = identitiesOf(app.config.http)
    this.#tokens = OAuthTokens.of(app.config.http)
  }

  /** True where requests need a key. */
  async isKeyed(): Promise<boolean> {
    if (this.#ofSettings.size > 0 || this.#tokens) return true
    const now = performance.now()
    // Once there are keys there is no way back.
    if (!this.#areUsed || (this.#areUsed.until < now && !(await this.#areUsed.answer)))
      this.#areUsed = { answer: this.#askWhether(), until: now + KEPT_MS }
    return this.#areUsed.answer
  }

  /** Whether there are keys in the database; one that did not answer is asked again by the next request. */
  async #askWhether(): Promise<boolean> {
    try {
      return await this.#app.services.apiKeys.areUsed()
    } catch (error) {
      this.#areUsed = undefined
      throw error
    }
  }

  /** Throws UNAUTHENTICATED for a sender that may not ask. */
  async identify(shown: Shown): Promise<Identity> {
    const key = this.#keyIn(shown)
    if (key !== undefined) {
      const identity = await this.#ownerOf(key)
      if (!identity)
        throw this.#refusal('This key opens nothing: it is wrong, past or revoked.', 'invalid_token')
      return identity
    }
    if (await this.isKeyed()) throw this.#refusal('Who asks? This server answers only with a key.')
    if (shown.isForwarded || !isLoopback(shown.address ?? ''))
      throw this.#refusal('Without keys only this machine is answered, and no proxy.')
    return {}
  }

  /** Whether the same would be let in again. */
  async isOpenTo(shown: Shown): Promise<boolean> {
    try {
      return (await this.identify(shown)).agentId !== undefined
    } catch (error) {
      if (error instanceof HttpProblem) return false
      throw error
    }
  }

  /** As new as the database each time: a key that is revoked opens nothing from then on, on no instance. */
  async #ownerOf(key: string): Promise<Identity | undefined> {
    const fixed = this.#ofSettings.get(hashOf(key))
    if (fixed) return fixed
    const agentId = await (this.#tokens?.isToken(key)
      ? this.#ofToken(this.#tokens, key)
      : this.#app.services.apiKeys.agentOf(key))
    return agentId === undefined ? undefined : { agentId }
  }

  #ofToken(tokens: OAuthTokens, token: string): Promise<string | undefined> {
    // It runs out, and its issuer's keys change, without a version that says so.
    callReads()?.spoil()
    return tokens.agentOf(token)
  }

  #keyIn({ authorization, apiKey }: Shown): string | undefined {
    if (authorization === undefined) return apiKey
    const [, key] = /^Bearer +(\S+)\s*$/i.exec(authorization) ?? []
    if (key === undefined) throw this.#refusal('Authorization: expected Bearer and a key.')
    return key
  }

  /** Says where tokens come from, where they are taken. */
  #refusal(message: string, error?: 'invalid_token'): HttpProblem {
    const parts = [
      'realm="agent-memory"',
      ...(error === undefined ? [] : [`error="${error}"`]),
      ...(this.#tokens ? [`resource_metadata="${this.#tokens.metadataUrl()}"`] : []),
    ]
    return new HttpProblem(401, 'UNAUTHENTICATED', message, {
      headers: { 'www-authenticate': `Bearer ${parts.join(', ')}` },
      suggestion: this.#tokens
        ? 'Send Authorization: Bearer and a key, or an access token of the issuer that WWW-Authenticate leads to.'
        : 'Send Authorization: Bearer and a key; "agent-memory key create" makes one.',
    })
  }
}

function identitiesOf({ apiKeys, adminKey }: Config['http']): ReadonlyMap<string, Identity> {
  const agents = apiKeys.map(({ key, agentId }) => [hashOf(key), { agentId }] as const)
  const administrator = { agentId: ADMINISTRATOR, isAdministrator: true } as const
  return new Map<string, Identity>([
    ...agents,
    ...(adminKey === undefined ? [] : [[hashOf(adminKey), administrator] as const]),
  ])
}

function hashOf(key: string): string {
  return hash('sha256', key)
}
