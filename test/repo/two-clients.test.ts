import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

test('the transcript of two clients at once can be played again', async () => {
  const args = ['--experimental-strip-types', '--no-warnings', join(ROOT, 'scripts/two-clients.ts')]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const headings = (text: string) => text.split('\n').filter((line) => line.startsWith('#'))
  expect(headings(stdout)).toEqual(
    headings(readFileSync(join(ROOT, 'docs/transcripts/two-clients.md'), 'utf8')),
  )
})
