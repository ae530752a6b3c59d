import type { Reader, Writer } from '../access.ts'
import type { ApiKeyRow } from '../schema.ts'

export type ApiKey = Omit<ApiKeyRow, 'hash'>

const SHOWN = ['id', 'agent_id', 'name', 'created_at', 'created_by', 'expires_at', 'revoked_at'] as const

export async function insertApiKey(db: Writer, row: ApiKeyRow): Promise<void> {
  await db.insertInto('api_key').values(row).execute()
}

/** In the order in which they were made, the revoked ones too. */
export async function listApiKeys(db: Reader): Promise<ApiKey[]> {
  return db.selectFrom('api_key').select(SHOWN).orderBy('id').execute()
}

export async function findApiKey(db: Reader, hash: string): Promise<ApiKey | undefined> {
  return db.selectFrom('api_key').select(SHOWN).where('hash', '=', hash).executeTakeFirst()
}

/**
 * True once any key was issued: a database whose keys are all revoked does not let calls without a key in.
 */
export async function hasApiKeys(db: Reader): Promise<boolean> {
  return (await db.selectFrom('api_key').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** The key as it is from now on; undefined where there is none with that id. */
export async function revokeApiKey(db: Writer, id: string, at: string): Promise<ApiKey | undefined> {
  await db
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
  return db.selectFrom('api_key').select(SHOWN).where('id', '=', id).executeTakeFirst()
}
