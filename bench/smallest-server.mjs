import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

// The least that a server on this SDK can be: one tool, no database.
serveStdio(() => {
  const server = new McpServer({ name: 'smallest', version: '1' })
  const config = { description: 'Says it again', inputSchema: z.object({ text: z.string() }) }
  server.registerTool('echo', config, ({ text }) => ({ content: [{ type: 'text', text }] }))
  return server
})
