import { createHash, randomBytes } from 'node:crypto'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import {
  type ApiKey,
  findApiKey,
  hasApiKeys,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from '../../store/api-keys.ts'
import type { Store } from '../../store/store.ts'

export type { ApiKey }

/** 256 bits: nobody guesses it, so that a plain hash keeps it. */
const SECRET_BYTES = 32

/** Keys for HTTP: each stands for one agent. What is stored opens nothing. */
export class ApiKeys {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** The new key; `key` itself is shown this once and never again. */
  async create(
    createdBy: string,
    request: { agentId: string; name?: string | undefined; validMs?: number | undefined },
  ): Promise<ApiKey & { readonly key: string }> {
    const key = `am_${randomBytes(SECRET_BYTES).toString('base64url')}`
    const now = this.#clock.now()
    const row: ApiKey = {
      id: newId(),
      agent_id: request.agentId,
      name: request.name ?? null,
      created_at: isoTime(now),
      created_by: createdBy,
      expires_at: request.validMs === undefined ? null : isoTime(now + request.validMs),
      revoked_at: null,
    }
    await this.#store.write(({ db }) => insertApiKey(db, { ...row, hash: hashOf(key) }))
    return { key, ...row }
  }

  list(): Promise<ApiKey[]> {
    return this.#store.read(listApiKeys)
  }

  /** From now on nobody gets in by it. Doing it twice changes nothing. */
  async revoke(id: string): Promise<ApiKey> {
    const at = isoTime(this.#clock.now())
    const revoked = await this.#store.write(({ db }) => revokeApiKey(db, id, at))
    if (revoked) return revoked
    throw new AppError('NOT_FOUND', 'No key has that id.', {
      details: { id: id.slice(0, 64) },
      suggestion: 'agent-memory key list shows the ids. An id is not the key itself.',
    })
  }

  /** The agent that a key stands for; undefined for a key that opens nothing, or not any more. */
  async agentOf(key: string): Promise<string | undefined> {
    const found = await this.#store.read((db) => findApiKey(db, hashOf(key)))
    if (!found || found.revoked_at !== null) return undefined
    const isPast = found.expires_at !== null && Date.parse(found.expires_at) <= this.#clock.now()
    return isPast ? undefined : found.agent_id
  }

  /** Whether there has ever been one. */
  areUsed(): Promise<boolean> {
    return this.#store.read(hasApiKeys)
  }
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
