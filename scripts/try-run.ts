import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A program of ours as a user would start it: with a bare environment. */
export interface Command {
  readonly node: string
  readonly program: string
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

interface Outcome {
  readonly stdout: string
  readonly stderr: string
}

const GIVE_UP_MS = 30_000

export function start({ node, program, cwd, env }: Command, args: readonly string[]): ChildProcess {
  const { PATH, HOME } = process.env
  const child = spawn(node, [program, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const timer = setTimeout(() => child.kill('SIGKILL'), GIVE_UP_MS)
  child.once('close', () => clearTimeout(timer))
  return child
}

/** Runs it to its end. Throws unless it ends with 0. */
export async function run(command: Command, args: readonly string[]): Promise<Outcome> {
  const child = start(command, args)
  child.stdin?.end()
  return await outcome(child)
}

/** What it has written, once it has ended with 0. */
export async function outcome(child: ChildProcess): Promise<Outcome> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    stdout += chunk
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code ?? signal}: ${stderr}`)
  return { stdout, stderr }
}
