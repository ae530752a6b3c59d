import { type Kysely, sql } from 'kysely'
import type { Migration, MigrationDialect } from '../migrate.ts'

/** Everything that the first release stores. Written once for both databases; the search index is the dialect's own. */
export const initial: Migration = {
  name: '0001-initial',
  changesData: false,
  async up(db, dialect) {
    await createScopes(db, dialect)
    await createEntries(db, dialect)
    await createCoordination(db, dialect)
    await dialect.createSearchIndex(db)
  },
}

async function createScopes(db: Kysely<unknown>, { text, createLongKey }: MigrationDialect): Promise<void> {
  await db.schema
    .createTable('scope')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('parent_id', text, (c) => c.references('scope.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('root_path', text)
    .addColumn('purpose', text)
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('metadata', text, (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('updated_by', text, (c) => c.notNull())
    .addColumn('ended_at', text)
    .execute()
  await createLongKey(db, { table: 'scope', column: 'root_path' })
  // Two sessions may share a name; orgs and projects below one parent may not.
  await sql`create unique index scope_name on scope (parent_id, type, name) where type in ('org', 'project')`.execute(
    db,
  )
  await db.schema.createIndex('scope_parent').on('scope').columns(['parent_id', 'type', 'id']).execute()
  const epoch = '1970-01-01T00:00:00.000Z'
  await sql`insert into scope (id, type, name, status, metadata, version, created_at, created_by, updated_at, updated_by)
    values ('global', 'global', 'global', 'active', '{}', 1, ${epoch}, 'system', ${epoch}, 'system')`.execute(
    db,
  )
}

async function createEntries(db: Kysely<unknown>, { text, autoIncrement }: MigrationDialect): Promise<void> {
  await db.schema
    .createTable('entry')
    // The search index refers to rows by this number. A table without one may be renumbered by VACUUM.
    .addColumn('seq', autoIncrement, (c) => c.primaryKey())
    .addColumn('id', text, (c) => c.notNull().unique())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('scope_id', text, (c) => c.notNull().references('scope.id'))
    .addColumn('name', text, (c) => c.notNull())
    .addColumn('content', text, (c) => c.notNull())
    .addColumn('tags', text, (c) => c.notNull())
    .addColumn('priority', 'integer', (c) => c.notNull())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('fields', text, (c) => c.notNull())
    .addColumn('metadata', text, (c) => c.notNull())
    .addColumn('search_text', text, (c) => c.notNull())
    .addColumn('sketch_a', 'bigint')
    .addColumn('sketch_b', 'bigint')
    .addColumn('valid_from', text)
    .addColumn('valid_until', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addColumn('updated_by', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('entry_name')
    .on('entry')
    .columns(['scope_id', 'type', 'name'])
    .unique()
    .execute()
  await db.schema.createIndex('entry_order').on('entry').columns(['scope_id', 'id']).execute()
  await db.schema.createIndex('entry_sketch_a').on('entry').column('sketch_a').execute()
  await db.schema.createIndex('entry_sketch_b').on('entry').column('sketch_b').execute()
  // What a context reads first; validity stands in it so that rows are counted without being read.
  await db.schema
    .createIndex('entry_value')
    .on('entry')
    .columns(['scope_id', 'type', 'status', 'priority', 'updated_at', 'valid_from', 'valid_until'])
    .execute()
  for (const column of ['valid_from', 'valid_until'] as const) {
    await sql`create index ${sql.ref(`entry_${column}`)} on entry (scope_id, ${sql.ref(column)})
      where ${sql.ref(column)} is not null`.execute(db)
  }

  await db.schema
    .createTable('entry_tag')
    .addColumn('entry_id', text, (c) => c.notNull().references('entry.id').onDelete('cascade'))
    .addColumn('tag', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('entry_tag_pk', ['entry_id', 'tag'])
    .execute()
  await db.schema.createIndex('entry_tag_tag').on('entry_tag').columns(['tag', 'entry_id']).execute()

  await db.schema
    .createTable('revision')
    .addColumn('entry_id', text, (c) => c.notNull().references('entry.id').onDelete('cascade'))
    .addColumn('version', 'bigint', (c) => c.notNull())
    .addColumn('scope_id', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('written_at', text, (c) => c.notNull())
    .addColumn('superseded_at', text, (c) => c.notNull())
    .addColumn('snapshot', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('revision_pk', ['entry_id', 'version'])
    .execute()
  await db.schema.createIndex('revision_time').on('revision').columns(['scope_id', 'superseded_at']).execute()

  await db.schema
    .createTable('relation')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('from_id', text, (c) => c.notNull().references('entry.id').onDelete('cascade'))
    .addColumn('to_id', text, (c) => c.notNull().references('entry.id').onDelete('cascade'))
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('metadata', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('created_by', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createIndex('relation_ends')
    .on('relation')
    .columns(['from_id', 'to_id', 'type'])
    .unique()
    .execute()
  await db.schema.createIndex('relation_to').on('relation').column('to_id').execute()

  await db.schema
    .createTable('conflict')
    .addColumn('id', text, (c) => c.primaryKey())
    .addColumn('entry_id', text, (c) => c.notNull().references('entry.id').onDelete('cascade'))
    .addColumn('entry_type', text, (c) => c.notNull())
    .addColumn('scope_id', text, (c) => c.notNull())
    .addColumn('status', text, (c) => c.notNull())
    .addColumn('kind', text, (c) => c.notNull())
    .addColumn('base_version', 'bigint')
    .addColumn('current_version', 'bigint', (c) => c.notNull())
    .addColumn('fields', text, (c) => c.notNull())
    .addColumn('current_values', text, (c) => c.notNull())
    .addColumn('incoming_values', text, (c) => c.notNull())
    .addColumn('current_agent', text, (c) => c.notNull())
    .addColumn('incoming_agent', text, (c) => c.notNull())
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('resolution', text)
    .addColumn('resolved_at', text)
    .addColumn('resolved_by', text)
    .execute()
  await db.schema.createIndex('conflict_open').on('conflict').columns(['status', 'scope_id', 'id']).execute()
  await db.schema.createIndex('conflict_entry').on('conflict').column('entry_id').execute()

  await db.schema
    .createTable('change_log')
    .addColumn('id', autoIncrement, (c) => c.primaryKey())
    .addColumn('event_id', text, (c) => c.notNull())
    .addColumn('at', text, (c) => c.notNull())
    .addColumn('type', text, (c) => c.notNull())
    .addColumn('scope_type', text, (c) => c.notNull())
    .addColumn('scope_id', text, (c) => c.notNull())
    .addColumn('entry_type', text)
    .addColumn('entry_id', text)
    .addColumn('entry_version', 'bigint')
    .addColumn('detail', text, (c) => c.notNull())
    .addColumn('versions', text, (c) => c.notNull())
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('instance_id', text, (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('scope_version')
    .addColumn('scope_key', text, (c) => c.primaryKey())
    .addColumn('version', 'bigint', (c) => c.notNull())
    .execute()
}

async function createCoordination(
  db: Kysely<unknown>,
  { text, createLongKey }: MigrationDialect,
): Promise<void> {
  await db.schema
    .createTable('lease')
    .addColumn('path', text, (c) => c.notNull())
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('token', 'bigint', (c) => c.notNull())
    .addColumn('purpose', text)
    .addColumn('ttl_ms', 'bigint', (c) => c.notNull())
    .addColumn('request_token', text, (c) => c.notNull())
    .addColumn('boot_id', text, (c) => c.notNull())
    .addColumn('expires_ms', 'bigint', (c) => c.notNull())
    .addColumn('acquired_at', text, (c) => c.notNull())
    .addColumn('expires_at', text, (c) => c.notNull())
    .addColumn('ended', 'integer', (c) => c.notNull())
    .execute()
  await createLongKey(db, { table: 'lease', column: 'path' })
  await db.schema
    .createTable('lease_waiter')
    .addColumn('request_token', text, (c) => c.notNull())
    .addColumn('path', text, (c) => c.notNull())
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('ticket', 'bigint', (c) => c.notNull())
    .addColumn('boot_id', text, (c) => c.notNull())
    .addColumn('seen_ms', 'bigint', (c) => c.notNull())
    .addColumn('seen_at', text, (c) => c.notNull())
    .execute()
  await db.schema.createIndex('lease_waiter_request').on('lease_waiter').column('request_token').execute()
  await db.schema
    .createTable('counter')
    .addColumn('name', text, (c) => c.primaryKey())
    .addColumn('value', 'bigint', (c) => c.notNull())
    .execute()
  await db.schema
    .createTable('vote')
    .addColumn('task_id', text, (c) => c.notNull())
    .addColumn('agent_id', text, (c) => c.notNull())
    .addColumn('vote_value', text, (c) => c.notNull())
    .addColumn('canonical', text, (c) => c.notNull())
    .addColumn('confidence', 'double precision')
    .addColumn('reasoning', text)
    .addColumn('created_at', text, (c) => c.notNull())
    .addColumn('updated_at', text, (c) => c.notNull())
    .addPrimaryKeyConstraint('vote_pk', ['task_id', 'agent_id'])
    .execute()
}
