import { z } from 'zod'
import { defineCommand } from './define.ts'

export const status = defineCommand({
  words: ['status'],
  summary: 'Show who is at work here, which files they hold, and what happens.',
  about: `A live screen in a terminal; q or Ctrl+C ends it. Where the output is no terminal it is the state as JSON, once.`,
  input: z.object({
    once: z.boolean().default(false).describe('Print it once, as text'),
    every: z
      .string()
      .regex(/^(0\.[1-9]|[1-9]\d{0,2}(\.\d)?)$/, 'is a number of seconds, 0.1 to 999')
      .default('1')
      .meta({ value: 'SECONDS', description: 'How often the screen looks again (default: 1)' }),
  }),
  examples: [
    ['agent-memory status', ''],
    ['agent-memory status --once', ''],
  ],
  run: async (input, io) => {
    const { showStatus } = await import('../status/show.ts')
    return showStatus({ isOnce: input.once, everyMs: Number(input.every) * 1_000 }, io)
  },
})
