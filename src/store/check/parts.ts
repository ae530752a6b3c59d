import type { RawBuilder } from 'kysely'
import type { Finding } from '../../domain/places/database-file.ts'
import type { Reader } from '../access.ts'
import type { Schema } from '../schema.ts'

// What the tables are made of, as the migrations leave it. A test holds this against a new database of each kind.

const COLUMNS: Readonly<Record<keyof Schema, string>> = {
  scope:
    'id type parent_id name root_path purpose status metadata version created_at created_by updated_at updated_by ended_at',
  entry:
    'seq id type scope_id name content tags priority version status fields metadata search_text sketch_a sketch_b valid_from valid_until review_by created_at created_by updated_at updated_by',
  entry_tag: 'entry_id tag',
  revision: 'entry_id version scope_id type written_at superseded_at snapshot',
  relation: 'id from_id to_id type metadata created_at created_by',
  conflict:
    'id entry_id entry_type scope_id status kind base_version current_version fields current_values incoming_values current_agent incoming_agent created_at resolution resolved_at resolved_by',
  change_log:
    'id event_id at type scope_type scope_id entry_type entry_id entry_version detail versions agent_id instance_id',
  scope_version: 'scope_key version',
  lease: 'path agent_id token purpose ttl_ms request_token boot_id expires_ms acquired_at expires_at ended',
  lease_waiter: 'request_token path agent_id ticket boot_id seen_ms seen_at',
  counter: 'name value',
  vote_decision: 'scope_id task_id k quorum canonical decided_at',
  vote: 'scope_id task_id agent_id vote_value canonical confidence reasoning created_at updated_at',
  retired_name: 'scope_id type name version',
  tombstone: 'id type version deleted_at deleted_by scope_id origin digest',
  scope_revision: 'scope_id version superseded_at snapshot',
  api_key: 'id hash agent_id name created_at created_by expires_at revoked_at',
  permission: 'id grantee permission scope_id entry_type created_at created_by',
  answered_call: 'agent_id key request_hash instance_id status body created_at claim_id claimed_until effect',
  embedding: 'model entry_id version vector made_at',
  embedding_index: 'model dimensions is_active log_id rebuild_seq started_at claimed_by claimed_until',
  agent: 'agent_id project_id root since seen_at told_seq',
  audit: 'seq event_id event prev_hash hash',
  audit_head: 'id seq hash log_id',
  memory_identity: 'id secret',
}

/** Those that both databases have; one that is gone lets two rows have one name, or a question take long. */
const INDEXES =
  'scope_root_path scope_name scope_parent entry_name entry_order entry_sketch_a entry_sketch_b entry_value entry_valid_from entry_valid_until entry_review_by entry_tag_tag revision_time relation_ends relation_to conflict_open conflict_entry lease_path lease_waiter_request api_key_hash answered_call_age agent_seen permission_grantee permission_scope tombstone_scope audit_event embedding_entry'

/** How a database lists its parts, and which only this kind of database has. */
export interface PartsOfDatabase {
  /** Rows `part`: `table.column`, `index name`, `trigger name`. */
  readonly listed: RawBuilder<{ part: string }>
  readonly own: readonly string[]
}

export interface MissingParts {
  readonly tables: readonly string[]
  /** With their table. */
  readonly columns: readonly string[]
  /** Indexes and triggers. */
  readonly others: readonly string[]
}

export async function missingParts(db: Reader, { listed, own }: PartsOfDatabase): Promise<MissingParts> {
  const { rows } = await listed.execute(db)
  const there = new Set(rows.map(({ part }) => part))
  const columns = expectedColumns().filter((part) => !there.has(part))
  const withTable = new Set([...there].map((part) => part.split('.')[0]))
  const isOfTable = (part: string) => withTable.has(part.split('.')[0])
  return {
    tables: Object.keys(COLUMNS).filter((table) => !withTable.has(table)),
    columns: columns.filter(isOfTable),
    others: [...INDEXES.split(' ').map((name) => `index ${name}`), ...own].filter((part) => !there.has(part)),
  }
}

/** Whether every column of every table is there. */
export function isReadable({ tables, columns }: MissingParts): boolean {
  return tables.length + columns.length === 0
}

export function missingFinding({ tables, columns, others }: MissingParts): Finding {
  const text = [
    ...(tables.length > 0 ? [`Tables are missing: ${tables.join(', ')}.`] : []),
    ...(columns.length > 0 ? [`Columns are missing: ${columns.join(', ')}.`] : []),
    ...(tables.length === 0 && others.length > 0 ? [`Missing: ${others.join(', ')}.`] : []),
  ].join(' ')
  const mend =
    'Nothing mends that in place. Put a backup there (agent-memory restore FILE, or pg_restore), or export and import into a new database.'
  return { check: 'Tables', level: 'broken', text, mend }
}

/** What health says where something is not there, and what to do; null where all is. */
export async function missingProblem(db: Reader, parts: PartsOfDatabase): Promise<string | null> {
  const missing = await missingParts(db, parts)
  if (isReadable(missing)) return null
  const { text, mend } = missingFinding({ ...missing, others: [] })
  return `${text} ${mend}`
}

/** As `table.column`. */
export function expectedColumns(): string[] {
  return Object.entries(COLUMNS).flatMap(([table, names]) =>
    names.split(' ').map((name) => `${table}.${name}`),
  )
}
