import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PATIENT } from '../../support/patience.ts'
import { programArgs } from '../../support/program.ts'
import { type Env, ROOT } from './files.ts'

const ENTRYPOINT = join(ROOT, 'deploy/entrypoint.sh')

/** What a container is without its engine: the entrypoint, the command on the path, a data folder, an environment. */
export class Container {
  readonly #folder = mkdtempSync(join(tmpdir(), 'agent-memory-container-'))
  readonly #children = new Set<ChildProcess>()

  constructor() {
    mkdirSync(join(this.#folder, 'bin'))
    const command = join(this.#folder, 'bin/agent-memory')
    const words = [process.execPath, ...programArgs()].map((word) => `'${word}'`).join(' ')
    writeFileSync(command, `#!/bin/sh\nexec ${words} "$@"\n`)
    chmodSync(command, 0o755)
  }

  /** `docker run`: with a stdin that the test holds (-i), or without one. */
  start(stdin: 'held' | 'none', env: Env = {}): ChildProcess {
    const child = spawn(ENTRYPOINT, ['mcp'], {
      env: this.env(env),
      cwd: this.#folder,
      stdio: [stdin === 'held' ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    })
    this.#children.add(child)
    return child
  }

  /** `docker run` or `docker exec` of a command, to its end. */
  run(words: readonly string[], env: Env = {}): { readonly code: number | null; readonly output: string } {
    const [command = '', ...args] = words
    const options = { env: this.env(env), cwd: this.#folder, encoding: 'utf8' } as const
    const { status, stdout, stderr } = spawnSync(command, args, options)
    return { code: status, output: `${stdout}${stderr}` }
  }

  runEntrypoint(...args: readonly string[]): ReturnType<Container['run']> {
    return this.run([ENTRYPOINT, ...args])
  }

  env(more: Env): Record<string, string> {
    const PATH = [join(this.#folder, 'bin'), process.env['PATH']].join(delimiter)
    const folders = { TMPDIR: this.#folder, HOME: this.#folder, AGENT_MEMORY_DATA_DIR: this.#folder }
    return { PATH, ...folders, ...PATIENT, ...more }
  }

  async close(): Promise<void> {
    for (const child of this.#children) await end(child, 'SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The exit code, or the signal that ended it. */
export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | string> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode ?? String(child.signalCode)
  const ended = once(child, 'close')
  child.kill(signal)
  const [code] = await ended
  return code ?? signal
}

/** What it has written to stderr from now on, once that is in it. */
export async function untilSaid(child: ChildProcess, word: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk
    if (said.includes(word)) resolve(said)
  })
  child.once('close', () => reject(new Error(`it ended: ${said}`)))
  return promise
}
