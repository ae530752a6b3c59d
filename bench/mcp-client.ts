import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

/** The built program. */
export const PROGRAM = join(import.meta.dirname, '../dist/main.js')

/** A real client of a real server process. */
export interface TestClient {
  /** Of the server. */
  readonly pid: number
  call(tool: string, args: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>
  /** What a model reads of the answer, refused or not. */
  text(tool: string, args: Readonly<Record<string, unknown>>): Promise<string>
  ping(): Promise<unknown>
  close(): Promise<void>
}

/** Starts the built program with these settings and connects to it over stdio. */
export async function openClient(
  env: Readonly<Record<string, string>>,
  agentId = 'bench',
): Promise<TestClient> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, 'mcp'],
    env: { PATH: process.env['PATH'] ?? '', AGENT_MEMORY_AGENT_ID: agentId, ...env },
    stderr: 'ignore',
  })
  const client = new Client({ name: 'bench', version: '1' })
  await client.connect(transport)
  return {
    pid: transport.pid ?? Number.NaN,
    ping: () => client.ping(),
    async text(tool, args) {
      const { content } = await client.callTool({ name: tool, arguments: { ...args } })
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    },
    async call(tool, args) {
      const result = await client.callTool({ name: tool, arguments: { ...args } })
      if (result.isError) throw new Error(JSON.stringify(result.structuredContent ?? result.content))
      return (result.structuredContent ?? {}) as Record<string, unknown>
    },
    close: () => client.close(),
  }
}
