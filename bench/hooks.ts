import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PROGRAM } from './mcp-client.ts'
import { median } from './measure.ts'

/** What a client waits for before an edit: from the start of the hook's process to its end; medians. */
export interface HookTime {
  readonly name: string
  readonly ms: number
}

const RUNS = 31
const START_MS = 10_000

const CASES: readonly {
  readonly name: string
  readonly args: readonly string[]
  readonly server: boolean
}[] = [
  { name: 'node -e 0', args: ['-e', '0'], server: false },
  { name: 'a hook before an edit, a server runs', args: [PROGRAM, 'hook', 'run'], server: true },
  { name: 'the same, no server', args: [PROGRAM, 'hook', 'run'], server: false },
]

/** In turn, so that a change in the machine's speed meets all of them; one run each before counting. */
export async function measureHooks(): Promise<HookTime[]> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-bench-'))
  mkdirSync(join(folder, 'shop', '.git'), { recursive: true })
  const times = CASES.map(() => [] as number[])
  try {
    for (let round = 0; round <= RUNS; round++) {
      for (const [at, one] of CASES.entries()) {
        const ms = runOnce(one, folder)
        if (round > 0) times[at]?.push(ms)
        else if (one.server) await serverIn(folder)
      }
    }
  } finally {
    // A server of hooks ends with its folder.
    rmSync(folder, { recursive: true, force: true })
  }
  return CASES.map(({ name }, at) => ({ name, ms: median(times[at] ?? []) }))
}

function runOnce({ args, server }: (typeof CASES)[number], folder: string): number {
  const cwd = join(folder, 'shop')
  const payload = {
    session_id: 'bench',
    cwd,
    hook_event_name: 'PreToolUse',
    tool_name: 'Write',
    tool_input: { file_path: join(cwd, 'a.ts'), content: 'export const a = 1\n' },
  }
  // The setting is part of what tells servers apart: so the last case finds none.
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    AGENT_MEMORY_DATA_DIR: folder,
    ...(!server && { AGENT_MEMORY_HOOK_RESIDENT: 'off' }),
  }
  const started = performance.now()
  const { status } = spawnSync(process.execPath, args, { cwd, env, input: JSON.stringify(payload) })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  return performance.now() - started
}

/** The first hook has started it. */
async function serverIn(folder: string): Promise<void> {
  const run = join(folder, 'run')
  const deadline = performance.now() + START_MS
  while (!existsSync(run) || readdirSync(run).length === 0) {
    if (performance.now() > deadline) throw new Error('no server of hooks has started')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
