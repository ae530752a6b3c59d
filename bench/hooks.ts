import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openClient, PROGRAM } from './mcp-client.ts'
import { median } from './measure.ts'

/** What a client waits for before an edit: from the start of the hook's process to its end; medians. */
export interface HookTime {
  readonly name: string
  readonly ms: number
}

const RUNS = 31
const START_MS = 10_000

interface Case {
  readonly name: string
  readonly command: readonly string[]
  readonly server: 'none' | 'running' | 'started'
}

const beside = (name: string) => join(dirname(PROGRAM), name)
const NODE = process.execPath
const CASES: readonly Case[] = [
  { name: '`node -e 0`', command: [NODE, '-e', '0'], server: 'none' },
  {
    name: 'a hook before an edit, a server runs',
    command: ['sh', beside('hook.sh'), NODE, 'hook', 'run'],
    server: 'running',
  },
  {
    name: 'the same where there is no `curl`',
    command: [NODE, beside('hook.cjs'), 'hook', 'run'],
    server: 'running',
  },
  {
    name: 'without a server, as the first of a session',
    command: ['sh', beside('hook.sh'), NODE, 'hook', 'run'],
    server: 'started',
  },
]

/** In turn, so that a change in the machine's speed meets all of them; one run each before counting. */
export async function measureHooks(): Promise<HookTime[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  mkdirSync(join(folder, 'shop', '.git'), { recursive: true })
  const times = CASES.map(() => [] as number[])
  try {
    for (let round = 0; round <= RUNS; round++) {
      for (const [at, one] of CASES.entries()) {
        const ms = one.server === 'started' ? await runFirst(one, folder) : runOnce(one, folder)
        if (round > 0) times[at]?.push(ms)
        else if (one.server === 'running') await serverIn(folder)
      }
    }
    times.push(await throughServer(folder))
  } finally {
    // A server of hooks ends with its folder.
    rmSync(folder, { recursive: true, force: true })
  }
  const names = [...CASES.map(({ name }) => name), 'a hook for which the client calls a tool of its server']
  return names.map((name, at) => ({ name, ms: median(times[at] ?? []) }))
}

/** As Claude Code does it where `hook install` may: no process is started. */
async function throughServer(folder: string): Promise<number[]> {
  const client = await openClient({ AGENT_MEMORY_DATA_DIR: folder })
  try {
    const times: number[] = []
    for (let round = 0; round <= RUNS; round++) {
      const payload = { ...payloadIn(folder), session_id: 'bench-tool' }
      const file = { file_path: join(payload.cwd, `tool-${round % 2}.ts`), content: 'export const a = 1\n' }
      const started = performance.now()
      const answer = await client.text('memory_hook', { ...payload, tool_input: JSON.stringify(file) })
      if (round > 0) times.push(performance.now() - started)
      if (answer !== '{}') throw new Error(`memory_hook answered ${answer}`)
    }
    return times
  } finally {
    await client.close()
  }
}

function payloadIn(folder: string) {
  const cwd = join(folder, 'shop')
  return {
    session_id: 'bench',
    cwd,
    hook_event_name: 'PreToolUse',
    tool_name: 'Write',
    tool_input: { file_path: join(cwd, 'a.ts'), content: 'export const a = 1\n' },
  }
}

/** In a copy of the memory that no server answers for yet. The hook starts one, which is to be done with that before the next run. */
async function runFirst(one: Case, folder: string): Promise<number> {
  const dataDir = mkdtempSync(join(folder, 'first-'))
  copyFileSync(join(folder, 'memory.db'), join(dataDir, 'memory.db'))
  const ms = runOnce(one, folder, dataDir)
  await serverIn(dataDir)
  rmSync(dataDir, { recursive: true, force: true })
  return ms
}

function runOnce({ command }: Case, folder: string, dataDir = folder): number {
  const payload = payloadIn(folder)
  const env = { PATH: process.env['PATH'], HOME: folder, AGENT_MEMORY_DATA_DIR: dataDir }
  const [program = '', ...args] = command
  const started = performance.now()
  const { status } = spawnSync(program, args, { cwd: payload.cwd, env, input: JSON.stringify(payload) })
  if (status !== 0) throw new Error(`${command.join(' ')} ended with ${status}`)
  return performance.now() - started
}

/** The first hook has started it. */
async function serverIn(folder: string): Promise<void> {
  const deadline = performance.now() + START_MS
  while (!readdirSync(folder).some((name) => name.endsWith('.sock'))) {
    if (performance.now() > deadline) throw new Error('no server of hooks has started')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
