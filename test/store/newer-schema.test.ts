import { expect, test } from 'vitest'
import { withApp } from '../support/app.ts'
import { runStatement, testDatabase } from '../support/database.ts'

/** What the next program leaves behind when it has brought the database up to date. */
const NEWER =
  testDatabase === 'sqlite'
    ? 'pragma user_version = 999'
    : "insert into schema_migration (version, name, applied_at) values (999, 'later', '')"
test('a running server writes no more once a newer program has brought the database up to date', () =>
  withApp(async (t) => {
    const add = (name: string) => t.call('memory_guideline', 'add', { name, content: 'c' })
    await add('before')
    await runStatement(t.dataDir, NEWER)
    let tries = 0
    const refused = () =>
      add(`after ${tries++}`).then(
        () => 'stored',
        (error: Error) => error.message,
      )
    await expect.poll(refused).toContain('a newer agent-memory wrote it')
    expect(await t.refused('memory_file_lock', 'checkout', { file_path: '/f' })).toMatchObject({
      name: 'MIGRATION_ERROR',
      message: expect.stringContaining('schema version 999'),
    })
    expect(await t.call('memory_guideline', 'get', { name: 'before' })).toMatchObject({ content: 'c' })
    expect(await t.call('memory_health', null)).toMatchObject({
      status: 'degraded',
      problems: [expect.stringMatching(/^database: .*a newer agent-memory wrote it.*restart/)],
    })
  }))
