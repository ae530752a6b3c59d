import { z } from 'zod'
import { defineCommand } from './define.ts'

export const serve = defineCommand({
  words: ['serve'],
  summary: 'Serve MCP and REST on one HTTP port.',
  about: `On this machine alone unless there are keys (agent-memory key create). Says on stdout where it is and how clients
connect; logs are JSON lines on stderr. SIGTERM or Ctrl+C ends it when what is under way is answered.`,
  input: z.object({
    host: z.string().optional().meta({ value: 'ADDRESS', description: 'Instead of AGENT_MEMORY_HTTP_HOST' }),
    port: z.string().optional().meta({ value: 'PORT', description: 'Instead of AGENT_MEMORY_HTTP_PORT' }),
  }),
  examples: [
    ['agent-memory serve', ''],
    ['agent-memory serve --port 9000', ''],
  ],
  run: ({ host, port }, io) =>
    io.serveHttp(
      io.readConfig({
        ...io.overrides,
        ...(host !== undefined && { AGENT_MEMORY_HTTP_HOST: host }),
        ...(port !== undefined && { AGENT_MEMORY_HTTP_PORT: port }),
      }),
    ),
})
