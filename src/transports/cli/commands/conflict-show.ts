import { z } from 'zod'
import { defineCommand } from './define.ts'

export const conflictShow = defineCommand({
  words: ['conflict', 'show'],
  summary: 'Show a conflict for a person to decide: what both sides made of each line.',
  about: `Lines that only one side changed stand under its mark, where both did the three stand below each other. conflict list has the
ids, conflict resolve settles one.`,
  input: z.object({ id: z.string().min(1).meta({ value: 'ID', description: 'Of the conflict' }) }),
  positional: ['id'],
  examples: [['agent-memory conflict show ID', '']],
  run: async ({ id }, io) => {
    const { showConflict } = await import('../conflict/show.ts')
    return showConflict(id, io)
  },
})
