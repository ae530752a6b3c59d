import { randomBytes, randomUUID } from 'node:crypto'
import { Client } from 'pg'

/** What a schema is and holds just after it was migrated. */
interface Pristine {
  readonly shape: string
  /** Rows of each table, as JSON. */
  readonly rows: ReadonlyMap<string, string>
}

/**
 * Migrated schemas that hold nothing, kept for the next test of this worker: making the tables and dropping them again takes
 * longer than most tests. One whose tables a test has changed is dropped.
 */
export class SpareSchemas {
  readonly #url: string
  readonly #spares: string[] = []
  #client: Promise<Client> | undefined
  #pristine: Pristine | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** A migrated, empty schema of that name; `migrate` fills it where no spare one is left. */
  async take(name: string, migrate: () => Promise<void>): Promise<void> {
    const client = await this.#connected()
    const spare = this.#spares.pop()
    if (spare !== undefined) {
      await client.query(`alter schema ${spare} rename to ${name}`)
      return
    }
    await client.query(`create schema ${name}`)
    await migrate()
    this.#pristine ??= { shape: await shapeOf(client, name), rows: await rowsOf(client, name) }
  }

  /** Empties the schema and keeps it, or drops it. */
  async giveBack(name: string): Promise<void> {
    const client = await this.#connected()
    const pristine = this.#pristine
    if (pristine === undefined || (await shapeOf(client, name)) !== pristine.shape)
      return void (await client.query(`drop schema if exists ${name} cascade`))
    const spare = `spare_${randomUUID().replaceAll('-', '')}`
    await client.query(resetStatements(name, pristine))
    await client.query(`alter schema ${name} rename to ${spare}`)
    this.#spares.push(spare)
  }

  #connected(): Promise<Client> {
    this.#client ??= connect(this.#url)
    return this.#client
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url })
  // The server of a run ends before its workers do.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Everything that a statement of a test could have changed but rows. */
async function shapeOf(client: Client, name: string): Promise<string> {
  const { rows } = await client.query<{ shape: string }>(
    `with relations as (select c.* from pg_class c join pg_namespace n on n.oid = relnamespace where nspname = $1)
    select md5(string_agg(part, '|' order by part)) as shape from (
      select format('%s %s %s %s %s', relname, relkind, relrowsecurity, relpersistence, reloptions) part from relations
      union all select format('%s.%s %s %s', relname, attname, atttypid, attnotnull)
        from pg_attribute a join relations r on r.oid = attrelid where attnum > 0 and not attisdropped
      union all select format('%s %s', relname, replace(pg_get_indexdef(indexrelid), $1, ''))
        from pg_index i join relations r on r.oid = indexrelid where indisvalid
      union all select format('%s %s', conname, convalidated) from pg_constraint c join relations r on r.oid = conrelid
      union all select format('%s %s', tgname, tgenabled) from pg_trigger t join relations r on r.oid = tgrelid
        where not tgisinternal
      union all select proname from pg_proc p join pg_namespace n on n.oid = pronamespace where nspname = $1
    ) parts`,
    [name],
  )
  return rows[0]?.shape ?? ''
}

async function rowsOf(client: Client, name: string): Promise<ReadonlyMap<string, string>> {
  const { rows: tables } = await client.query<{ tablename: string }>(
    'select tablename from pg_tables where schemaname = $1',
    [name],
  )
  const found = new Map<string, string>()
  for (const { tablename } of tables) {
    const { rows } = await client.query<{ all: string }>(
      `select coalesce(json_agg(t), '[]')::text as all from ${name}."${tablename}" t`,
    )
    found.set(tablename, rows[0]?.all ?? '[]')
  }
  return found
}

/** Rows as just after the migrations, counters at their start, and the identity of a database of its own. */
function resetStatements(name: string, { rows }: Pristine): string {
  const statements = [...rows].flatMap(([table, all]) => {
    const place = `${name}."${table}"`
    const again = `insert into ${place} select * from json_populate_recordset(null::${place}, '${all.replaceAll("'", "''")}')`
    return [`delete from ${place}`, ...(all === '[]' ? [] : [again])]
  })
  const secret = randomBytes(32).toString('hex')
  return [
    'begin',
    // No foreign key is asked: all rows go.
    'set local session_replication_role = replica',
    ...statements,
    `update ${name}.memory_identity set id = '${randomUUID()}', secret = '${secret}'`,
    `select setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
      from pg_sequences where schemaname = '${name}'`,
    'commit',
  ].join(';\n')
}
