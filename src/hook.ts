import { readSync, realpathSync, writeSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { HOOK_STDIN, type HookPlace, socketsAt } from './transports/hook/address.ts'
import { askOneOf, type HookReply } from './transports/hook/ask.ts'

// dist/hook.js: what the command `agent-memory hook run` is while a server of ours runs. It asks that one, and is as small as
// a program can be, for a client waits for it before every edit.

type Env = Readonly<Record<string, string | undefined>>

interface Start {
  readonly argv: readonly string[]
  readonly env: Env
  readonly cwd: string
  readonly mainPath: string
}

/** Then a client goes on without us, whatever holds the memory. */
const DEADLINE_MS = 15_000

/** Answers by a server that runs; else the program does it, with what was read of stdin, and a server is started for the next. */
export async function answerHook(
  world: NodeJS.Process,
  startProgram: () => Promise<unknown>,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const start = {
    argv: world.argv.slice(2),
    env: world.env,
    cwd: world.cwd(),
    mainPath: realpathSync(world.argv[1] ?? ''),
  }
  const stdin = readStdin()
  const words = wordsIn(start.argv)
  const reply = words && (await askServer(start, words, stdin.toString()))
  if (reply) {
    // The streams of a process take as long to make as everything else here.
    if (reply.stdout) writeSync(1, reply.stdout)
    if (reply.stderr) writeSync(2, reply.stderr)
    world.exitCode = reply.code
    return
  }
  if (words && isBeforeTool(stdin)) await startServer(start, words, world.execPath)
  endInTime(world, deadlineMs, words?.isClosed ?? false)
  Reflect.set(globalThis, HOOK_STDIN, stdin)
  await startProgram()
}

/** Not by a stream, which takes its time to make. What a client hands on may be a pipe that does not wait: then this does. */
function readStdin(): Buffer {
  const chunks: Buffer[] = []
  const chunk = Buffer.alloc(65_536)
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    try {
      const bytes = readSync(0, chunk)
      if (bytes === 0) return Buffer.concat(chunks)
      chunks.push(Buffer.from(chunk.subarray(0, bytes)))
    } catch (error) {
      // Closed, or none: an empty payload, which lets the work go on.
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN'))
        return Buffer.concat(chunks)
      Atomics.wait(pause, 0, 0, 2)
    }
  }
}

function askServer(start: Start, words: Words, payload: string): Promise<HookReply | undefined> {
  const { env, cwd } = start
  const place = placeOf(start, words.settings)
  const pid = Number(env['CLAUDE_PID']) || undefined
  return askOneOf(socketsAt(place, pid), {
    client: words.client,
    event: words.event,
    payload,
    cwd,
    project_dir: env['CLAUDE_PROJECT_DIR'] || env['GEMINI_PROJECT_DIR'] || undefined,
    fail_closed: words.isClosed,
    client_pid: pid,
  })
}

/** More such calls will come. At the end of a session none will. */
function isBeforeTool(payload: Buffer): boolean {
  return /"(PreToolUse|BeforeTool|toolArgs|tool_call|tool\.execute\.before)"/.test(payload.toString())
}

/** Nobody waits for it, and it ends by itself. */
async function startServer({ env, mainPath }: Start, { settings }: Words, node: string): Promise<void> {
  if (env['AGENT_MEMORY_HOOK_RESIDENT'] === 'off') return
  const { spawn } = await import('node:child_process')
  const options = Object.entries(SETTINGS).flatMap(([option, variable]) =>
    settings[variable] === undefined ? [] : [option, settings[variable]],
  )
  const child = spawn(node, [mainPath, 'hook', 'serve', ...options], {
    detached: true,
    stdio: 'ignore',
    env: { ...env },
  })
  child.on('error', () => {})
  child.unref()
}

function endInTime(world: NodeJS.Process, deadlineMs: number, isClosed: boolean): void {
  const timer = setTimeout(() => {
    world.stderr.write(`agent-memory: the memory did not answer in ${deadlineMs / 1000} s.\n`)
    world.exit(isClosed ? 2 : 0)
  }, deadlineMs)
  timer.unref()
}

/** Options with a value, and the setting that each stands for. */
const SETTINGS: Readonly<Record<string, string>> = {
  '--data-dir': 'AGENT_MEMORY_DATA_DIR',
  '--db-path': 'AGENT_MEMORY_DB_PATH',
  '--project': 'AGENT_MEMORY_PROJECT',
  '--agent-id': 'AGENT_MEMORY_AGENT_ID',
}

interface Words {
  readonly event: string | undefined
  readonly client: string | undefined
  readonly isClosed: boolean
  readonly settings: Env
}

/** Undefined for a line that is not as `hook install` writes it. */
function wordsIn(argv: readonly string[]): Words | undefined {
  const given = new Map<string, string>()
  for (let at = 2; at < argv.length; at++) {
    const word = argv[at] ?? ''
    const takesValue = word === '--client' || Object.hasOwn(SETTINGS, word)
    const name = word.startsWith('-') ? word : 'event'
    const value = takesValue ? argv[++at] : word
    const isKnown = takesValue || name === '--fail-closed' || name === 'event'
    if (!isKnown || value === undefined || given.has(name)) return undefined
    given.set(name, value)
  }
  const settings = Object.entries(SETTINGS).map(
    ([option, variable]) => [variable, given.get(option)] as const,
  )
  return {
    event: given.get('event'),
    client: given.get('--client'),
    isClosed: given.has('--fail-closed'),
    settings: Object.fromEntries(settings),
  }
}

function placeOf({ env, mainPath }: Start, settings: Env): HookPlace {
  const given = (name: string) => settings[name] || env[name] || undefined
  const dataDir = resolve(expanded(given('AGENT_MEMORY_DATA_DIR') ?? join(home(), '.agent-memory')))
  const dbPath = resolve(dataDir, expanded(given('AGENT_MEMORY_DB_PATH') ?? 'memory.db'))
  const [project, agentId] = [given('AGENT_MEMORY_PROJECT'), given('AGENT_MEMORY_AGENT_ID')]
  return { dataDir, dbPath, project, agentId, env, mainPath }
}

function expanded(path: string): string {
  return path === '~' || path.startsWith('~/') ? join(home(), path.slice(1)) : path
}

function home(): string {
  return homedir() || userInfo().homedir
}
