import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

// One agent of scripts/three-agents.ts: reads a file, thinks, writes it whole, as clients without a look at what has become
// of it do; before and after, if asked to, it calls the hooks as Gemini CLI does. Its turns come as JSON on the command line.

interface Task {
  readonly name: string
  readonly repository: string
  readonly files: readonly string[]
  /** How many, or until when (epoch milliseconds). */
  readonly turns: number
  readonly until: number | null
  /** What runs the hooks: arguments for node; null for none. */
  readonly program: readonly string[] | null
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const pause = new Int32Array(new SharedArrayBuffer(4))
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

let written = 0
let blocked = 0
for (let turn = 0; task.until === null ? turn < task.turns : Date.now() < task.until; turn++) {
  const file = join(task.repository, task.files[turn % task.files.length] ?? '')
  let text = read(file)
  if (turn === 0) {
    // All have read before one writes: so they are sure to be in each other's way.
    process.stdout.write('read\n')
    await lines.next()
  }
  // Two edits in a turn, on what was read once.
  for (let edit = 0; edit < 2; edit++) {
    think()
    while (!mayWrite(file, text)) {
      blocked++
      think()
      text = read(file)
    }
    text += `${task.name} ${written++}\n`
    writeFileSync(file, text)
    hook('AfterTool', tool('write_file', { file_path: file, content: text }))
  }
  hook('AfterAgent', {})
}
hook('SessionEnd', {})
process.stdout.write(`${JSON.stringify({ name: task.name, written, blocked })}\n`)
process.exit(0)

function read(file: string): string {
  hook('BeforeTool', tool('read_file', { file_path: file }))
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

function mayWrite(file: string, text: string): boolean {
  return hook('BeforeTool', tool('write_file', { file_path: file, content: text })) !== 2
}

function tool(name: string, input: Record<string, string>): Record<string, unknown> {
  return { tool_name: name, tool_input: input }
}

function hook(event: string, more: Record<string, unknown>): number {
  if (!task.program) return 0
  const payload = { session_id: task.name, cwd: task.repository, hook_event_name: event, ...more }
  const args = [...task.program, 'hook', 'run', '--client', 'gemini-cli']
  return (
    spawnSync(process.execPath, args, { input: JSON.stringify(payload), cwd: task.repository }).status ?? 0
  )
}

function think(): void {
  Atomics.wait(pause, 0, 0, 5 + Math.random() * 25)
}
