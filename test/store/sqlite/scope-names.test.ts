import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'

test('a name that an earlier version kept with its accents apart is found', () =>
  withApp(async (t) => {
    const made = await t.call('memory_scope', 'create', { scope_type: 'project', name: 'Café' })
    await t.app.close()
    const database = new DatabaseSync(join(t.dataDir, 'memory.db'))
    database.prepare('update scope set name = ? where id = ?').run('Café'.normalize('NFD'), made.id)
    database.close()
    const again = await t.secondApp()
    expect(await again.call('memory_scope', 'get', { scope_type: 'project', name: 'Café' })).toMatchObject({
      id: made.id,
    })
  }))
