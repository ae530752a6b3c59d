import { readSync, realpathSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { workingFolder } from './domain/places/working-folder.ts'
import { makeFolder } from './make-folder.ts'
import { HOOK_STDIN, socketsAt } from './transports/hook/address.ts'
import { askOneOf, type HookReply } from './transports/hook/ask.ts'
import {
  type HookStart,
  placeOf,
  questionOf,
  SETTINGS,
  type Words,
  wordsIn,
} from './transports/hook/start.ts'

// dist/hook.cjs: what clients start for a hook where no shell's curl can ask (scripts/hook.sh), and what `agent-memory hook run` is
// while a server of ours runs. It asks that one, and is as small as a program can be, for a client waits for it before every edit.

/** Then a client goes on without us, whatever holds the memory. */
const DEADLINE_MS = 15_000
/** After a memory that did not answer in time the next hooks do not wait for it: so long. */
const AWAY_MS = 60_000

/** Answers by a server that runs; else the program does it, with what was read of stdin, and a server is started for the next. */
export async function answerHook(
  world: NodeJS.Process,
  startProgram: () => Promise<unknown>,
  deadlineMs = DEADLINE_MS,
): Promise<void> {
  const start = {
    words: world.argv.slice(4),
    env: world.env,
    cwd: workingFolder(),
    mainPath: realpathSync(world.argv[1] ?? ''),
  }
  const stdin = utf8Of(readStdin())
  const words = wordsIn(start.words)
  const reply = words && (await askServer(start, words, stdin.toString()))
  if (reply) {
    // The streams of a process take as long to make as everything else here.
    if (reply.stdout) writeSync(1, reply.stdout)
    if (reply.stderr) writeSync(2, reply.stderr)
    world.exitCode = reply.code
    return
  }
  const folder = words && join(placeOf(start, words.settings).dataDir, 'hooks')
  if (folder !== undefined && isAway(folder)) return giveUp(world, start, stdin)
  endInTime(deadlineMs, async () => {
    if (folder !== undefined) noteAway(folder)
    writeSync(
      2,
      `agent-memory: the memory did not answer in ${deadlineMs / 1000} s; for a minute hooks do not wait for it.\n`,
    )
    await giveUp(world, start, stdin)
    world.exit()
  })
  Reflect.set(globalThis, HOOK_STDIN, stdin)
  await startProgram()
  // Only now: beside this one it would have taken its time from the client.
  if (words && isBeforeOthers(stdin)) await startServer(start, words, world.execPath)
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

function askServer(start: HookStart, words: Words, payload: string): Promise<HookReply | undefined> {
  const question = questionOf(start, words, payload)
  return askOneOf(socketsAt(placeOf(start, words.settings), question.client_pid), question)
}

/** Where a client's command is a line of PowerShell, the payload comes with a byte order mark, or in UTF-16. */
function utf8Of(payload: Buffer): Buffer {
  const [first, second] = payload
  if (first === OPENING_BRACE && second !== 0) return payload
  const isTurned = first === 0 || first === 0xfe
  const isWide = isTurned || second === 0 || first === 0xff
  return Buffer.from(new TextDecoder(isWide ? (isTurned ? 'utf-16be' : 'utf-16le') : 'utf-8').decode(payload))
}

const OPENING_BRACE = 0x7b

/** The start of a session, or a tool: more calls will come. At the end of a session none will. */
function isBeforeOthers(payload: Buffer): boolean {
  return /"(SessionStart|sessionStart|PreToolUse|BeforeTool|toolArgs|tool_call|tool\.execute\.before)"/.test(
    payload.toString(),
  )
}

/** The hook does not wait for the server, which ends by itself. */
async function startServer({ env, mainPath }: HookStart, { settings }: Words, node: string): Promise<void> {
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

function endInTime(deadlineMs: number, end: () => Promise<void>): void {
  setTimeout(() => void end(), deadlineMs).unref()
}

/** The work goes on, but for an edit where none is wanted that no lock covers. */
async function giveUp(world: NodeJS.Process, start: HookStart, stdin: Buffer): Promise<void> {
  const words = wordsIn(start.words)
  if (!words?.isClosed && world.env['AGENT_MEMORY_HOOK_FAIL_CLOSED'] !== 'true') return
  const { closedAnswer } = await import('./transports/hook/closed.ts')
  const answer = closedAnswer(
    { client: words?.client, event: words?.event, cwd: start.cwd },
    stdin.toString(),
  )
  if (answer.stdout) writeSync(1, answer.stdout)
  if (answer.stderr) writeSync(2, answer.stderr)
  world.exitCode = answer.code
}

function isAway(folder: string): boolean {
  try {
    // Either way: the clock may have been put back.
    return Math.abs(Date.now() - statSync(join(folder, AWAY)).mtimeMs) < AWAY_MS
  } catch {
    return false
  }
}

function noteAway(folder: string): void {
  try {
    makeFolder(folder)
    writeFileSync(join(folder, AWAY), '')
  } catch {
    // Then the next hook waits too.
  }
}

const AWAY = 'away'
