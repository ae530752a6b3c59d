import { randomUUID } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'

type Row = Readonly<Record<string, unknown>>

/** What the program has written for one add: its entry and its row of the log. Each raw write is the same with another id. */
const SAMPLES = [
  { table: 'entry', number: 'seq', fresh: ['id', 'name'] },
  { table: 'change_log', number: 'id', fresh: ['event_id'] },
] as const

/** An insert of a row like the one that is there, with its values but for the fresh ones. */
interface Insert {
  readonly columns: readonly string[]
  values(): unknown[]
}

function insertLike(row: Row, { number, fresh }: (typeof SAMPLES)[number]): Insert {
  const columns = Object.keys(row).filter((column) => column !== number)
  const isFresh = new Set<string>(fresh)
  return {
    columns,
    values: () => columns.map((column) => (isFresh.has(column) ? randomUUID() : row[column])),
  }
}

/** Transactions of two inserts a second, on so many connections at once, each statement prepared once. */
export async function rawPostgres(url: string, connections: number, ms: number): Promise<number> {
  const clients = Array.from({ length: connections }, () => new Client({ connectionString: url, ssl: false }))
  await Promise.all(clients.map((client) => client.connect()))
  try {
    const inserts: { name: string; text: string; values: () => unknown[] }[] = []
    for (const sample of SAMPLES) {
      const { rows } = (await clients[0]?.query<Row>(
        `select * from ${sample.table} order by ${sample.number} desc limit 1`,
      )) ?? { rows: [] }
      const { columns, values } = insertLike(rows[0] ?? {}, sample)
      const places = columns.map((_, at) => `$${at + 1}`)
      const text = `insert into ${sample.table} (${columns.join(', ')}) values (${places.join(', ')})`
      inserts.push({ name: sample.table, text, values })
    }
    let done = 0
    const started = performance.now()
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < started + ms) {
          await client.query('begin')
          for (const { values, ...insert } of inserts) await client.query({ ...insert, values: values() })
          await client.query('commit')
          done++
        }
      }),
    )
    return done / ((performance.now() - started) / 1_000)
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

/** The same on the file, on one connection. */
export function rawSqlite(path: string, ms: number): number {
  const db = new DatabaseSync(path)
  db.exec('pragma synchronous = full; pragma temp_store = memory; pragma cache_size = -8000')
  try {
    const inserts = SAMPLES.map((sample) => {
      const row =
        db.prepare(`select * from ${sample.table} order by ${sample.number} desc limit 1`).get() ?? {}
      const { columns, values } = insertLike(row, sample)
      const places = columns.map(() => '?').join(', ')
      const text = `insert into ${sample.table} (${columns.join(', ')}) values (${places})`
      return { statement: db.prepare(text), values }
    })
    let done = 0
    const started = performance.now()
    for (; performance.now() < started + ms; done++) {
      db.exec('begin immediate')
      for (const { statement, values } of inserts) statement.run(...(values() as string[]))
      db.exec('commit')
    }
    return done / ((performance.now() - started) / 1_000)
  } finally {
    db.close()
  }
}
