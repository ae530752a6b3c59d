import { resolve } from 'node:path'
import { z } from 'zod'
import { RECORD_KINDS, type RecordCounts, type RecordKind } from '../../../domain/transfer.ts'
import type { CommandIo } from '../io.ts'
import { interruptible } from '../transfer/interrupt.ts'
import { fileOutput, type Output, ReaderGone, streamOutput } from '../transfer/output.ts'
import { showProgress } from '../view/progress.ts'
import { oneLine } from '../view/terminal.ts'
import { defineCommand } from './define.ts'

export const exportCommand = defineCommand({
  words: ['export'],
  summary: 'Write the whole memory as JSON lines.',
  about: `Scopes, entries with all their versions, relations, conflicts and votes. Without FILE, or with -, to stdout. It is one
state of the memory, while servers go on writing; the same memory gives the same bytes. A file that exists is never
replaced. File locks and the log of events are not in it. With FILE, --json says what was exported.`,
  input: z.object({ file: z.string().default('-').meta({ value: 'FILE', description: 'Where to' }) }),
  positional: ['file'],
  examples: [
    ['agent-memory export memory.jsonl', ''],
    ['agent-memory export | gzip > memory.jsonl.gz', ''],
  ],
  async run({ file }, io) {
    const path = file === '-' ? undefined : resolve(io.cwd, file)
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
