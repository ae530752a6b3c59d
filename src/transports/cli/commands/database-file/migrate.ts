import { z } from 'zod'
import type { Config } from '../../../../config.ts'
import type { MoveReport } from '../../../../services/move/move.ts'
import type { CommandIo } from '../../io.ts'
import { readTarget } from '../../migrate/target.ts'
import { interruptible } from '../../transfer/interrupt.ts'
import { showProgress } from '../../view/progress.ts'
import { type Column, table } from '../../view/table.ts'
import { oneLine } from '../../view/terminal.ts'
import { defineCommand } from '../define.ts'

export const migrate = defineCommand({
  words: ['migrate'],
  summary: 'Move everything to another database: SQLite to PostgreSQL, or back.',
  about: `Scopes, sessions, entries with every version, tags, relations, conflicts, votes, and the log of events with its numbers
go from the configured database to an empty one. File locks stay behind; nobody may hold one. The source is only read.
Both sides are read again at the end and compared table by table, and the settings that lead to the new database are
printed; with --json also the checksum of each table.

Close the clients first. What they write during the move is noticed and said; the move is then not finished. A move
that ends early leaves the target marked, no server starts on it, and the same command goes on or begins anew.

ADDRESS is postgresql://user:password@host:5432/database or sqlite:/path/memory.db. A password that is not in it is
taken from AGENT_MEMORY_PG_PASSWORD; other users of this machine may see what stands on a command line.`,
  input: z.object({
    to: z.string().meta({ value: 'ADDRESS', description: 'Where to', isSecret: true }),
  }),
  examples: [
    ['agent-memory migrate --to postgresql://agent_memory:secret@db.example.com/agent_memory', ''],
    ['agent-memory migrate --to sqlite:/home/ada/memory.db', ''],
  ],
  async run({ to }, io) {
    const target = readTarget(to, io.cwd)
    return interruptible(io, async (signal) => {
      const config = io.readConfig({ ...io.overrides, ...target.settings })
      const report = await moveTo(config, io, signal)
      const settings = target.shown(config)
      io.answer({ ...report, settings }, () => summary(report, settings, io))
      return 0
    })
  },
})

async function moveTo(to: Config, io: CommandIo, signal: AbortSignal): Promise<MoveReport> {
  const move = await io.openMove(io.config(), to)
  const [moving, checking] = [showProgress(io, 'Moved'), showProgress(io, 'Compared')]
  try {
    return await move.run({
      signal,
      moved: moving.progress,
      checked(done, total) {
        moving.end()
        checking.progress(done, total)
      },
    })
  } finally {
    moving.end()
    checking.end()
    await move.close()
  }
}

type Row = MoveReport['tables'][number]

const COLUMNS: readonly Column<Row>[] = [
  { title: 'table', text: (row) => row.table },
  { title: 'rows', text: (row) => String(row.rows) },
]

function summary(report: MoveReport, values: Readonly<Record<string, string>>, io: CommandIo): string {
  const settings = Object.entries(values).map(([name, value]) => `  ${name}=${oneLine(value)}`)
  const hasPassword = settings.some((line) => line.includes('***'))
  return [
    table(report.tables, COLUMNS, io.terminal),
    '',
    `Moved ${oneLine(report.source)} to ${oneLine(report.target)}; every table is the same on both sides.`,
    `Set this for every client${hasPassword ? ', with the password in place of ***' : ''}:`,
    ...settings,
    'The old database is as it was. What is still written there from now on is not in the new one.',
    '',
  ].join('\n')
}
