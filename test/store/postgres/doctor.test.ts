import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { withCli } from '../../support/cli.ts'
import {
  databaseEnv,
  makeDatabaseFolder,
  removeDatabaseFolder,
  runStatement,
} from '../../support/database.ts'

interface Report {
  readonly status: string
  readonly findings: readonly { readonly check: string; readonly level: string; readonly text: string }[]
}

async function doctor(dataDir: string, ...flags: string[]): Promise<Report & { code: number }> {
  return withCli(async (cli) => {
    const { code, stdout } = await cli(['doctor', '--json', ...flags], { env: databaseEnv(dataDir) })
    return { code, ...(JSON.parse(stdout) as Report) }
  })
}

const texts = ({ findings }: Report, level: string) =>
  findings.filter((finding) => finding.level === level).map(({ text }) => text)

test('an empty schema is no trouble, and stays empty', async () => {
  const folder = await makeDatabaseFolder()
  try {
    for (const _ of [1, 2]) {
      const report = await doctor(folder, '--mend')
      expect([report.code, report.status]).toEqual([0, 'ok'])
      expect(texts(report, 'ok')).toContain('No tables yet; the first start makes them.')
    }
  } finally {
    await removeDatabaseFolder(folder)
  }
})

test('a sequence behind its table is named and raised', () =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'a', content: 'c' })
    await runStatement(t.dataDir, "select setval(pg_get_serial_sequence('entry', 'seq'), 1, false)")
    const report = await doctor(t.dataDir)
    expect([report.code, texts(report, 'broken')]).toEqual([1, ['Sequences behind their tables: entry.']])
    expect((await doctor(t.dataDir, '--mend')).status).toBe('ok')
    await t.call('memory_knowledge', 'add', { name: 'b', content: 'c' })
  }))

test.each([
  ['delete from entry_search', 'Entries missing in the index: 1;'],
  ["update entry_search set vector = 'odd'::tsvector", 'in it with other words: 1.'],
])('the search index is held against the entries: %s', (statement, said) =>
  withApp(async (t) => {
    await t.call('memory_knowledge', 'add', { name: 'deployment', content: 'On Tuesdays.' })
    await runStatement(t.dataDir, statement)
    expect(texts(await doctor(t.dataDir), 'broken')[0]).toContain(said)
    expect((await doctor(t.dataDir, '--mend')).status).toBe('ok')
    expect((await t.call('memory_query', 'search', { query: 'deployment' }))['results']).toHaveLength(1)
  }),
)

test('tables of an older version are reported as such, not as healthy', () =>
  withApp(async (t) => {
    await runStatement(
      t.dataDir,
      'delete from schema_migration where version = (select max(version) from schema_migration)',
    )
    const older = await doctor(t.dataDir)
    expect([older.code, older.status]).toEqual([0, 'warning'])
    expect(texts(older, 'warning')[0]).toContain('those of an older version')
  }))

test('a read-only server is broken, for nothing can be written', () =>
  withApp(async (t) => {
    const env = databaseEnv(t.dataDir)
    const url = new URL(env['AGENT_MEMORY_PG_URL'] ?? '')
    url.searchParams.set('options', `${url.searchParams.get('options')} -c default_transaction_read_only=on`)
    await withCli(async (cli) => {
      const { code, stdout } = await cli(['doctor'], { env: { ...env, AGENT_MEMORY_PG_URL: url.href } })
      expect(code).toBe(1)
      expect(stdout).toContain('is read-only (default_transaction_read_only)')
    })
  }))
