import { z } from 'zod'
import { defineCommand } from './define.ts'

export const mcp = defineCommand({
  words: ['mcp'],
  summary: 'Serve MCP on stdin and stdout.',
  about: `Until the client goes away. Clients start it; "agent-memory setup" registers it with them. Logs are JSON lines on
stderr.`,
  input: z.object({}),
  examples: [['agent-memory mcp --data-dir ~/team-memory --log-level warn', '']],
  run: (_input, io) => io.serveMcp(io.config()),
})
