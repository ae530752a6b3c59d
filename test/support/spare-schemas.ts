import { randomBytes, randomUUID } from 'node:crypto'
import { Client } from 'pg'

/** Rows of each table just after it was migrated, as JSON. */
type Rows = ReadonlyMap<string, string>

/**
 * Migrated schemas that hold nothing, kept for the next test of this worker: making the tables and dropping them again takes
 * longer than most tests. One whose tables a test has changed is dropped. A schema keeps its name, so that a session that was kept
 * as well (session-keeper.ts) knows its tables.
 */
export class SpareSchemas {
  readonly #url: string
  readonly #spares: string[] = []
  /** What each schema was when it was migrated. */
  readonly #shapes = new Map<string, string>()
  #client: Promise<Client> | undefined
  #pristine: Rows | undefined

  constructor(url: string) {
    this.#url = url
  }

  /** The name of a migrated, empty schema; `migrate` fills a new one where no spare one is left. */
  async take(migrate: (name: string) => Promise<void>): Promise<string> {
    const client = await this.#connected()
    const spare = this.#spares.pop()
    if (spare !== undefined) return spare
    const name = `test_${randomUUID().replaceAll('-', '')}`
    await client.query(`create schema ${name}`)
    await migrate(name)
    this.#pristine ??= await rowsOf(client, name)
    this.#shapes.set(name, await shapeOf(client, name))
    return name
  }

  /** Empties the schema and keeps it, or drops it. */
  async giveBack(name: string): Promise<void> {
    const client = await this.#connected()
    if (this.#pristine === undefined || (await shapeOf(client, name)) !== this.#shapes.get(name))
      return void (await client.query(`drop schema if exists ${name} cascade`))
    await client.query(resetStatements(name, this.#pristine))
    this.#spares.push(name)
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

/** Changes with everything that a statement of a test could have changed but rows: which transactions wrote the catalogue. */
async function shapeOf(client: Client, name: string): Promise<string> {
  const { rows } = await client.query<{ shape: string }>({
    // Planned once a worker.
    name: 'shape',
    text: `with schema as (select oid from pg_namespace where nspname = $1),
    relations as (select oid, xmin from pg_class where relnamespace = (select oid from schema))
    select md5(string_agg(part, ' ' order by part)) as shape from (
      select 'r' || oid || '.' || xmin as part from relations
      union all select 'a' || attrelid || '.' || attnum || '.' || a.xmin from pg_attribute a join relations r on attrelid = r.oid
      union all select 'i' || indexrelid || '.' || i.xmin from pg_index i join relations r on indexrelid = r.oid
      union all select 'c' || c.oid || '.' || c.xmin from pg_constraint c where connamespace = (select oid from schema)
      union all select 't' || t.oid || '.' || t.xmin from pg_trigger t join relations r on tgrelid = r.oid
      union all select 'p' || oid || '.' || xmin from pg_proc where pronamespace = (select oid from schema)
    ) parts`,
    values: [name],
  })
  return rows[0]?.shape ?? ''
}

async function rowsOf(client: Client, name: string): Promise<Rows> {
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
function resetStatements(name: string, rows: Rows): string {
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
