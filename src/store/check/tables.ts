import { z } from 'zod'
import { PERMISSIONS } from '../../domain/access/grant.ts'
import { ENTRY_TYPE_NAMES } from '../../domain/entries/types/index.ts'
import { EVENT_TYPES } from '../../domain/event.ts'
import { instant } from '../../domain/instant.ts'
import { SCOPE_TYPES } from '../../domain/scope.ts'
import { recordSchema } from '../../domain/transfer.ts'
import { toConflict } from '../entries/conflicts.ts'
import { toTombstone } from '../entries/past/tombstones.ts'
import { toRelation } from '../entries/relations.ts'
import { toEntry } from '../entries/rows.ts'
import type { Schema } from '../schema.ts'
import { toScope } from '../scopes/scopes.ts'
import { toScopedVote } from '../votes.ts'

/** A row as the driver gives it. */
export type Row = Readonly<Record<string, unknown>>

/** How the rows of one table are read and held against what they stand for. */
export interface TableCheck {
  /** The columns that order the rows. */
  readonly key: readonly string[]
  readonly rowsAtOnce: number
  /** Columns that hold JSON: a broken one is named. */
  readonly json: readonly string[]
  readonly label: (row: Row) => string
  /** What the row stands for, once its JSON can be read. */
  readonly value: (row: Row) => unknown
  readonly schema: z.ZodType
}

const LARGE = 50
const SMALL = 500

const text = z.string().min(1)
const whole = z.int().min(0)
const some = z.int().min(1)

/** A table whose rows an export makes records of: the file's schema is theirs. */
function exported<K extends keyof Schema>(
  _table: K,
  check: Pick<TableCheck, 'key' | 'rowsAtOnce' | 'json' | 'label'>,
  // The row has the columns of its table; what is in them is what the schema looks at.
  record: (row: never) => unknown,
): TableCheck {
  return { ...check, value: record as (row: Row) => unknown, schema: recordSchema }
}

function plain(
  check: Pick<TableCheck, 'key' | 'label'> & { json?: readonly string[] },
  shape: z.ZodRawShape,
): TableCheck {
  const { json = [] } = check
  const value = (row: Row) =>
    Object.fromEntries(
      Object.keys(shape).map((name) => [
        name,
        json.includes(name) ? JSON.parse(String(row[name])) : row[name],
      ]),
    )
  return { rowsAtOnce: SMALL, ...check, json, value, schema: z.object(shape) }
}

const short = (value: unknown) => String(value).slice(0, 60)
const byId = (name: string) => (row: Row) => `${name} ${short(row['id'])}`

