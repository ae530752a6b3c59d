import { resolve } from 'node:path'
import { isHelp, readCommandLine } from '../arguments/command-line.ts'
import type { CommandIo } from '../io.ts'
import { showProgress } from '../view/progress.ts'
import { oneLine, printableJson } from '../view/terminal.ts'

const HELP = `Usage: agent-memory restore FILE [options]

Puts a backup in the place of the database. The backup is read to its last page first; the database that stood
there is kept beside it, under a name that is printed. Refused while a server has the database open. File locks
and the numbers of their tokens stay as they are now.

Options:
  --json             The result as JSON
  --data-dir FOLDER  Instead of AGENT_MEMORY_DATA_DIR
  --db-path FILE     Instead of AGENT_MEMORY_DB_PATH

Example:
  agent-memory restore ~/memory-backup.db
`

/** `agent-memory restore`. */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  if (isHelp(argv)) {
    io.stdout.write(HELP)
    return 0
  }
  const { words, flags } = readCommandLine(argv, {
    words: ['FILE'],
    flags: ['json'],
    help: 'agent-memory restore --help',
  })
  const [source = ''] = words
  const file = await io.openFile(io.config())
  const { progress, end } = showProgress(io, 'Copied')
  try {
    const report = await file.restore(resolve(io.cwd, source), progress)
    end()
    io.stdout.write(flags.has('json') ? `${printableJson(report)}\n` : sentences(source, report))
  } finally {
    end()
  }
  return 0
}

function sentences(source: string, { path, kept }: { path: string; kept: string | null }): string {
  const lines = [
    `${source} is now the database ${path}.`,
    ...(kept === null ? [] : [`The one before is kept as ${kept}.`]),
  ]
  return `${lines.map(oneLine).join('\n')}\n`
}
