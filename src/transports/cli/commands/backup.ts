import { resolve } from 'node:path'
import { isHelp, readCommandLine } from '../arguments/command-line.ts'
import type { CommandIo } from '../io.ts'
import { showProgress } from '../view/progress.ts'
import { oneLine, printableJson } from '../view/terminal.ts'

const HELP = `Usage: agent-memory backup FILE [options]

Copies the database to a new file, while servers go on using it. The copy is one state of the whole database, is
read to its last page before it gets its name, and is for its owner only. A file that exists is never replaced.

Options:
  --json             The result as JSON
  --data-dir FOLDER  Instead of AGENT_MEMORY_DATA_DIR
  --db-path FILE     Instead of AGENT_MEMORY_DB_PATH

Example:
  agent-memory backup ~/memory-backup.db
`

/** `agent-memory backup`. */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  if (isHelp(argv)) {
    io.stdout.write(HELP)
    return 0
  }
  const { words, flags } = readCommandLine(argv, {
    words: ['FILE'],
    flags: ['json'],
    help: 'agent-memory backup --help',
  })
  const [target = ''] = words
  const file = await io.openFile(io.config())
  const { progress, end } = showProgress(io, 'Copied')
  try {
    const report = await file.backUp(resolve(io.cwd, target), progress)
    end()
    io.stdout.write(flags.has('json') ? `${printableJson(report)}\n` : sentence(file.path, report))
  } finally {
    end()
  }
  return 0
}

function sentence(
  from: string,
  { path, bytes, schema_version }: { path: string; bytes: number; schema_version: number },
): string {
  const text = `Copied ${from} to ${path} (${(bytes / 1024 / 1024).toFixed(1)} MB, schema version ${schema_version}).`
  return `${oneLine(text)}\nBack with: agent-memory restore ${oneLine(path)}\n`
}
