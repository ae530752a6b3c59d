import { resolve } from 'node:path'
import { z } from 'zod'
import { RECORD_KINDS } from '../../../domain/transfer.ts'
import type { OnConflict } from '../../../services/transfer/import-run.ts'
import type { ImportCounts } from '../../../services/transfer/transfer.ts'
import { shellAgentId } from '../arguments/agent.ts'
import type { CommandIo } from '../io.ts'
import { fileInput, type Input, streamInput } from '../transfer/input.ts'
import { interruptible } from '../transfer/interrupt.ts'
import { showProgress } from '../view/progress.ts'
import { type Column, table } from '../view/table.ts'
import { defineCommand } from './define.ts'

export const importCommand = defineCommand({
  words: ['import'],
  summary: 'Read what export wrote, all of it or nothing.',
  about: `The file is checked to its last line first, and a line that does not fit is named; - is stdin. Ids stay. What is here
already and is the same is passed over; what is here and differs stops the import, unless --on-conflict says otherwise. A
project of the same root, or of the same name in the same place, is the same project.`,
  input: z.object({
    file: z.string().meta({ value: 'FILE', description: 'What export wrote' }),
    on_conflict: z
      .enum(['refuse', 'keep', 'replace'])
      .default('refuse')
      .describe("What is here and differs: refuse the file, keep that, or put the file's in its place"),
  }),
  positional: ['file'],
  examples: [
    ['agent-memory import memory.jsonl', ''],
    ['agent-memory import memory.jsonl --on-conflict keep', ''],
    ['gunzip -c memory.jsonl.gz | agent-memory import -', ''],
  ],
  async run({ file, on_conflict: onConflict }, io) {
    const input = file === '-' ? await streamInput(io.stdin) : await fileInput(resolve(io.cwd, file))
    try {
      return await interruptible(io, async (signal) => {
        const records = await importFrom(input, { ...io, onConflict, signal })
        io.answer({ records }, () => `${shown(records, io)}\n`)
        return 0
      })
    } finally {
      await input.close()
    }
  },
})

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
    io.terminal,
  )
}
