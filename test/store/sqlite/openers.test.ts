import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { sqliteFile } from '../../../src/store/sqlite/file/file.ts'
import { findOpeners } from '../../../src/store/sqlite/file/openers.ts'
import { withWorkers } from '../../support/process.ts'
import { openOnce, withFolder } from './files.ts'

const hasLockList = existsSync('/proc/locks')

test('the processes that have a database open are found, and named by the look at it', () =>
  withFolder(async (dataDir) => {
    const path = join(dataDir, 'memory.db')
    await openOnce(path)
    expect(findOpeners(path)?.open ?? []).toEqual([])
    await withWorkers({ dataDir, count: 2 }, async (a, b) => {
      const pids = [a.pid, b.pid].sort((one, other) => one - other)
      expect(findOpeners(path)).toEqual(hasLockList ? { open: pids, writer: undefined } : undefined)
      const use = (await sqliteFile(path).inspect()).find(({ check }) => check === 'Use')
      expect(use?.text).toBe(hasLockList ? `Open in 2 processes (${pids.join(', ')}).` : undefined)
    })
  }))

test("the kernel's list is understood: openers, and the writer among them", () =>
  withFolder(async (folder) => {
    const path = join(folder, 'memory.db')
    await openOnce(path)
    await withWorkers({ dataDir: folder, count: 1 }, async () => {
      const { ino } = statSync(`${path}-shm`)
      const list = [
        `1: POSIX  ADVISORY  READ 4711 fe:00:${ino} 128 128`,
        `2: POSIX  ADVISORY  WRITE 4712 fe:00:${ino} 120 120`,
        `3: POSIX  ADVISORY  READ 4712 fe:00:${ino} 128 128`,
        `4: POSIX  ADVISORY  READ 4713 fe:00:${ino}9 128 128`,
        `5: FLOCK  ADVISORY  WRITE 4714 fe:00:${ino} 0 EOF`,
        '6: POSIX  ADVISORY  READ 4715 fe:00:1 0 EOF',
        '',
      ].join('\n')
      expect(findOpeners(path, () => list)).toEqual({ open: [4711, 4712], writer: 4712 })
      expect(findOpeners(path, () => undefined)).toBeUndefined()
    })
  }))
