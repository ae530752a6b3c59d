import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeFolder } from '../src/make-folder.ts'
import { withFolder } from './support/mcp.ts'

const modeOf = (path: string) => statSync(path).mode & 0o777

test('a folder and all above it, each for its owner alone', () =>
  withFolder(async (folder) => {
    makeFolder(join(folder, 'a', 'b', 'c'))
    expect(modeOf(join(folder, 'a'))).toBe(0o700)
    expect(modeOf(join(folder, 'a', 'b', 'c'))).toBe(0o700)
  }))

test('a folder that is there stays as it is, and so does a link to one', () =>
  withFolder(async (folder) => {
    mkdirSync(join(folder, 'there'), { mode: 0o755 })
    symlinkSync(join(folder, 'there'), join(folder, 'link'))
    makeFolder(join(folder, 'there'))
    makeFolder(join(folder, 'link', 'below'))
    expect(modeOf(join(folder, 'there'))).toBe(0o755)
    expect(statSync(join(folder, 'there', 'below')).isDirectory()).toBe(true)
  }))

test('something else in its place is an error', () =>
  withFolder(async (folder) => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'gone'), join(folder, 'dangling'))
    for (const path of ['file', 'file/below', 'dangling', 'dangling/below'])
      expect(() => makeFolder(join(folder, path)), path).toThrow(/EEXIST/)
  }))
