import { resolve } from 'node:path'
import { z } from 'zod'
import { showProgress } from '../../view/progress.ts'
import { oneLine } from '../../view/terminal.ts'
import { defineCommand } from '../define.ts'

export const restore = defineCommand({
  words: ['restore'],
  summary: 'Put a backup in the place of the database.',
  about: `The backup is read to its last page first; the database that stood there is kept beside it, under a name that is
printed. Refused while a server has the database open. File locks and the numbers of their tokens stay as they are now.`,
  input: z.object({
    file: z.string().min(1, 'is empty').meta({ value: 'FILE', description: 'What backup wrote' }),
  }),
  positional: ['file'],
  examples: [['agent-memory restore ~/memory-backup.db', '']],
  async run({ file: source }, io) {
    const file = await io.openFile(io.config())
    const { progress, end } = showProgress(io, 'Copied')
    try {
      const report = await file.restore(resolve(io.cwd, source), progress)
      end()
      io.answer(report, () => sentences(source, report))
    } finally {
      end()
    }
    return 0
  },
})

function sentences(source: string, { path, kept }: { path: string; kept: string | null }): string {
  const lines = [
    `${source} is now the database ${path}.`,
    ...(kept === null ? [] : [`The one before is kept as ${kept}.`]),
  ]
  return `${lines.map(oneLine).join('\n')}\n`
}
