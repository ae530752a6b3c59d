import type { Config } from '../../config.ts'
import { VERSION } from '../../version.ts'

/** What a person reads who has started the server: where it is, and how each client is connected. */
export function welcome({ address, config }: { address: string; config: Config }): string {
  const mcp = `${address}/mcp`
  const lines = CLIENTS.map(([name, line]) => `  ${name.padEnd(13)} ${line(mcp)}`)
  return `agent-memory ${VERSION} serves ${address}
Its memory is ${config.dbType === 'sqlite' ? config.dbPath : config.dbType}. REST is at ${address}/v1, MCP at ${mcp}.

Connect a client:
${lines.join('\n')}
  any other     agent-memory setup, or "agent-memory mcp" over stdio

Ctrl+C ends it.
`
}

const json = (value: object) => JSON.stringify(value)

const CLIENTS: readonly (readonly [name: string, line: (mcp: string) => string])[] = [
  ['Claude Code', (mcp) => `claude mcp add --transport http agent-memory ${mcp}`],
  ['Codex', (mcp) => `codex mcp add agent-memory --url ${mcp}`],
  ['VS Code', (mcp) => `code --add-mcp '${json({ name: 'agent-memory', type: 'http', url: mcp })}'`],
  ['Cursor', (mcp) => `~/.cursor/mcp.json: ${json({ mcpServers: { 'agent-memory': { url: mcp } } })}`],
  [
    'Windsurf',
    (mcp) =>
      `~/.codeium/windsurf/mcp_config.json: ${json({ mcpServers: { 'agent-memory': { serverUrl: mcp } } })}`,
  ],
]
