import { execFile } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { MIGRATIONS } from '../../../src/store/migrations/index.ts'
import { testProgram } from '../../support/test-programs.ts'
import { openOnce, query, withFolder } from './files.ts'

const run = promisify(execFile)

/** Opens the file in a process of its own; what that printed, or the signal that ended it. */
async function opener(path: string, ...how: string[]): Promise<unknown> {
  const args = ['--no-warnings', testProgram('opener.ts'), path, ...how]
  const outcome = await run(process.execPath, args).catch(
    (error: { signal?: string; stderr?: string }) => error,
  )
  return 'stdout' in outcome && outcome.stdout
    ? JSON.parse(String(outcome.stdout))
    : (outcome as { signal?: string }).signal
}

describe('processes that start at once', () => {
  test('on one new file: each gets the whole schema', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'data', 'memory.db')
      const starts = Array.from({ length: 6 }, () => opener(path, 'write'))
      const expected = { version: MIGRATIONS.length, rows: [{ n: 1 }] }
      expect(await Promise.all(starts)).toEqual(starts.map(() => expected))
      expect(query(path, 'select count(*) as n from schema_migration')).toEqual([{ n: MIGRATIONS.length }])
      expect(query(path, 'select count(*) as n from memory_identity')).toEqual([{ n: 1 }])
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }))

  test('on twelve new files, in the same moment: none is taken for the file of another program', () =>
    withFolder(async (folder) => {
      const starts = Array.from({ length: 4 }, () =>
        run(process.execPath, ['--no-warnings', testProgram('starter.ts'), folder, '4', '12']),
      )
      expect((await Promise.all(starts)).map(({ stdout }) => stdout).join('')).toBe('')
    }))

  test('on one old file: one migrates, and the copy is from before', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      const starts = Array.from({ length: 4 }, () => opener(path, 'slow'))
      const expected = { version: MIGRATIONS.length + 1, rows: [{ n: 1 }] }
      expect(await Promise.all(starts)).toEqual(starts.map(() => expected))
      const version = "select version from scope where id = 'global'"
      expect(query(path, version)).toEqual([{ version: 2 }])
      expect(query(`${path}.before-v${MIGRATIONS.length + 1}`, version)).toEqual([{ version: 1 }])
    }))
})

describe('a kill -9', () => {
  test('in the middle of the first start leaves a file that the next start takes', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      expect(await opener(path, 'die-first')).toBe('SIGKILL')
      expect(await openOnce(path)).toBe(MIGRATIONS.length)
      expect(query(path, 'pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    }))

  test('in the middle of a migration leaves the state before it', () =>
    withFolder(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      expect(await opener(path, 'die')).toBe('SIGKILL')
      expect(await openOnce(path)).toBe(MIGRATIONS.length)
      expect(query(path, "select name from scope where id = 'global'")).toEqual([{ name: 'global' }])
    }))
})
