import { z } from 'zod'
import { defineCommand } from './define.ts'

export const mcp = defineCommand({
  words: ['mcp'],
  summary: 'Serve MCP on stdin and stdout.',
  about: `Until the client goes away. Clients start it; "agent-memory setup" registers it with them. Logs are JSON lines on
stderr.`,
  input: z.object({
    root: z
      .string()
      .optional()
      .describe('Folder of the project that calls without a scope mean, wherever the client starts this'),
  }),
  examples: [
    ['agent-memory mcp --data-dir ~/team-memory --log-level warn', ''],
    ['agent-memory mcp --root ~/work/shop', ''],
  ],
  run: ({ root }, io) =>
    io.serveMcp(io.readConfig({ ...io.overrides, ...(root !== undefined && { AGENT_MEMORY_ROOT: root }) })),
})
