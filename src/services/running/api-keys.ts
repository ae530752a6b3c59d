import { hash, randomBytes } from 'node:crypto'
import { EVERYBODY } from '../../domain/access/grant.ts'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import type { Change } from '../../domain/event.ts'
import { newId } from '../../domain/ids.ts'
import { callReads } from '../../domain/reading/call-reads.ts'
import { GLOBAL_SCOPE_ID } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import {
  type ApiKey,
  findApiKey,
  hasApiKeys,
  insertApiKey,
  listApiKeys,
  revokeApiKey,
} from '../../store/agents/api-keys.ts'
import { readVersions } from '../../store/change-log.ts'
import type { Store } from '../../store/store.ts'
import { KEYS_KEY } from '../access/access-changes.ts'
import type { Permissions } from '../access/permissions.ts'
import type { CachedReads, Stamped } from '../cached-reads.ts'

export type { ApiKey }

/** 256 bits cannot be guessed, so a plain hash protects the secret. */
const SECRET_BYTES = 32

export interface NewKey {
  readonly agentId: string
  readonly name?: string | undefined
  readonly validMs?: number | undefined
  /** Everything is granted to the agent with it. */
  readonly isAdministrator?: boolean
}

/** Keys for HTTP: each stands for one agent. What is stored opens nothing. */
export class ApiKeys {
  readonly #store: Store
  readonly #reads: CachedReads
  readonly #clock: Clock
  readonly #permissions: Permissions

  constructor(
    store: Store,
    { reads, clock, permissions }: { reads: CachedReads; clock: Clock; permissions: Permissions },
  ) {
    this.#store = store
    this.#reads = reads
    this.#clock = clock
    this.#permissions = permissions
  }

  /** The new key; `key` itself is shown this once and never again. */
  async create(
    createdBy: string,
    { agentId, name, validMs, isAdministrator = false }: NewKey,
  ): Promise<ApiKey & { readonly key: string }> {
    refuseReserved(agentId)
    const key = `am_${randomBytes(SECRET_BYTES).toString('base64url')}`
    const now = this.#clock.now()
    const row: ApiKey = {
      id: newId(),
      agent_id: agentId,
      name: name ?? null,
      created_at: isoTime(now),
      created_by: createdBy,
      expires_at: validMs === undefined ? null : isoTime(now + validMs),
      revoked_at: null,
    }
    await this.#store.write(async (unit) => {
      await insertApiKey(unit.db, { ...row, hash: hashOf(key) })
      unit.record(keyChange('key.created', row, createdBy))
      if (isAdministrator) await this.#permissions.grantIn(unit, { agentId: createdBy }, adminOf(agentId))
    })
    return { key, ...row }
  }

  list(): Promise<ApiKey[]> {
    return this.#store.read(listApiKeys)
  }

  /** From now on the key is refused. Doing it twice changes nothing. */
  async revoke(agentId: string, id: string): Promise<ApiKey> {
    const at = isoTime(this.#clock.now())
    const revoked = await this.#store.write(async ({ db, record }) => {
      const key = await revokeApiKey(db, id, at)
      if (key?.revoked_at === at) record(keyChange('key.revoked', key, agentId))
      return key
    })
    if (revoked) return revoked
    throw new AppError('NOT_FOUND', 'No key has that id.', {
      details: { id: id.slice(0, 64) },
      suggestion: 'agent-memory key list shows the ids. An id is not the key itself.',
    })
  }

  /** The agent that a key stands for; undefined for a key that opens nothing, or not any more. */
  async agentOf(key: string): Promise<string | undefined> {
    const keyHash = hashOf(key)
    const opened = await this.#reads.readFound(['key', keyHash], (db) => findOpened(db, keyHash))
    // One that runs out is looked at by the clock each time.
    if (opened && opened.until !== null) callReads()?.spoil()
    const isPast = opened && opened.until !== null && opened.until <= this.#clock.now()
    return isPast ? undefined : opened?.agentId
  }

  /** Whether there has ever been one. */
  areUsed(): Promise<boolean> {
    return this.#store.read(hasApiKeys)
  }
}

interface Opened {
  readonly agentId: string
  /** Epoch milliseconds; null for ever. */
  readonly until: number | null
}

async function findOpened(db: Reader, keyHash: string): Promise<Stamped<Opened | null>> {
  const stamp = await readVersions(db, [KEYS_KEY])
  const found = await findApiKey(db, keyHash)
  // What opens nothing is not kept: anybody may send as many of those as there is room for.
  if (!found || found.revoked_at !== null) return { value: null, stamp: null, changesAt: null }
  const { agent_id: agentId, expires_at } = found
  const until = expires_at === null ? null : Date.parse(expires_at)
  return { value: { agentId, until }, stamp, changesAt: null }
}

/** The agent of the settings' own key, and what stands for others than one agent. */
export const ADMINISTRATOR = 'administrator'
const RESERVED: readonly string[] = [ADMINISTRATOR, EVERYBODY, 'system']

function refuseReserved(agentId: string): void {
  if (!RESERVED.includes(agentId)) return
  throw new AppError('INVALID_PARAMETER', `agent: ${agentId} is no agent of its own; choose another name.`)
}

function adminOf(grantee: string) {
  const scope = { type: 'global', id: GLOBAL_SCOPE_ID } as const
  return { grantee, scope, entry_type: null, permission: 'admin' } as const
}

/** Names the key and its agent; nothing of the secret. */
function keyChange(type: 'key.created' | 'key.revoked', { id, agent_id }: ApiKey, agentId: string): Change {
  const scope = { type: 'global', id: GLOBAL_SCOPE_ID } as const
  return { type, scope, detail: { key_id: id, agent: agent_id }, scopeKeys: [KEYS_KEY], agentId }
}

function hashOf(key: string): string {
  return hash('sha256', key)
}
