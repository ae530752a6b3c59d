import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const SCRIPTS = join(import.meta.dirname, '../../scripts')

/** Stands for the `node` package: the Node of this run. */
const FAKE_NODE = `#!/bin/sh\nexec '${process.execPath}' "$@"\n`
/** Stands for the build: leaves a mark for each run. */
const FAKE_BUILD = `
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
console.log('this is on stdout')
if (process.env.BREAK) throw new Error('broken on purpose')
mkdirSync('dist', { recursive: true })
writeFileSync('dist/main.js', '')
appendFileSync('builds.log', 'x')
`

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'agent-memory-bootstrap-'))
  write(
    'package.json',
    JSON.stringify({ name: 'clone', private: true, dependencies: { node: 'file:fake-node' } }),
  )
  write('fake-node/package.json', '{"name": "node", "version": "24.0.0"}')
  write('fake-node/bin/node', FAKE_NODE)
  chmodSync(join(root, 'fake-node/bin/node'), 0o755)
  writeLock('24.0.0')
  write('src/main.ts', '')
  write('scripts/build.ts', FAKE_BUILD)
  cpSync(join(SCRIPTS, 'bootstrap.mjs'), join(root, 'scripts/bootstrap.mjs'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

describe('the bootstrap', () => {
  test('installs and builds a fresh clone, saying so on stderr only', async () => {
    const { code, stdout, stderr } = await bootstrap()
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
    expect(stderr).toMatch(/Installing[\s\S]*done in[\s\S]*Building[\s\S]*done in/)
    expect(existsSync(join(root, 'node_modules/node/bin/node'))).toBe(true)
    expect(builds()).toBe(1)
  })

  test('does nothing, and says nothing, where nothing has changed', async () => {
    await bootstrap()
    expect(await bootstrap()).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(builds()).toBe(1)
  })

  test('builds again after a source has changed, without installing', async () => {
    await bootstrap()
    makeNewer('src/main.ts')
    const { stderr } = await bootstrap()
    expect(stderr).toMatch(/Building/)
    expect(stderr).not.toMatch(/Installing/)
    expect(builds()).toBe(2)
  })

  test('installs again where node_modules is not what the lock file says', async () => {
    await bootstrap()
    const installed = join(root, 'node_modules/.package-lock.json')
    writeFileSync(installed, readFileSync(installed, 'utf8').replaceAll('24.0.0', '23.0.0'))
    expect((await bootstrap()).stderr).toMatch(/Installing/)
    expect((await bootstrap()).stderr).toBe('')
  })

  test('ends with 1 and the reason when the build fails, and works again afterwards', async () => {
    const { code, stderr } = await bootstrap({ BREAK: '1' })
    expect(code).toBe(1)
    expect(stderr).toMatch(/broken on purpose[\s\S]*Building failed: it ended with exit code 1/)
    expect((await bootstrap()).code).toBe(0)
  })

  test('two at once on a fresh clone build once', async () => {
    const both = await Promise.all([bootstrap(), bootstrap()])
    expect(both.map(({ code }) => code)).toEqual([0, 0])
    expect(builds()).toBe(1)
  })

  test('a lock left by a killed bootstrap does not stop the next one', async () => {
    const ended = spawn(process.execPath, ['--version'])
    await once(ended, 'close')
    write('.cache/bootstrap.lock', String(ended.pid))
    expect((await bootstrap()).code).toBe(0)
  })
})

describe('the launcher', () => {
  test('says one sentence on a Node that is too old', async () => {
    const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`
    const args = [
      '--import',
      `data:text/javascript,${encodeURIComponent(pretend)}`,
      join(SCRIPTS, 'launcher.js'),
    ]
    const { code, stdout, stderr } = await outcome(spawn(process.execPath, args))
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(/^agent-memory needs Node\.js 22\.16 .*; this is 20\.20\.2\. .*\n$/)
  })
})

async function bootstrap(env: Record<string, string> = {}) {
  const { npm_execpath: _, ...inherited } = process.env
  const script = join(root, 'scripts/bootstrap.mjs')
  return await outcome(spawn(process.execPath, [script], { cwd: root, env: { ...inherited, ...env } }))
}

async function outcome(child: ChildProcess) {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk) => (stdout += chunk))
  child.stderr?.on('data', (chunk) => (stderr += chunk))
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

function builds(): number {
  return readFileSync(join(root, 'builds.log'), 'utf8').length
}

function makeNewer(path: string): void {
  const later = new Date(statSync(join(root, 'dist/main.js')).mtimeMs + 1000)
  utimesSync(join(root, path), later, later)
}

function writeLock(version: string): void {
  const packages = {
    '': { name: 'clone', dependencies: { node: 'file:fake-node' } },
    'fake-node': { name: 'node', version },
    'node_modules/node': { resolved: 'fake-node', link: true },
  }
  write('package-lock.json', JSON.stringify({ name: 'clone', lockfileVersion: 3, requires: true, packages }))
}

function write(path: string, text: string): void {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
