import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { z } from 'zod'

// What the bench of HTTP is measured against: the same framework on the same server of Node, which answers bodies that it was
// given as constants, and the SDK's own handler with one tool that answers what it was given.

interface Answers {
  readonly bodies: Readonly<Record<string, string>>
  readonly mcp: {
    readonly result: { readonly content: never[]; readonly structuredContent: Record<string, unknown> }
  }
}

let answers: Answers | undefined
const http = new Hono()
const input = z.looseObject({ action: z.string() })

const mcp = createMcpHandler(
  () => {
    const server = new McpServer({ name: 'constant', version: '1' })
    server.registerTool('memory_query', { description: 'Answers a constant', inputSchema: input }, () => {
      const { content = [], structuredContent = {} } = answers?.mcp.result ?? {}
      return { content, structuredContent }
    })
    return server
  },
  { legacy: 'reject' },
)

http.post('/answers', async (c) => {
  answers = await c.req.json<Answers>()
  return c.json({})
})
http.on(['GET', 'POST', 'DELETE'], '/mcp', (c) => mcp.fetch(c.req.raw))
http.get('/v1/*', (c) =>
  c.body(answers?.bodies[c.req.path] ?? '', 200, { 'content-type': 'application/json' }),
)

const listener = getRequestListener(http.fetch)
const server = createServer((request, response) => void listener(request, response))
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stderr.write(`${JSON.stringify({ event: 'constant', address: `http://127.0.0.1:${port}` })}\n`)
})
process.once('SIGTERM', () => process.exit(0))
