import { renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'

test('a database file that was moved away under the server is unhealthy, with what to do', () =>
  withApp(async (t) => {
    renameSync(t.app.config.dbPath, `${t.app.config.dbPath}.moved`)
    const health = await t.call<{ problems: string[] }>('memory_health', null)
    expect(health).toMatchObject({ status: 'unhealthy', database: { connected: true } })
    expect(health.problems).toEqual([expect.stringContaining('Restart the server')])
  }))

test('under a file that was moved away reads answer what was opened, and writes are refused', () =>
  withApp(async (t) => {
    const { id } = await t.call('memory_knowledge', 'add', { name: 'kept', content: 'opened words' })
    renameSync(t.app.config.dbPath, `${t.app.config.dbPath}.moved`)
    expect(await t.call('memory_knowledge', 'get', { id })).toMatchObject({ content: 'opened words' })
    const refused = await t.refused('memory_knowledge', 'add', { name: 'lost', content: 'c' })
    expect(refused).toMatchObject({ name: 'DATABASE_ERROR' })
  }))
