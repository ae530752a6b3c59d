import { execFile } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { testProgram } from '../../support/test-programs.ts'
import { fingerprint, openOnce, withFolder } from './files.ts'

const run = promisify(execFile)
const isRoot = process.getuid?.() === 0

interface Answer {
  readonly version?: number
  readonly consensus?: object
  readonly error?: { readonly name: string; readonly message: string; readonly suggestion: string }
}

/** Rights mean nothing to root: there the process becomes the user `nobody`. */
async function openAsUser(path: string, ...how: string[]): Promise<Answer> {
  const args = ['--no-warnings', testProgram('opener.ts'), path, ...how]
  const { stdout } = await run(process.execPath, isRoot ? [...args, 'as-nobody'] : args)
  return JSON.parse(stdout) as Answer
}

/** Ends with a folder that can be removed again. */
function withPlace<T>(body: (folder: string) => Promise<T>): Promise<T> {
  return withFolder(async (outer) => {
    chmodSync(outer, 0o755)
    const folder = join(outer, 'data')
    mkdirSync(folder)
    try {
      return await body(folder)
    } finally {
      chmodSync(folder, 0o755)
    }
  })
}

function give(...paths: readonly string[]): void {
  for (const path of paths) if (isRoot) chownSync(path, 65534, 65534)
}

describe('without the rights', () => {
  test('a new database in a read-only folder is refused with the reason', () =>
    withPlace(async (folder) => {
      give(folder)
      chmodSync(folder, 0o555)
      const { error } = await openAsUser(join(folder, 'memory.db'))
      expect(error?.name).toBe('DATABASE_ERROR')
      expect(error?.message).toBe(`No permission for ${join(folder, 'memory.db')}.`)
      expect(error?.suggestion).toContain('rights')
      expect(fingerprint(folder)).toEqual({})
    }))

  test('a database in a read-only folder is refused with the reason', () =>
    withPlace(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      give(folder, path)
      const before = fingerprint(folder)
      chmodSync(folder, 0o555)
      const { error } = await openAsUser(path, 'write')
      expect(error?.name).toBe('DATABASE_ERROR')
      expect(error?.message).toContain(path)
      expect(error?.suggestion).toMatch(/read and write|writable/)
      expect(fingerprint(folder)).toEqual(before)
    }))

  test('a read-only file is not written to, and the message says why', () =>
    withPlace(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      give(folder, path)
      chmodSync(path, 0o444)
      const before = fingerprint(folder)
      const { error } = await openAsUser(path, 'write')
      expect(error?.message).toBe(`${path} or its folder is read-only; nothing was written.`)
      expect(fingerprint(folder)['memory.db']).toEqual(before['memory.db'])
    }))

  test('a consensus is answered from a read-only file, and not kept', () =>
    withPlace(async (folder) => {
      const path = join(folder, 'memory.db')
      give(folder)
      await openAsUser(path, 'vote')
      chmodSync(path, 0o444)
      const { consensus } = await openAsUser(path, 'ask')
      expect(consensus).toMatchObject({ has_consensus: true, winning_value: 'yes', votes: 1 })
      expect(consensus).not.toHaveProperty('decided_at')
      for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644)
      expect((await openAsUser(path, 'ask')).consensus).toHaveProperty('decided_at')
    }))

  test("another user's file is refused with the reason", () =>
    withPlace(async (folder) => {
      const path = join(folder, 'memory.db')
      await openOnce(path)
      give(folder)
      chmodSync(path, 0o000)
      const before = isRoot ? fingerprint(folder) : {}
      const { error } = await openAsUser(path)
      expect(error?.name).toBe('DATABASE_ERROR')
      expect(error?.suggestion).toMatch(/read and write/)
      if (isRoot) expect(fingerprint(folder)).toEqual(before)
    }))
})
