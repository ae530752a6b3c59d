import { copyFileSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'

// A server goes on with a file that others no longer see: nothing is acknowledged there.

const SENTENCE = /was removed or replaced while the server runs/

/** What a person does to the files of a running server. */
const DEEDS: Record<string, (folder: string) => void> = {
  'removes all files': (folder) => {
    for (const name of readdirSync(folder)) if (name.startsWith('memory.db')) rmSync(join(folder, name))
  },
  'removes the database alone': (folder) => rmSync(join(folder, 'memory.db')),
  'removes the write-ahead log': (folder) => rmSync(join(folder, 'memory.db-wal')),
  'moves the database away': (folder) => renameSync(join(folder, 'memory.db'), join(folder, 'elsewhere.db')),
  'puts a copy in its place': (folder) => {
    copyFileSync(join(folder, 'memory.db'), join(folder, 'copy.db'))
    renameSync(join(folder, 'copy.db'), join(folder, 'memory.db'))
  },
  'leaves a link to a copy': (folder) => {
    renameSync(join(folder, 'memory.db'), join(folder, 'moved.db'))
    copyFileSync(join(folder, 'moved.db'), join(folder, 'other.db'))
    symlinkSync(join(folder, 'other.db'), join(folder, 'memory.db'))
  },
}

/** Everything that acknowledges something. */
const WRITES: [tool: string, action: string, args: object][] = [
  ['memory_knowledge', 'add', { name: 'two', content: 'c' }],
  ['memory_knowledge', 'update', { name: 'one', content: 'changed' }],
  ['memory_knowledge', 'bulk_add', { entries: [{ name: 'three', content: 'c' }] }],
  ['memory_knowledge', 'deactivate', { name: 'one' }],
  ['memory_knowledge', 'delete', { name: 'one' }],
  ['memory_scope', 'create', { scope_type: 'org', name: 'acme' }],
  ['memory_scope', 'start', { name: 'session' }],
  ['memory_file_lock', 'checkout', { file_path: 'src/a.ts' }],
  ['memory_voting', 'record_vote', { task_id: 't', vote_value: 1 }],
]

describe.each(Object.keys(DEEDS))('when a person %s', (deed) => {
  test('every write and lock is refused with that sentence, in every server, and health says it', () =>
    withApp(async (t) => {
      await t.call('memory_knowledge', 'add', { name: 'one', content: 'c' })
      const second = await t.secondApp()
      await second.call('memory_knowledge', 'get', { name: 'one' })
      await second.call('memory_file_lock', 'checkout', { file_path: 'src/b.ts' })
      DEEDS[deed]?.(t.dataDir)
      await everyWriteIsRefused(t)
      await everyWriteIsRefused(second)
      const health = await t.call<{ status: string; problems: string[] }>('memory_health', null)
      expect(health.status).toBe('unhealthy')
      expect(health.problems.join(' ')).toMatch(SENTENCE)
    }))
})

test('when the file is put back, the server goes on', () =>
  withApp(async (t) => {
    const path = join(t.dataDir, 'memory.db')
    await t.call('memory_knowledge', 'add', { name: 'one', content: 'c' })
    renameSync(path, `${path}.away`)
    expect((await t.refused('memory_knowledge', 'add', { name: 'two', content: 'c' })).message).toMatch(
      SENTENCE,
    )
    renameSync(`${path}.away`, path)
    expect(await t.call('memory_knowledge', 'add', { name: 'two', content: 'c' })).toMatchObject({
      version: 1,
    })
  }))

async function everyWriteIsRefused(t: TestApp): Promise<void> {
  for (const [tool, action, args] of WRITES) {
    const { name, message } = await t.refused(tool, action, { ...args })
    expect([name, action, SENTENCE.test(message)]).toEqual(['DATABASE_ERROR', action, true])
  }
}
