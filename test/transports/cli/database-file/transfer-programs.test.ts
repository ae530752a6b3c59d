import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { withApp } from '../../../support/app.ts'
import { programArgs } from '../../../support/program.ts'

describe('agent-memory export and import, as programs', () => {
  let home = ''
  const children: ChildProcess[] = []

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'agent-memory-transfer-'))
    mkdirSync(join(home, 'tmp'))
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(home, { recursive: true, force: true })
  })

  function start(memory: string, argv: readonly string[], stdio: 'pipe' | 'ignore' = 'pipe'): ChildProcess {
    const env = { PATH: process.env['PATH'], HOME: home, TMPDIR: join(home, 'tmp') }
    const child = spawn(process.execPath, programArgs(...argv), {
      cwd: home,
      env: { ...env, AGENT_MEMORY_DATA_DIR: join(home, memory) },
      stdio: ['pipe', stdio, 'pipe'],
    })
    children.push(child)
    return child
  }

  async function run(memory: string, argv: readonly string[], stdin: string | Buffer = '') {
    const child = start(memory, argv)
    child.stdin?.on('error', () => {})
    child.stdin?.end(stdin)
    const [stdout, stderr, [code]] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      once(child, 'close'),
    ])
    return { code: Number(code ?? -1), stdout, stderr }
  }

  /** A memory with so many entries. */
  async function fill(memory: string, count = 2, more = ''): Promise<void> {
    const entries = Array.from({ length: count }, (_, i) => ({
      name: `Fact ${i}${more}`,
      content: `${i} · 事実 `.repeat(40),
    }))
    await withApp({ dataDir: join(home, memory) }, (t) =>
      t.call('memory_knowledge', 'bulk_add', { scope_type: 'global', entries }),
    )
  }

  // Parts that are loaded late are put together by the bundler: the front matter is YAML here, not lines.
  test('Markdown with front matter goes in, and pages go out and in again', async () => {
    const rule = '---\ndescription: Types\nglobs:\n  - "**/*.ts"\n---\n\n# Types\n\nNo `any`.\n'
    writeFileSync(join(home, 'types.mdc'), rule)
    expect(await run('one', ['import', 'types.mdc', '--scope', 'global'])).toMatchObject({
      code: 0,
      stderr: '',
    })
    const { stdout } = await run('one', ['guideline', 'get', 'Types', '--scope-type', 'global', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ content: 'No `any`.', applies_to: ['**/*.ts'] })
    expect(await run('one', ['export', '--to', 'markdown', 'pages'])).toMatchObject({ code: 0, stderr: '' })
    expect(await run('two', ['import', 'pages'])).toMatchObject({ code: 0, stderr: '' })
    expect((await run('two', ['export'])).stdout).toBe((await run('one', ['export'])).stdout)
  })

  test('a file goes out and in again, and gives the same bytes', async () => {
    await fill('one')
    const exported = await run('one', ['export', 'memory.jsonl'])
    const file = join(home, 'memory.jsonl')
    expect(exported).toEqual({ code: 0, stderr: '', stdout: `Exported 1 scope, 2 entries to ${file}.\n` })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await run('two', ['import', 'memory.jsonl'])).toEqual({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /^records +added +identical +kept +replaced\nscope +0 +1 +0 +0\ntombstone( +0){4}\nentry +2 +0 +0 +0\n/,
      ),
    })
    expect(await run('two', ['export'])).toEqual({ code: 0, stderr: '', stdout: readFileSync(file, 'utf8') })
    expect(readdirSync(home).toSorted()).toEqual(['memory.jsonl', 'one', 'tmp', 'two'])
  })

  test('stdin and stdout do as well, and nothing stays behind', async () => {
    await fill('one')
    const { stdout } = await run('one', ['export', '-'])
    const imported = await run('two', ['import', '-', '--json'], stdout)
    expect(JSON.parse(imported.stdout)).toMatchObject({ records: { entry: { added: 2, identical: 0 } } })
    expect(readdirSync(join(home, 'tmp')).filter((name) => name !== 'node-compile-cache')).toEqual([])
  })

  test('a reader that goes away ends an export, without a word', async () => {
    await fill('one', 1000)
    const child = start('one', ['export'])
    const ended = once(child, 'close')
    const stderr = child.stderr ? text(child.stderr) : ''
    child.stdout?.once('data', () => child.stdout?.destroy())
    expect(await ended).toEqual([0, null])
    expect(await stderr).toBe('')
  })

  test.each([
    ['one thread', 1],
    ['several threads', 3],
  ])('a kill -9 in the middle of an import by %s leaves all or nothing', async (_, thousands) => {
    for (let n = 0; n < thousands; n++) await fill('one', 1000, `of ${n}`)
    const { stdout } = await run('one', ['export'])
    await run('two', ['export'])
    const child = start('two', ['import', '-'], 'ignore')
    child.stdin?.on('error', () => {})
    child.stdin?.end(stdout)
    const isWriting = () => existsSync(join(home, 'two', 'memory.db-wal'))
    while (!isWriting() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 1))
    child.kill('SIGKILL')
    await once(child, 'close')
    const after = await run('two', ['export'])
    expect([3, stdout.split('\n').length]).toContain(after.stdout.split('\n').length)
    expect((await run('two', ['import', '-'], stdout)).code).toBe(0)
    expect((await run('two', ['export'])).stdout).toBe(stdout)
  })
})
