import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PROGRAM } from './mcp-client.ts'
import { median } from './measure.ts'

/** From starting the process to the answer to its first tools/list; medians. */
export interface ColdStart {
  readonly name: string
  readonly ms: number
  /** Highest resident memory until then. */
  readonly peakBytes: number
}

const RUNS = 11
const root = join(import.meta.dirname, '..')

const SERVERS: readonly { readonly name: string; readonly args: readonly string[] }[] = [
  { name: 'agent-memory', args: [PROGRAM, 'mcp'] },
  { name: 'smallest server on the same SDK', args: [join(import.meta.dirname, 'smallest-server.mjs')] },
  {
    name: '@modelcontextprotocol/server-memory',
    args: [join(root, 'node_modules/@modelcontextprotocol/server-memory/dist/index.js')],
  },
]

/** The servers in turn, another build's `dist/` too where one is named, so that a change in the machine's speed meets all of them; one run each before counting. */
export async function measureColdStarts(beside?: string): Promise<ColdStart[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  const env = {
    PATH: process.env['PATH'],
    MEMORY_FILE_PATH: join(folder, 'memory.json'),
  }
  const other =
    beside === undefined ? [] : [{ name: 'the build beside it', args: [join(beside, 'main.js'), 'mcp'] }]
  const runs = [...SERVERS, ...other].map((server) => ({
    ...server,
    times: [] as number[],
    peaks: [] as number[],
  }))
  try {
    for (let round = 0; round <= RUNS; round++) {
      for (const [at, run] of runs.entries()) {
        // Another build may have another schema.
        const own = { ...env, AGENT_MEMORY_DATA_DIR: join(folder, String(at)) }
        const { ms, peakBytes } = await startOnce(run.args, own)
        if (round > 0) run.times.push(ms)
        if (round > 0) run.peaks.push(peakBytes)
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return runs.map(({ name, times, peaks }) => ({ name, ms: median(times), peakBytes: median(peaks) }))
}

async function startOnce(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<{ ms: number; peakBytes: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, ['--no-warnings', ...args], {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const clientInfo = { name: 'bench', version: '1' }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
  const messages = [
    { jsonrpc: '2.0', id: 1, method: 'initialize', params },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
    { jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} },
  ]
  for (const message of messages) child.stdin.write(`${JSON.stringify(message)}\n`)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const answer = JSON.parse(line) as { id?: number; error?: unknown }
      if (answer.error) throw new Error(`${args[0]}: ${line}`)
      if (answer.id === 2) return { ms: performance.now() - started, peakBytes: peakOf(child.pid) }
    }
    throw new Error(`${args[0]} ended without an answer`)
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.stdin.end()
    child.kill()
    await ended
  }
}

/** The kernel's own account; NaN where there is no /proc. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
  } catch {
    return Number.NaN
  }
}
