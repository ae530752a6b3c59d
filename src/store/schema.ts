import type { Generated } from 'kysely'
import type { Permission } from '../domain/access/grant.ts'
import type { AuditRow } from '../domain/audit.ts'
import type { Conflict } from '../domain/entries/conflict.ts'
import type { EntryBase } from '../domain/entries/entry.ts'
import type { Relation } from '../domain/entries/relation.ts'
import type { Tombstone } from '../domain/entries/tombstone.ts'
import type { Scope, ScopeType } from '../domain/scope.ts'
import type { Vote } from '../domain/voting.ts'

// Rules for both databases: times are ISO 8601 UTC text, JSON is text, booleans are 0 | 1. Encoding and
// decoding happens in the query files of this folder; no other code sees a row.

/** A thing of the domain as its row: some of its fields are JSON. */
type Stored<T, Json extends keyof T> = Omit<T, Json> & Record<Json, string>

export type ScopeRow = Stored<Scope, 'metadata'>

/** `tags` is a JSON array; `entry_tag` holds the same tags for filters. */
export interface EntryRow extends Stored<Omit<EntryBase, 'scope_type'>, 'tags' | 'metadata'> {
  seq: Generated<number>
  scope_id: string
  /** JSON object of the type's own fields. */
  fields: string
  /** Text to be found by beside name, content and tags: own fields, parts of identifiers, CJK bigrams. */
  search_text: string
  /** What near-duplicates are found by (see domain/words/sketch.ts); null for a text without words. */
  sketch_a: number | null
  sketch_b: number | null
  valid_from: string | null
  valid_until: string | null
  review_by: string | null
}

export interface EntryTagRow {
  entry_id: string
  tag: string
}

/** An entry as it was before a change; the current version is only in `entry`. */
export interface RevisionRow {
  entry_id: string
  version: number
  scope_id: string
  type: string
  /** When this version was written and when the next one replaced it. */
  written_at: string
  superseded_at: string
  /** JSON of the whole EntryRow. */
  snapshot: string
}

/** A name that an entry of the scope has given up, by its end or by a rename, and the highest version that it had under it. */
interface RetiredNameRow {
  scope_id: string
  type: string
  name: string
  version: number
}

/** An entry that was deleted. */
export interface TombstoneRow extends Omit<Tombstone, 'imported'> {
  /** All three, or none: of an entry that another program's file was read for. */
  scope_id: string | null
  origin: string | null
  digest: string | null
}

/** A scope as it was before a change; the current version is only in `scope`. */
interface ScopeRevisionRow {
  scope_id: string
  version: number
  superseded_at: string
  /** JSON of the whole Scope. */
  snapshot: string
}

export interface RelationRow extends Stored<Omit<Relation, 'relation_type'>, 'metadata'> {
  type: string
}

export interface ConflictRow extends Stored<Conflict, 'fields' | 'current_values' | 'incoming_values'> {
  scope_id: string
}

/** The outbox: one row for each thing that happened, in commit order. */
export interface ChangeLogRow {
  id: Generated<number>
  event_id: string
  at: string
  type: string
  scope_type: ScopeType
  scope_id: string
  entry_type: string | null
  entry_id: string | null
  entry_version: number | null
  detail: string
  /** JSON: scope key → version after this change's transaction. */
  versions: string
  agent_id: string
  instance_id: string
}

export interface ScopeVersionRow {
  scope_key: string
  version: number
}

/** A lease, or the memory of an expired one that no other lease has replaced. */
export interface LeaseRow {
  path: string
  agent_id: string
  token: number
  purpose: string | null
  ttl_ms: number
  /** The checkout that granted or last extended it. */
  request_token: string
  /** Deadline on the clock that `boot_id` names, in milliseconds; `expires_at` is the same on the wall clock. */
  boot_id: string
  expires_ms: number
  acquired_at: string
  expires_at: string
  /** 1 once its expiry is in the change log. */
  ended: number
}

/** One checkout in the queue of one path. `ticket` is its place; it counts only while `seen_…` is fresh. */
export interface LeaseWaiterRow {
  request_token: string
  path: string
  agent_id: string
  ticket: number
  boot_id: string
  seen_ms: number
  seen_at: string
}

/** Numbers that only grow: the fencing token and the queue's tickets. */
export interface CounterRow {
  name: string
  value: number
}

/** The value as given (JSON), and as compared (canonical JSON). */
export interface VoteDecisionRow {
  scope_id: string
  task_id: string
  k: number
  quorum: number
  canonical: string
  decided_at: string
}

export interface VoteRow extends Stored<Vote, 'vote_value'> {
  scope_id: string
  canonical: string
}

/** A key of HTTP. The key itself is nowhere: only its hash. */
export interface ApiKeyRow {
  id: string
  hash: string
  agent_id: string
  name: string | null
  created_at: string
  created_by: string
  expires_at: string | null
  revoked_at: string | null
}

/** What an agent may do in a scope and below it; an empty `entry_type` stands for all. */
export interface PermissionRow {
  id: string
  grantee: string
  permission: Permission
  scope_id: string
  entry_type: string
  created_at: string
  created_by: string
}

/** A write over HTTP with an idempotency key; without a status until it is answered. */
export interface AnsweredCallRow {
  agent_id: string
  key: string
  request_hash: string
  instance_id: string
  status: number | null
  body: string | null
  created_at: string
  /** Of the try that is at work, until when it counts as such (epoch milliseconds), and whether it has changed anything. */
  claim_id: string | null
  claimed_until: number
  effect: 'none' | 'done' | 'unknown'
}

/** An agent as it was last heard of. */
export interface AgentRow {
  agent_id: string
  /** The project that it works in; null before that has been made, and where nothing is guessed. */
  project_id: string | null
  /** The folder that its relative paths mean. */
  root: string | null
  since: string
  seen_at: string
  /** The agent has its notices up to this event. */
  told_seq: number
}

/** A link of the audit's chain. */
export interface AuditTableRow extends Omit<AuditRow, 'seq'> {
  seq: number
}

/** One row: where the chain ends, and up to where the log is in it. */
export interface AuditHeadRow {
  id: number
  seq: number
  hash: string
  log_id: number
}

/** What a model made of an entry; an empty vector is none. */
export interface EmbeddingRow {
  model: string
  entry_id: string
  version: number
  vector: string
  made_at: string
}

/** How far the vectors of a model are: up to which change, and below which row entries of before still wait. */
export interface EmbeddingIndexRow {
  model: string
  dimensions: number | null
  is_active: number
  log_id: number
  rebuild_seq: number
  started_at: string
  claimed_by: string | null
  claimed_until: number
}

/** One row, made with the database. */
export interface DatabaseIdentityRow {
  id: string
  secret: string
}

/** One schema for both databases. */
export interface Schema {
  scope: ScopeRow
  entry: EntryRow
  entry_tag: EntryTagRow
  revision: RevisionRow
  retired_name: RetiredNameRow
  tombstone: TombstoneRow
  scope_revision: ScopeRevisionRow
  relation: RelationRow
  conflict: ConflictRow
  change_log: ChangeLogRow
  scope_version: ScopeVersionRow
  lease: LeaseRow
  lease_waiter: LeaseWaiterRow
  counter: CounterRow
  vote: VoteRow
  vote_decision: VoteDecisionRow
  api_key: ApiKeyRow
  permission: PermissionRow
  answered_call: AnsweredCallRow
  agent: AgentRow
  audit: AuditTableRow
  audit_head: AuditHeadRow
  embedding: EmbeddingRow
  embedding_index: EmbeddingIndexRow
  memory_identity: DatabaseIdentityRow
}
