import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** A server in a process of its own. */
export interface Serving {
  readonly address: string
  readonly pid: number
  /** Milliseconds of the processor that it has taken so far; NaN where there is no /proc. */
  cpuMs(): number
  close(signal?: NodeJS.Signals): Promise<void>
}

type Env = Readonly<Record<string, string>>

export const SERVE = [join(import.meta.dirname, '../dist/main.js'), 'serve']

/** A process that says in a line of JSON at which address it serves. */
export async function startServing(args: readonly string[], env: Env, event: string): Promise<Serving> {
  const { PATH, HOME } = process.env
  const child = spawn(process.execPath, args, {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'close')
  let said = ''
  for await (const line of createInterface({ input: child.stderr })) {
    said += `${line}\n`
    const fields = line.startsWith('{') ? (JSON.parse(line) as Record<string, unknown>) : {}
    if (fields['event'] !== event) continue
    child.stderr.resume()
    const pid = child.pid ?? 0
    return {
      address: String(fields['address']),
      pid,
      cpuMs: () => cpuMsOf(pid),
      async close(signal = 'SIGTERM') {
        if (child.exitCode === null) child.kill(signal)
        await ended
      },
    }
  }
  throw new Error(`${args.join(' ')} ended before it served: ${said.slice(0, 2_000)}`)
}

/** Ticks of the kernel's clock, a hundred a second wherever Node runs on Linux. */
const TICK_MS = 10

function cpuMsOf(pid: number): number {
  try {
    // What stands before the last bracket is the program's name, with whatever blanks it has.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return Number.NaN
  }
}
