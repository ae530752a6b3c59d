import { resolve } from 'node:path'
import { RECORD_KINDS, type RecordCounts, type RecordKind } from '../../../domain/transfer.ts'
import { isHelp, readCommandLine } from '../arguments/command-line.ts'
import type { CommandIo } from '../io.ts'
import { interruptible } from '../transfer/interrupt.ts'
import { fileOutput, type Output, ReaderGone, streamOutput } from '../transfer/output.ts'
import { showProgress } from '../view/progress.ts'
import { oneLine, printableJson } from '../view/terminal.ts'

const HELP = `Usage: agent-memory export [FILE] [options]

Writes the whole memory as JSON lines: scopes, entries with all their versions, relations, conflicts and votes.
Without FILE, or with -, to stdout. It is one state of the memory, while servers go on writing; the same memory gives
the same bytes. A file that exists is never replaced. File locks and the log of events are not in it.

Options:
  --json             What was exported, as JSON (with FILE)
  --data-dir FOLDER  Instead of AGENT_MEMORY_DATA_DIR
  --db-path FILE     Instead of AGENT_MEMORY_DB_PATH

Examples:
  agent-memory export memory.jsonl
  agent-memory export | gzip > memory.jsonl.gz
`

/** `agent-memory export`. */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  if (isHelp(argv)) {
    io.stdout.write(HELP)
    return 0
  }
  const hasFile = argv.some((arg) => arg === '-' || !arg.startsWith('-'))
  const { words, flags } = readCommandLine(hasFile ? argv : [...argv, '-'], {
    words: ['FILE'],
    flags: ['json'],
    help: 'agent-memory export --help',
  })
  const [name = '-'] = words
  const path = name === '-' ? undefined : resolve(io.cwd, name)
  return interruptible(io, async (signal) => {
    const output = path === undefined ? streamOutput(io.stdout) : await fileOutput(path)
    try {
      const counts = await exportTo(output, path === undefined ? { ...io, columns: undefined } : io, signal)
      if (path !== undefined)
        io.stdout.write(flags.has('json') ? `${printableJson({ path, counts })}\n` : sentence(path, counts))
      return 0
    } catch (error) {
      if (error instanceof ReaderGone) return 0
      throw error
    } finally {
      await output.close()
    }
  })
}

async function exportTo(output: Output, io: CommandIo, signal: AbortSignal): Promise<RecordCounts> {
  const app = await io.openApp(io.config())
  const { progress, end } = showProgress(io, 'Exported')
  try {
    const write = async (line: string) => {
      signal.throwIfAborted()
      await output.write(line)
    }
    const counts = await app.services.transfer.export(write, progress)
    await output.finish()
    return counts
  } finally {
    end()
    await app.close()
  }
}

const NAMES: Readonly<Record<RecordKind, readonly [one: string, many: string]>> = {
  scope: ['scope', 'scopes'],
  entry: ['entry', 'entries'],
  version: ['earlier version', 'earlier versions'],
  relation: ['relation', 'relations'],
  conflict: ['conflict', 'conflicts'],
  vote: ['vote', 'votes'],
}

function sentence(path: string, counts: RecordCounts): string {
  const parts = RECORD_KINDS.filter((kind) => counts[kind] > 0).map(
    (kind) => `${counts[kind]} ${NAMES[kind][counts[kind] === 1 ? 0 : 1]}`,
  )
  return `${oneLine(`Exported ${parts.join(', ')} to ${path}.`)}\n`
}
