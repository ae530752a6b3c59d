import { Client } from 'pg'
import { expect, test } from 'vitest'
import { withPostgres } from './postgres-server.ts'
import { startKeeper } from './provide-postgres.ts'
import { until } from './until.ts'

const connected = async (connectionString: string, options?: string) => {
  const client = new Client({ connectionString, ...(options && { options }) })
  client.on('error', () => {})
  await client.connect()
  return client
}
const answerTo = async (client: Client, expression: string) =>
  (await client.query<{ value: unknown }>(`select ${expression} as value`)).rows[0]?.value
const session = (client: Client) => answerTo(client, 'pg_backend_pid()')

test('a session that was ended properly is given on empty, every other one is not', async () => {
  await withPostgres({}, async (server) => {
    const keeper = await startKeeper(server.url())
    const next = async (options?: string) => connected(keeper.url, options)
    try {
      const first = await next()
      const kept = await session(first)
      await first.query("set application_name = 'left behind'; select pg_advisory_lock(1); listen news")
      await first.query({ name: 'prepared', text: 'select 1' })
      await first.end()
      await until('the session has ended', async () => {
        const [row] = await server.query(
          `select query from pg_stat_activity where pid = ${kept} and state = 'idle'`,
        )
        return row?.['query'] === 'discard all'
      })

      const second = await next()
      expect(await session(second)).toBe(kept)
      expect(await answerTo(second, "current_setting('application_name')")).toBe('')
      expect(await answerTo(second, "(select count(*)::int from pg_locks where locktype = 'advisory')")).toBe(
        0,
      )
      expect(await answerTo(second, '(select count(*)::int from pg_listening_channels())')).toBe(0)
      expect((await second.query({ name: 'prepared', text: 'select 2 as two' })).rows).toEqual([{ two: 2 }])

      const other = await next('-c search_path=pg_catalog')
      expect(await session(other)).not.toBe(kept)
      await other.end()

      // A transaction that is open, and a connection that breaks, end the session.
      await second.query('begin')
      await second.end()
      const third = await next()
      const broken = await session(third)
      expect(broken).not.toBe(kept)
      third.connection.stream.destroy()
      await until(
        'the session has ended',
        async () => (await server.query(`select from pg_stat_activity where pid = ${broken}`)).length === 0,
      )
    } finally {
      await keeper.close()
    }
  })
})
