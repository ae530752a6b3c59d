import { resolve } from 'node:path'
import { RECORD_KINDS } from '../../../domain/transfer.ts'
import type { OnConflict } from '../../../services/transfer/import-run.ts'
import type { ImportCounts } from '../../../services/transfer/transfer.ts'
import { shellAgentId } from '../arguments/agent.ts'
import { isHelp, readCommandLine } from '../arguments/command-line.ts'
import { missingValue, UsageError } from '../arguments/usage-error.ts'
import type { CommandIo } from '../io.ts'
import { fileInput, type Input, streamInput } from '../transfer/input.ts'
import { interruptible } from '../transfer/interrupt.ts'
import { showProgress } from '../view/progress.ts'
import { type Column, table } from '../view/table.ts'
import { printableJson, terminalOf } from '../view/terminal.ts'

const HELP = `Usage: agent-memory import FILE [options]

Reads a file that "agent-memory export" wrote; - is stdin. All of it or nothing: the file is checked to its last line
first, and a line that does not fit is named. Ids stay. What is here already and is the same is passed over; what is here
and differs stops the import, unless --on-conflict says otherwise. A project of the same root, or of the same name in the
same place, is the same project.

Options:
  --on-conflict keep|replace  Leave what is here, or put the file's in its place
  --json                      What became of the records, as JSON
  --data-dir FOLDER           Instead of AGENT_MEMORY_DATA_DIR
  --db-path FILE              Instead of AGENT_MEMORY_DB_PATH

Examples:
  agent-memory import memory.jsonl
  agent-memory import memory.jsonl --on-conflict keep
  gunzip -c memory.jsonl.gz | agent-memory import -
`

/** `agent-memory import`. */
export async function run(argv: readonly string[], io: CommandIo): Promise<number> {
  if (isHelp(argv)) {
    io.stdout.write(HELP)
    return 0
  }
  const { onConflict, rest } = takeOnConflict(argv)
  const { words, flags } = readCommandLine(rest, {
    words: ['FILE'],
    flags: ['json', 'on-conflict'],
    help: 'agent-memory import --help',
  })
  const [name = '-'] = words
  const input = name === '-' ? await streamInput(io.stdin) : await fileInput(resolve(io.cwd, name))
  try {
    return await interruptible(io, async (signal) => {
      const counts = await importFrom(input, { ...io, onConflict, signal })
      io.stdout.write(`${flags.has('json') ? printableJson({ records: counts }) : shown(counts, io)}\n`)
      return 0
    })
  } finally {
    await input.close()
  }
}

async function importFrom(
  input: Input,
  { signal, onConflict, ...io }: CommandIo & { signal: AbortSignal; onConflict: OnConflict },
): Promise<ImportCounts> {
  const config = io.config()
  const caller = { agentId: config.agentId ?? shellAgentId(), workspace: null }
  const app = await io.openApp(config)
  const [check, write] = [showProgress(io, 'Checked'), showProgress(io, 'Imported')]
  const unlessEnded = (progress: typeof check.progress) => (done: number, total: number) => {
    signal.throwIfAborted()
    progress(done, total)
  }
  try {
    return await app.services.transfer.import(caller, () => input.open(), {
      onConflict,
      checked: unlessEnded(check.progress),
      imported: unlessEnded(write.progress),
    })
  } finally {
    check.end()
    write.end()
    await app.close()
  }
}

const CHOICES: readonly OnConflict[] = ['refuse', 'keep', 'replace']

function takeOnConflict(argv: readonly string[]): { onConflict: OnConflict; rest: readonly string[] } {
  const at = argv.findIndex((arg) => arg === '--on-conflict' || arg.startsWith('--on-conflict='))
  const flag = argv[at]
  if (flag === undefined) return { onConflict: 'refuse', rest: argv }
  const isOneWord = flag.includes('=')
  const value = isOneWord ? flag.slice('--on-conflict='.length) : argv[at + 1]
  if (value === undefined) throw missingValue('--on-conflict')
  const onConflict = CHOICES.find((choice) => choice === value)
  if (!onConflict)
    throw new UsageError(
      'INVALID_PARAMETER',
      '--on-conflict is keep or replace.',
      'See agent-memory import --help.',
    )
  return { onConflict, rest: argv.toSpliced(at, isOneWord ? 1 : 2) }
}

type Row = readonly [kind: string, counts: ImportCounts['entry']]

const COLUMNS: readonly Column<Row>[] = [
  { title: 'records', text: ([kind]) => kind },
  { title: 'added', text: ([, { added }]) => String(added) },
  { title: 'identical', text: ([, { identical }]) => String(identical) },
  { title: 'kept', text: ([, { kept }]) => String(kept) },
  { title: 'replaced', text: ([, { replaced }]) => String(replaced) },
]

function shown(counts: ImportCounts, io: CommandIo): string {
  return table(
    RECORD_KINDS.map((kind): Row => [kind, counts[kind]]),
    COLUMNS,
    terminalOf(io),
  )
}
