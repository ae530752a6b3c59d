import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { CliResult } from './cli.ts'
import { programArgs } from './program.ts'

interface RunOptions {
  /** The working directory, and the home of the user. */
  readonly home: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

/** The program as users start it, with nothing of this process' environment but the path. */
export function startProgram(argv: readonly string[], { home, env = {} }: RunOptions): ChildProcess {
  return spawn(process.execPath, programArgs(...argv), {
    cwd: home,
    env: { PATH: process.env['PATH'], HOME: home, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** The same, to its end. */
export function runProgram(argv: readonly string[], options: RunOptions): Promise<CliResult> {
  const child = startProgram(argv, options)
  child.stdin?.on('error', () => {})
  child.stdin?.end(options.stdin ?? '')
  return endOf(child)
}

/** What a program that was started said and answered; -1 for one that was killed. */
export async function endOf(child: ChildProcess): Promise<CliResult> {
  const [stdout, stderr, [code]] = await Promise.all([
    child.stdout ? text(child.stdout) : '',
    child.stderr ? text(child.stderr) : '',
    once(child, 'close'),
  ])
  return { code: Number(code ?? -1), stdout, stderr }
}
