import { resolve } from 'node:path'
import { z } from 'zod'
import { ENTRY_TYPES } from '../../../../domain/entries/types/index.ts'
import { AppError } from '../../../../domain/errors.ts'
import { ON_CONFLICT, type OnConflict } from '../../../../services/transfer/import/run.ts'
import type { ImportCounts } from '../../../../services/transfer/transfer.ts'
import { shellAgentId } from '../../arguments/agent.ts'
import type { CommandIo } from '../../io.ts'
import { importForeign } from '../../transfer/import-foreign.ts'
import {
  formatByContent,
  IMPORT_FORMATS,
  markdownByName,
  refuseNoText,
} from '../../transfer/import-format.ts'
import { fileInput, type Input, streamInput } from '../../transfer/input.ts'
import { interruptible } from '../../transfer/interrupt.ts'
import { NOTHING_CHANGED, shownCounts, shownReport } from '../../view/import.ts'
import { showProgress } from '../../view/progress.ts'
import { defineCommand } from '../define.ts'

const KEPT_TYPES = ENTRY_TYPES.flatMap(({ name, keptBy }) => (keptBy === null ? [] : [name]))

export const importCommand = defineCommand({
  words: ['import'],
  summary: 'Read what export or another program wrote, all of it or nothing.',
  about: `The file is checked to its last line first, and a line that does not fit is named; - is stdin. What it is shows by its name or
its first line, or --from says it.

An export of agent-memory: ids stay. What is here already and is the same is passed over; what is here and differs stops the
import, unless --on-conflict says otherwise. A project of the same root or repository, or of the same name in the same place, is
the same project.

Markdown (a file or a folder: AGENTS.md, CLAUDE.md, rules of editors, memory banks, decision records) and the file of the MCP
server server-memory: one entry a heading or an entity, in the current project. Read again, they update what has changed there,
and say what is gone; nothing is deleted.`,
  input: z.object({
    file: z
      .string()
      .min(1, 'is empty')
      .meta({ value: 'FILE', description: 'What export or another program wrote; a folder of Markdown' }),
    from: z.enum(IMPORT_FORMATS).optional().describe('What the file is; otherwise it is looked at'),
    type: z
      .enum(KEPT_TYPES)
      .optional()
      .describe('Of all entries; otherwise rules for agents are guidelines, the rest knowledge'),
    scope: z.string().min(1, 'is empty').optional().meta({
      value: 'SCOPE',
      description: 'Where they go: global, org, project, or an id or name; default the current project',
    }),
    on_conflict: z
      .enum(ON_CONFLICT)
      .default('refuse')
      .describe(
        "What is here and differs: refuse the file, keep that, put the file's in its place, or take the newer",
      ),
    dry_run: z.boolean().default(false).describe('Say what would happen, and change nothing'),
  }),
  positional: ['file'],
  examples: [
    ['agent-memory import memory.jsonl', ''],
    ['agent-memory import memory.jsonl --on-conflict newer --dry-run', ''],
    ['gunzip -c memory.jsonl.gz | agent-memory import -', ''],
    ['agent-memory import --from markdown AGENTS.md', ''],
    ['agent-memory import --from markdown docs/adr --type knowledge', ''],
    ['agent-memory import --from server-memory memory.json --scope global', ''],
  ],
  async run(given, io) {
    const path = given.file === '-' ? undefined : resolve(io.cwd, given.file)
    const byName = given.from ?? (await markdownByName(path))
    const input =
      path === undefined
        ? await streamInput(io.stdin)
        : byName === 'markdown'
          ? undefined
          : await fileInput(path)
    try {
      if (input) await refuseNoText(input, path ?? 'stdin')
      const from = byName ?? (input ? await formatByContent(input) : 'markdown')
      const { type, scope, on_conflict: onConflict, dry_run: isDryRun } = given
      return await interruptible(io, async (signal) => {
        if (from === 'agent-memory') {
          refuseForExport({ type, scope })
          await importExport(input, { ...io, onConflict, isDryRun, signal })
        } else {
          const report = await importForeign({ from, path, input, type, scope, onConflict, isDryRun }, io)
          io.answer(report, () => `${shownReport(report)}\n`)
        }
        return 0
      })
    } finally {
      await input?.close()
    }
  },
})

/** In an export stands what each entry is and where it belongs. */
function refuseForExport(given: { type: string | undefined; scope: string | undefined }): void {
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (name === undefined) return
  throw new AppError(
    'INVALID_PARAMETER',
    `${name}: an export says itself what its entries are and where they belong.`,
    {
      suggestion: `Leave --${name} out; it is for --from markdown and --from server-memory.`,
    },
  )
}

interface ExportIo extends CommandIo {
  readonly signal: AbortSignal
  readonly onConflict: OnConflict
  readonly isDryRun: boolean
}

async function importExport(input: Input | undefined, io: ExportIo): Promise<void> {
  if (!input) throw new RangeError('an export is opened before it is read')
  const records = await importFrom(input, io)
  io.answer({ records, ...(io.isDryRun && { dry_run: true }) }, () =>
    [shownCounts(records, io.terminal), ...(io.isDryRun ? [NOTHING_CHANGED] : []), ''].join('\n'),
  )
}

async function importFrom(
  input: Input,
  { signal, onConflict, isDryRun, ...io }: ExportIo,
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
      isDryRun,
      checked: unlessEnded(check.progress),
      imported: unlessEnded(write.progress),
    })
  } finally {
    check.end()
    write.end()
    await app.close()
  }
}
