import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { programArgs } from '../../support/program.ts'

const ZOD = createRequire(import.meta.url).resolve('zod')

/** At its end the program writes down the descriptions of all schemas that it made; all copies of zod keep one registry. */
const PRELOADED = `const { globalRegistry } = require(${JSON.stringify(ZOD)})
const add = globalRegistry.add
const made = new Set()
globalRegistry.add = function (schema, meta) {
  made.add(meta?.description)
  return add.call(this, schema, meta)
}
process.on('exit', () => require('node:fs').writeFileSync(process.env.MADE, JSON.stringify([...made])))`

const OF_LOCK_LIST = 'Also who waits for each'
const OF_KEY_CREATE = 'Shown this once'
const OF_GUIDELINE_ADD = 'Update the entry if the name is taken'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-made-'))
  mkdirSync(join(dataDir, 'project', '.git'), { recursive: true })
  writeFileSync(join(dataDir, 'preloaded.cjs'), PRELOADED)
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

async function madeBy(...words: readonly string[]): Promise<string[]> {
  const MADE = join(dataDir, 'made.json')
  const preload = ['--require', join(dataDir, 'preloaded.cjs')]
  const run = promisify(execFile)(process.execPath, [...preload, ...programArgs(...words)], {
    cwd: join(dataDir, 'project'),
    env: { PATH: process.env['PATH'], HOME: dataDir, AGENT_MEMORY_DATA_DIR: dataDir, MADE },
  })
  run.child.stdin?.end()
  await run
  return JSON.parse(readFileSync(MADE, 'utf8')) as string[]
}

it('a call makes the schemas of its own operation, and of no other', async () => {
  const ofLocks = await madeBy('lock', 'list')
  expect(ofLocks).toContain(OF_LOCK_LIST)
  expect(ofLocks).not.toContain(OF_KEY_CREATE)
  expect(ofLocks).not.toContain(OF_GUIDELINE_ADD)
  const ofEntries = await madeBy('guideline', 'add', 'A name', 'A content')
  expect(ofEntries).toContain(OF_GUIDELINE_ADD)
  expect(ofEntries).not.toContain(OF_LOCK_LIST)
})
