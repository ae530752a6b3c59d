import type { Config } from '../../../config.ts'
import { clientLines } from '../../../domain/places/client-lines.ts'
import { VERSION } from '../../../version.ts'

/** What the person who has started the server reads: its address, and how each client is connected. */
export function welcome({ address, config }: { address: string; config: Config }): string {
  const mcp = `${address}/mcp`
  const lines = clientLines(mcp).map(([client, line]) => `  ${client.padEnd(13)} ${line}`)
  return `agent-memory ${VERSION} serves ${address}
Its memory is ${config.dbType === 'sqlite' ? config.dbPath : config.dbType}. REST is at ${address}/v1, MCP at ${mcp}.
Look at it in a browser: ${address}/

Connect a client:
${lines.join('\n')}
  any other     agent-memory setup, or "agent-memory mcp" over stdio

Ctrl+C ends it.
`
}
