import { resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../../domain/errors.ts'
import { counted } from '../../../../domain/text/counted.ts'
import { RECORD_KINDS, type RecordCounts, type RecordKind } from '../../../../domain/transfer.ts'
import type { CommandIo } from '../../io.ts'
import { interruptible } from '../../transfer/interrupt.ts'
import { fileOutput, type Output, ReaderGone, streamOutput } from '../../transfer/output.ts'
import { showProgress } from '../../view/progress.ts'
import { oneLine } from '../../view/terminal.ts'
import { defineCommand } from '../define.ts'

export const exportCommand = defineCommand({
  words: ['export'],
  summary: 'Write the whole memory as JSON lines, or as Markdown.',
  about: `Scopes, entries with all their versions, relations, conflicts and votes. Without FILE, or with -, to stdout. It is one
state of the memory, while servers go on writing; the same memory gives the same bytes. A file that exists is never
replaced. File locks and the log of events are not in it. With FILE, --json says what was exported.

--to markdown writes a new folder with a page for each memory, for people to read and change; import takes it back. Sessions,
earlier versions, conflicts, votes and what was deleted are not in it.`,
  input: z.object({
    file: z.string().min(1, 'is empty').default('-').meta({ value: 'FILE', description: 'Where to' }),
    to: z
      .enum(['agent-memory', 'markdown'])
      .default('agent-memory')
      .describe('JSON lines, or a folder of pages'),
  }),
  positional: ['file'],
  examples: [
    ['agent-memory export memory.jsonl', ''],
    ['agent-memory export | gzip > memory.jsonl.gz', ''],
    ['agent-memory export --to markdown memory-pages', ''],
  ],
  async run({ file, to }, io) {
    const path = file === '-' ? undefined : resolve(io.cwd, file)
    if (to === 'markdown') return exportPages(path, io)
    return interruptible(io, async (signal) => {
      const output = path === undefined ? streamOutput(io.stdout) : await fileOutput(path)
      try {
        const counts = await exportTo(output, path === undefined ? { ...io, columns: undefined } : io, signal)
        if (path !== undefined) io.answer({ path, counts }, () => sentence(path, counts))
        return 0
      } catch (error) {
        if (error instanceof ReaderGone) return 0
        throw error
      } finally {
        await output.close()
      }
    })
  },
})

async function exportPages(path: string | undefined, io: CommandIo): Promise<number> {
  if (path === undefined) {
    throw new AppError('MISSING_FIELD', 'FILE: --to markdown writes many pages; which folder?', {
      suggestion: 'agent-memory export --to markdown FOLDER',
    })
  }
  const { folderOutput } = await import('../../transfer/folder-output.ts')
  return interruptible(io, async (signal) => {
    const output = await folderOutput(path)
    const app = await io.openApp(io.config())
    try {
      const counts = await app.services.transfer.exportMarkdown(async (page) => {
        signal.throwIfAborted()
        await output.write(page)
      })
      await output.finish()
      const { scopes, entries, relations } = counts
      io.answer(
        { path, counts },
        () =>
          `${oneLine(`Wrote ${counted(entries, 'entry')} of ${counted(scopes, 'scope')} and ${counted(relations, 'relation')} to ${path}.`)}\n`,
      )
      return 0
    } finally {
      await output.close()
      await app.close()
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
  tombstone: ['deleted entry', 'deleted entries'],
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