/** Every table: one that is added does not compile until its check is written here. */
export const TABLE_CHECKS: Readonly<Record<keyof Schema, TableCheck>> = {
  scope: exported(
    'scope',
    { key: ['id'], rowsAtOnce: SMALL, json: ['metadata'], label: byId('scope') },
    (row: Parameters<typeof toScope>[0]) => ({ kind: 'scope', scope: toScope(row) }),
  ),
  entry: exported(
    'entry',
    {
      key: ['id'],
      rowsAtOnce: LARGE,
      json: ['tags', 'fields', 'metadata'],
      label: (row) => `${short(row['type'])} ${short(row['id'])} (${short(row['name'])})`,
    },
    (row: Parameters<typeof toEntry>[0]) => ({ kind: 'entry', entry: toEntry(row) }),
  ),
  revision: exported(
    'revision',
    {
      key: ['entry_id', 'version'],
      rowsAtOnce: LARGE,
      json: ['snapshot'],
      label: (row) => `version ${short(row['version'])} of entry ${short(row['entry_id'])}`,
    },
    (row: Schema['revision']) => ({
      kind: 'version',
      entry: JSON.parse(row.snapshot),
      superseded_at: row.superseded_at,
    }),
  ),
  relation: exported(
    'relation',
    { key: ['id'], rowsAtOnce: SMALL, json: ['metadata'], label: byId('relation') },
    (row: Parameters<typeof toRelation>[0]) => ({ kind: 'relation', relation: toRelation(row) }),
  ),
  conflict: exported(
    'conflict',
    {
      key: ['id'],
      rowsAtOnce: LARGE,
      json: ['fields', 'current_values', 'incoming_values'],
      label: byId('conflict'),
    },
    (row: Parameters<typeof toConflict>[0]) => ({ kind: 'conflict', conflict: toConflict(row) }),
  ),
  vote: exported(
    'vote',
    {
      key: ['scope_id', 'task_id', 'agent_id'],
      rowsAtOnce: SMALL,
      json: ['vote_value', 'canonical'],
      label: (row) => `vote of ${short(row['agent_id'])} on ${short(row['task_id'])}`,
    },
    (row: Parameters<typeof toScopedVote>[0]) => ({ kind: 'vote', vote: toScopedVote(row) }),
  ),
  vote_decision: plain(
    { key: ['scope_id', 'task_id', 'k', 'quorum'], label: (row) => `decision on ${short(row['task_id'])}` },
    { scope_id: text, task_id: text, k: some, quorum: some, canonical: z.string(), decided_at: instant },
  ),
  scope_revision: {
    key: ['scope_id', 'version'],
    rowsAtOnce: LARGE,
    json: ['snapshot'],
    label: (row) => `version ${short(row['version'])} of scope ${short(row['scope_id'])}`,
    value: (row) => ({ kind: 'scope', scope: JSON.parse(String(row['snapshot'])) as unknown }),
    schema: recordSchema,
  },
  entry_tag: plain(
    { key: ['entry_id', 'tag'], label: (row) => `tag of entry ${short(row['entry_id'])}` },
    { entry_id: text, tag: text },
  ),
  retired_name: plain(
    { key: ['scope_id', 'type', 'name'], label: (row) => `retired name ${short(row['name'])}` },
    { scope_id: text, type: z.string(), name: z.string(), version: some },
  ),
  tombstone: exported(
    'tombstone',
    { key: ['id'], rowsAtOnce: SMALL, json: [], label: byId('tombstone') },
    (row: Parameters<typeof toTombstone>[0]) => ({ kind: 'tombstone', tombstone: toTombstone(row) }),
  ),
  change_log: plain(
    { key: ['id'], json: ['detail', 'versions'], label: byId('event') },
    {
      id: some,
      event_id: text,
      at: instant,
      type: z.enum(EVENT_TYPES),
      scope_type: z.enum(SCOPE_TYPES),
      detail: z.record(z.string(), z.unknown()),
      versions: z.record(z.string(), some),
      agent_id: text,
    },
  ),
  scope_version: plain(
    { key: ['scope_key'], label: (row) => `scope version ${short(row['scope_key'])}` },
    { scope_key: text, version: some },
  ),
  counter: plain(
    { key: ['name'], label: (row) => `counter ${short(row['name'])}` },
    { name: text, value: z.int() },
  ),
  lease: plain(
    { key: ['path'], label: (row) => `lock of ${short(row['path'])}` },
    { path: text, agent_id: text, token: some, ttl_ms: some, acquired_at: instant, expires_at: instant },
  ),
  lease_waiter: plain(
    { key: ['request_token', 'path'], label: (row) => `waiter for ${short(row['path'])}` },
    { request_token: text, path: text, agent_id: text, ticket: whole, seen_at: instant },
  ),
  api_key: plain(
    { key: ['id'], label: byId('API key') },
    {
      id: text,
      hash: z.string().length(64),
      agent_id: text,
      created_at: instant,
      expires_at: instant.nullable(),
      revoked_at: instant.nullable(),
    },
  ),
  permission: plain(
    { key: ['id'], label: byId('permission') },
    {
      id: text,
      grantee: text,
      permission: z.enum(PERMISSIONS),
      scope_id: text,
      entry_type: z.enum(['', ...ENTRY_TYPE_NAMES]),
      created_at: instant,
      created_by: text,
    },
  ),
  answered_call: plain(
    { key: ['agent_id', 'key'], label: (row) => `answered call of ${short(row['agent_id'])}` },
    { agent_id: text, key: text, request_hash: text, status: some.nullable(), created_at: instant },
  ),
  agent: plain(
    { key: ['agent_id'], label: (row) => `agent ${short(row['agent_id'])}` },
    { agent_id: text, since: instant, seen_at: instant, told_seq: whole },
  ),
  audit: plain(
    { key: ['seq'], json: ['event'], label: (row) => `row ${short(row['seq'])} of the audit` },
    {
      seq: some,
      event_id: text,
      event: z.record(z.string(), z.unknown()),
      prev_hash: z.string(),
      hash: text,
    },
  ),
  audit_head: plain(
    { key: ['id'], label: () => 'end of the audit' },
    { id: some, seq: whole, hash: z.string(), log_id: whole },
  ),
  embedding: plain(
    { key: ['model', 'entry_id'], label: (row) => `vector of entry ${short(row['entry_id'])}` },
    { model: text, entry_id: text, version: some, vector: z.base64(), made_at: instant },
  ),
  embedding_index: plain(
    { key: ['model'], label: (row) => `index ${short(row['model'])}` },
    { model: text, is_active: z.int().min(0).max(1), log_id: whole, rebuild_seq: whole, started_at: instant },
  ),
  memory_identity: plain({ key: ['id'], label: () => 'identity' }, { id: text, secret: text }),
}

export const ALL_TABLES = Object.keys(TABLE_CHECKS) as (keyof Schema)[]
