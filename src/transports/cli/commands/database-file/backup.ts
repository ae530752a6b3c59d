import { resolve } from 'node:path'
import { z } from 'zod'
import { showProgress } from '../../view/progress.ts'
import { oneLine } from '../../view/terminal.ts'
import { defineCommand } from '../define.ts'

export const backup = defineCommand({
  words: ['backup'],
  summary: 'Copy the database to a file, while it is in use.',
  about: `The copy is one state of the whole database, is read to its last page before it gets its name, and is for its owner
only. A file that exists is never replaced.`,
  input: z.object({ file: z.string().min(1, 'is empty').meta({ value: 'FILE', description: 'Where to' }) }),
  positional: ['file'],
  examples: [['agent-memory backup ~/memory-backup.db', '']],
  async run({ file: target }, io) {
    const file = await io.openFile(io.config())
    const { progress, end } = showProgress(io, 'Copied')
    try {
      const report = await file.backUp(resolve(io.cwd, target), progress)
      end()
      io.answer(report, () => sentence(file.path, report))
    } finally {
      end()
    }
    return 0
  },
})

function sentence(
  from: string,
  { path, bytes, schema_version }: { path: string; bytes: number; schema_version: number },
): string {
  const text = `Copied ${from} to ${path} (${(bytes / 1024 / 1024).toFixed(1)} MB, schema version ${schema_version}).`
  return `${oneLine(text)}\nBack with: agent-memory restore ${oneLine(path)}\n`
}
