import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../schema.ts'

/** The schema's number differs from database to database of a server. A copy of all its files is the same server to itself. */
export async function readPlace(db: Kysely<Schema>): Promise<string> {
  const { rows } = await sql<{ database: string; schema: string }>`
    select d.oid::text as database, current_schema()::regnamespace::oid::text as schema
    from pg_database d where d.datname = current_database()`.execute(db)
  return [await readServer(db), rows[0]?.database, rows[0]?.schema].join(':')
}

/** Made with the server's files; '' where the service does not allow the question. */
async function readServer(db: Kysely<Schema>): Promise<string> {
  const allowed = sql<{ allowed: boolean }>`
    select has_function_privilege('pg_control_system()', 'execute') as allowed`
  if (!(await allowed.execute(db)).rows[0]?.allowed) return ''
  const { rows } = await sql<{ id: string }>`
    select system_identifier::text as id from pg_control_system()`.execute(db)
  return rows[0]?.id ?? ''
}
