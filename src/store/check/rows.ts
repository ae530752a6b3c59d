import { sql } from 'kysely'
import type { Finding } from '../../domain/database-file.ts'
import { recordSchema } from '../../domain/transfer.ts'
import type { Reader } from '../access.ts'
import { toConflict } from '../entries/conflicts.ts'
import { toRelation } from '../entries/relations.ts'
import { toEntry, withScopeType } from '../entries/rows.ts'
import { TABLES } from '../move/steps.ts'
import { toScope } from '../scopes.ts'
import { toVote } from '../votes.ts'

// Every row is read once, as `list`, `search` and `export` read it, and held against the schema of what it stands for.

/** One row: what it is called, and the record that an export makes of it. Making it throws where a column cannot be read. */
interface Held {
  readonly key: string
  readonly label: string
  readonly record: () => unknown
}

const ROWS_AT_ONCE = 200
const SHOWN = 5

/** Whether every table is there and every row says what it should; each broken one is named. */
export async function checkRows(db: Reader): Promise<Finding[]> {
  const missing = await missingTables(db)
  if (missing.length > 0) {
    const mend = 'Put a backup in its place: agent-memory restore FILE keeps this one aside.'
    return [{ check: 'Rows', level: 'broken', text: `Tables are missing: ${missing.join(', ')}.`, mend }]
  }
  const problems: string[] = []
  let rows = 0
  for (const read of [scopes, entries, versions, relations, conflicts, votes]) {
    for (let after = ''; ; ) {
      const page = await read(db, after)
      rows += page.length
      problems.push(...page.flatMap(problemOf))
      if (page.length < ROWS_AT_ONCE) break
      after = page.at(-1)?.key ?? ''
    }
  }
  return [finding(rows, problems)]
}

function finding(rows: number, problems: readonly string[]): Finding {
  const check = 'Rows'
  if (problems.length === 0) return { check, level: 'ok', text: `Every row can be read (${rows}).` }
  const more = problems.length > SHOWN ? ` And ${problems.length - SHOWN} more.` : ''
  const mend =
    'Put a backup in its place (agent-memory restore FILE), or set the column right in the database: its tables are plain SQL.'
  return { check, level: 'broken', text: `${problems.slice(0, SHOWN).join(' ')}${more}`, mend }
}

async function missingTables(db: Reader): Promise<string[]> {
  const missing: string[] = []
  for (const table of TABLES) {
    try {
      await sql`select * from ${sql.table(table)} limit 1`.execute(db)
    } catch {
      missing.push(table)
    }
  }
  return missing
}

function problemOf({ label, record }: Held): string[] {
  let made: unknown
  try {
    made = record()
  } catch {
    return [`${label}: a column holds no JSON.`]
  }
  const parsed = recordSchema.safeParse(made)
  if (parsed.success) return []
  const [issue] = parsed.error.issues
  return [`${label}: ${issue?.path.slice(1).join('.') ?? ''}: ${issue?.message ?? 'does not fit'}.`]
}

async function scopes(db: Reader, after: string): Promise<Held[]> {
  const query = db.selectFrom('scope').selectAll().where('id', '>', after)
  const rows = await query.orderBy('id').limit(ROWS_AT_ONCE).execute()
  return rows.map((row) => ({
    key: row.id,
    label: `scope ${row.id}`,
    record: () => ({ kind: 'scope', scope: toScope(row) }),
  }))
}

async function entries(db: Reader, after: string): Promise<Held[]> {
  const query = withScopeType(db).where('entry.id', '>', after)
  const rows = await query.orderBy('entry.id').limit(ROWS_AT_ONCE).execute()
  return rows.map((row) => ({
    key: row.id,
    label: `${row.type} ${row.id} (${row.name.slice(0, 60)})`,
    record: () => ({ kind: 'entry', entry: toEntry(row) }),
  }))
}

/** By entry and version, in one text that sorts as they do. */
async function versions(db: Reader, after: string): Promise<Held[]> {
  const [entryId = '', version = '0'] = after.split('\0')
  const rows = await db
    .selectFrom('revision')
    .select(['entry_id', 'version', 'snapshot', 'superseded_at'])
    .where((eb) =>
      eb.or([
        eb('entry_id', '>', entryId),
        eb.and([eb('entry_id', '=', entryId), eb('version', '>', Number(version))]),
      ]),
    )
    .orderBy('entry_id')
    .orderBy('version')
    .limit(ROWS_AT_ONCE)
    .execute()
  return rows.map((row) => ({
    key: `${row.entry_id}\0${row.version}`,
    label: `version ${row.version} of entry ${row.entry_id}`,
    record: () => ({ kind: 'version', entry: JSON.parse(row.snapshot), superseded_at: row.superseded_at }),
  }))
}

async function relations(db: Reader, after: string): Promise<Held[]> {
  const query = db.selectFrom('relation').selectAll().where('id', '>', after)
  const rows = await query.orderBy('id').limit(ROWS_AT_ONCE).execute()
  return rows.map((row) => ({
    key: row.id,
    label: `relation ${row.id}`,
    record: () => ({ kind: 'relation', relation: toRelation(row) }),
  }))
}

async function conflicts(db: Reader, after: string): Promise<Held[]> {
  const query = db.selectFrom('conflict').selectAll().where('id', '>', after)
  const rows = await query.orderBy('id').limit(ROWS_AT_ONCE).execute()
  return rows.map((row) => ({
    key: row.id,
    label: `conflict ${row.id}`,
    record: () => ({ kind: 'conflict', conflict: toConflict(row) }),
  }))
}

async function votes(db: Reader, after: string): Promise<Held[]> {
  const [taskId = '', agentId = ''] = after.split('\0')
  const rows = await db
    .selectFrom('vote')
    .selectAll()
    .where((eb) =>
      eb.or([eb('task_id', '>', taskId), eb.and([eb('task_id', '=', taskId), eb('agent_id', '>', agentId)])]),
    )
    .orderBy('task_id')
    .orderBy('agent_id')
    .limit(ROWS_AT_ONCE)
    .execute()
  return rows.map((row) => ({
    key: `${row.task_id}\0${row.agent_id}`,
    label: `vote of ${row.agent_id.slice(0, 60)} on ${row.task_id.slice(0, 60)}`,
    record: () => ({ kind: 'vote', vote: toVote(row) }),
  }))
}
