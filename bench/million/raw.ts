import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { questionOf } from '../../src/domain/words/asked/question.ts'

/** Settings of a server. */
export type Env = Readonly<Record<string, string>>

/** The bare statement of a question's plain words on the same index: any of them, the best ten by the index's own rank. */
export interface Raw {
  time(query: string): Promise<number>
  /** The sessions of other programs in this database. */
  others(): Promise<number[]>
  close(): Promise<void>
}

export async function openRaw(env: Env): Promise<Raw> {
  const url = env['AGENT_MEMORY_PG_URL']
  return url === undefined
    ? openSqlite(join(env['AGENT_MEMORY_DATA_DIR'] ?? '', 'memory.db'))
    : openPostgres(url)
}

/** The words themselves, without what may stand for them. */
function plainTerms(query: string): string[] {
  return questionOf(query).words.flatMap(({ members, isExtra }) => {
    const [own] = members
    return own && !isExtra ? [own.term] : []
  })
}

function openSqlite(path: string): Raw {
  const db = new DatabaseSync(path, { readOnly: true })
  db.exec('pragma temp_store = memory; pragma cache_size = -8000')
  const statement = db.prepare(
    'select rowid from entry_words where entry_words match ? order by rank limit 10',
  )
  return {
    async time(query) {
      const match = plainTerms(query)
        .map((term) => `terms:"${term}"`)
        .join(' OR ')
      const started = performance.now()
      if (match !== '') statement.all(match)
      return performance.now() - started
    },
    others: async () => [],
    close: async () => db.close(),
  }
}

async function openPostgres(url: string): Promise<Raw> {
  const client = new Client({ connectionString: url, ssl: false })
  await client.connect()
  return {
    async time(query) {
      const match = plainTerms(query)
        .map((term) => `'${term.replaceAll("'", ' ')}'`)
        .join(' | ')
      const started = performance.now()
      if (match !== '')
        await client.query(
          'select seq from entry_search where vector @@ $1::tsquery order by ts_rank(vector, $1::tsquery) desc limit 10',
          [match],
        )
      return performance.now() - started
    },
    async others() {
      const { rows } = await client.query<{ pid: number }>(
        'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and client_port is not null',
      )
      return rows.map(({ pid }) => pid)
    },
    close: () => client.end(),
  }
}
