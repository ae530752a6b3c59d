import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// Three agents edit the same files of one Git repository, without hooks and with them, and what got lost is counted:
// `npm run example:three-agents` (after a build), or -- --seconds 600 for longer. With -- --clients the agents are Claude Code,
// Codex and Gemini CLI.

export interface ThreeAgents {
  /** What runs the hooks: arguments for node; null for none. */
  readonly program: readonly string[] | null
  readonly turns: number
  readonly seconds: number | null
}

export interface Counts {
  readonly edits: number
  readonly lost: number
  /** How often an agent got the answer to read anew or to wait. */
  readonly blocked: number
}

const NAMES = ['anna', 'ben', 'cleo']
const FILES = ['orders.ts', 'prices.ts']

/** Runs them in a repository of its own and counts the edits of which nothing is left. */
export async function threeAgents({ program, turns, seconds }: ThreeAgents): Promise<Counts> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-memory-three-'))
  const repository = join(folder, 'shop')
  mkdirSync(repository)
  execFileSync('git', ['init', '-q', repository])
  try {
    const until = seconds === null ? null : Date.now() + seconds * 1_000
    const agents = NAMES.map((name) =>
      start({ name, repository, files: FILES, turns, until, program }, folder),
    )
    await Promise.all(agents.map(({ hasRead }) => hasRead))
    for (const { child } of agents) child.stdin?.write('go\n')
    const results = await Promise.all(agents.map(({ result }) => result))
    const left = new Set(FILES.flatMap((name) => readFileSync(join(repository, name), 'utf8').split('\n')))
    const all = results.flatMap(({ name, written }) =>
      Array.from({ length: written }, (_, at) => `${name} ${at}`),
    )
    const blocked = results.reduce((sum, result) => sum + result.blocked, 0)
    return { edits: all.length, lost: all.filter((line) => !left.has(line)).length, blocked }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

interface Agent {
  readonly child: ChildProcess
  readonly hasRead: Promise<void>
  readonly result: Promise<{ name: string; written: number; blocked: number }>
}

function start(task: Record<string, unknown>, folder: string): Agent {
  const agent = join(import.meta.dirname, 'three-agents-agent.ts')
  const args = ['--experimental-strip-types', '--no-warnings', agent, JSON.stringify(task)]
  const child = spawn(process.execPath, args, {
    // A memory of their own, and none of the user's settings.
    env: { PATH: process.env['PATH'], HOME: folder, AGENT_MEMORY_DATA_DIR: join(folder, 'memory') },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const first = once(lines, 'line')
  const result = first.then(async () => {
    const [line] = await once(lines, 'line')
    return JSON.parse(String(line)) as { name: string; written: number; blocked: number }
  })
  return { child, hasRead: first.then(() => {}), result }
}

if (process.argv[1] === import.meta.filename) {
  const at = process.argv.indexOf('--seconds')
  const seconds = at > 0 ? Number(process.argv[at + 1]) : 20
  if (process.argv.includes('--clients')) await withClients(seconds)
  else await withProcesses(seconds)
}

async function withClients(seconds: number): Promise<void> {
  // Only for those who ask for it: the clients are large.
  const { threeClients } = await import('../clients/editing/three-clients.ts')
  for (const withHooks of [false, true]) {
    const { edits, lost, blocked, agents } = await threeClients(seconds, withHooks)
    const each = agents.map(({ client, written }) => `${client} ${written}`).join(', ')
    console.log(
      `${nameOf(withHooks)}  ${edits} edits (${each}) in ${seconds} s, ${lost} lost, ${blocked} refused`,
    )
  }
}

function nameOf(withHooks: boolean): string {
  return withHooks ? 'with hooks   ' : 'without hooks'
}

async function withProcesses(seconds: number): Promise<void> {
  const main = join(import.meta.dirname, '../dist/main.js')
  for (const program of [null, [main]]) {
    const { edits, lost, blocked } = await threeAgents({ program, turns: 0, seconds })
    const told = program ? `, ${blocked} writes refused until the file was free or read anew` : ''
    console.log(`${nameOf(program !== null)}  ${edits} edits in ${seconds} s, ${lost} lost${told}`)
  }
}
