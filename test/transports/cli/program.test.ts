import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CliResult } from '../../support/cli.ts'
import { programArgs } from '../../support/program.ts'

const ROOT = join(import.meta.dirname, '../../..')

describe('the program', () => {
  let dataDir = ''
  const children: ChildProcess[] = []

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-program-'))
    mkdirSync(join(dataDir, 'project', '.git'), { recursive: true })
  })
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  })

  function start(
    args: readonly string[],
    { stdio, env }: { stdio?: 'pipe' | number; env?: NodeJS.ProcessEnv } = {},
  ): ChildProcess {
    const child = spawn(process.execPath, args, {
      cwd: join(dataDir, 'project'),
      env: { PATH: process.env['PATH'], HOME: dataDir, AGENT_MEMORY_DATA_DIR: dataDir, ...env },
      stdio: ['pipe', stdio ?? 'pipe', 'pipe'],
    })
    children.push(child)
    return child
  }

  async function run(
    argv: readonly string[],
    { stdin = '', ...options }: Parameters<typeof start>[1] & { stdin?: string } = {},
  ): Promise<CliResult> {
    const child = start(programArgs(...argv), options)
    child.stdin?.on('error', () => {})
    child.stdin?.end(stdin)
    const [stdout, stderr, [code]] = await Promise.all([
      child.stdout ? text(child.stdout) : '',
      child.stderr ? text(child.stderr) : '',
      once(child, 'close'),
    ])
    return { code: Number(code ?? -1), stdout, stderr }
  }

  it('says its version and how it is used', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    for (const word of ['--version', '-V', '-v', 'version'])
      expect(await run([word])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
    const [help, none] = await Promise.all([run(['--help']), run([])])
    expect(help).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/^Usage: agent-memory <command>/),
    })
    expect(none).toEqual(help)
  })

  it.each([
    [['--version'], 0],
    [['doctor'], 0],
    [['knowledge', 'list'], 1],
    [['mcp'], 1],
    [['hook', 'run', 'stop'], 0],
  ])('started in a folder that was deleted: %j exits with %i', async (argv, code) => {
    const command = [process.execPath, ...programArgs(...argv)].map((word) => `'${word}'`).join(' ')
    const child = spawn('sh', ['-c', `mkdir gone && cd gone && rmdir ../gone && exec ${command}`], {
      cwd: dataDir,
      env: { PATH: process.env['PATH'], HOME: dataDir, AGENT_MEMORY_DATA_DIR: join(dataDir, 'data') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    children.push(child)
    const [stderr, , [exit]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, 'close'),
    ])
    expect(stderr).not.toMatch(/^\s+at |uv_cwd/m)
    expect(exit).toBe(code)
    if (code === 1) expect(stderr).toContain('does not exist any more')
  })

  // Node makes another text of such bytes: a lock of a file that is not there, a text without its letters.
  it.each([
    ['knowledge', 'add', 'latin'],
    ['lock', 'checkout'],
  ])('refuses an argument that is not UTF-8: %s %s', async (...words) => {
    const place = { cwd: join(dataDir, 'project'), env: { PATH: process.env['PATH'], HOME: dataDir } }
    const script = 'exec "$0" "$@" "$(printf \'caf\\351\')"'
    const child = spawn('sh', ['-c', script, process.execPath, ...programArgs(...words)], place)
    children.push(child)
    const [stderr, , [exit]] = await Promise.all([
      text(child.stderr),
      text(child.stdout),
      once(child, 'close'),
    ])
    expect(stderr).toContain('An argument is not UTF-8 text.')
    expect(exit).toBe(2)
    expect(await run([...words, 'the sign \uFFFD itself'])).toMatchObject({ code: 0 })
  })

  it.each([['knowledge', 'list'], ['lock', 'checkout', 'a.ts'], ['mcp']])(
    'says of a folder whose name is not UTF-8 what to do: %s',
    async (...words) => {
      const command = [process.execPath, ...programArgs(...words)].map((word) => `'${word}'`).join(' ')
      const folder = '"$(printf \'caf\\351\')"'
      const child = spawn('sh', ['-c', `mkdir -p ${folder} && cd ${folder} && exec ${command}`], {
        cwd: dataDir,
        env: { PATH: process.env['PATH'], HOME: dataDir, AGENT_MEMORY_LOG_LEVEL: 'error' },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      children.push(child)
      const [stderr, , [exit]] = await Promise.all([
        text(child.stderr),
        text(child.stdout),
        once(child, 'close'),
      ])
      expect(stderr).toMatch(/is not UTF-8 text\..*AGENT_MEMORY_ROOT/s)
      expect(stderr).not.toMatch(/^\s+at /m)
      expect(exit).toBe(1)
    },
  )

  it('keeps entries from process to process', async () => {
    const added = await run(['guideline', 'add', 'No force push', '-'], { stdin: 'Never force-push.\n' })
    expect(added).toMatchObject({ code: 0, stderr: '' })
    const found = await run(['search', 'force push', '--json'])
    expect(JSON.parse(found.stdout)).toMatchObject({
      results: [{ name: 'No force push', content: 'Never force-push.' }],
    })
    expect(await run(['guideline', 'add', 'No force push', 'x'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^E2001 ALREADY_EXISTS: /),
    })
    expect(await run(['guideline', 'ad'])).toMatchObject({ code: 2, stdout: '' })
  })

  it('is one agent from call to call', async () => {
    expect(await run(['lock', 'checkout', 'src/a.ts'])).toMatchObject({ code: 0 })
    const other = await run(['lock', 'checkout', 'src/a.ts', '--agent-id', 'other', '--wait-ms', '0'])
    expect(other).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^E3000 FILE_LOCKED: .+\nheld_by: cli-\S+@\S+\n/),
    })
    expect(await run(['lock', 'checkin', 'src/a.ts'])).toMatchObject({ code: 0 })
  })

  it('ends quietly when the reader closes the pipe', async () => {
    const entries = Array.from({ length: 100 }, (_, at) => ({
      name: `Entry ${at}`,
      content: 'x'.repeat(5_000),
    }))
    await run(['guideline', 'bulk-add', '--entries', '-'], { stdin: JSON.stringify(entries) })
    const child = start(programArgs('guideline', 'list', '--limit', '100', '--json'))
    child.stdout?.destroy()
    const [stderr, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'close')])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  })

  it.runIf(process.platform === 'linux')('says when its output cannot be written', async () => {
    const { code, stderr } = await run(['--help'], { stdio: openSync('/dev/full', 'w') })
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'The output cannot be written: ENOSPC.\n' })
  })

  it('stops waiting on Ctrl+C, and leaves nothing behind', async () => {
    await run(['lock', 'checkout', 'a.ts', '--agent-id', 'first', '--ttl-ms', '60000'])
    const waiting = start(programArgs('lock', 'checkout', 'a.ts', '--wait-ms', '60000'))
    const ended = once(waiting, 'close')
    for (let waits = 0; waits === 0; ) {
      const { stdout } = await run(['lock', 'status', 'a.ts', '--json'])
      waits = Number((JSON.parse(stdout) as { waiting: number }).waiting)
    }
    waiting.kill('SIGINT')
    expect(await ended).toEqual([130, null])
    const { stdout } = await run(['lock', 'status', 'a.ts', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ locked: true, agent_id: 'first', waiting: 0 })
  })

  it('refuses a bad setting by its name, also as a server', async () => {
    const env = { AGENT_MEMORY_LOG_LEVEL: 'loud' }
    for (const argv of [['mcp'], ['health']]) {
      expect(await run(argv, { env })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^E1004 INVALID_PARAMETER: AGENT_MEMORY_LOG_LEVEL=loud: /),
      })
    }
  })

  it('refuses settings that make no sense together by name, also as a server', async () => {
    const env = { AGENT_MEMORY_PG_POOL_MIN: '20', AGENT_MEMORY_PG_POOL_MAX: '10' }
    for (const argv of [['mcp'], ['health']]) {
      expect(await run(argv, { env })).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(/^E1004 INVALID_PARAMETER: AGENT_MEMORY_PG_POOL_MIN: 20 is above /),
      })
    }
  })

  it('serves MCP without loading the command line', async () => {
    const hook = `import { registerHooks } from 'node:module'
      registerHooks({ load(url, context, next) { process.stderr.write('LOAD ' + url + '\\n'); return next(url, context) } })`
    const preload = `data:text/javascript,${encodeURIComponent(hook)}`
    const args = [
      '--experimental-strip-types',
      '--no-warnings',
      '--import',
      preload,
      join(ROOT, 'src/main.ts'),
      'mcp',
    ]
    const child = start(args)
    child.stdin?.end()
    const [stderr] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'close')])
    expect(stderr).toContain('src/transports/mcp/stdio/serve.ts')
    expect(stderr).not.toContain('src/transports/cli/')
  })
})
