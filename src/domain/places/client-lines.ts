/** How each client is connected to a server over HTTP: one line, for a shell or for its own file. */
export function clientLines(
  mcp: string,
  { isKeyed = false } = {},
): readonly (readonly [client: string, line: string])[] {
  const headers = isKeyed ? { headers: { Authorization: 'Bearer YOUR_KEY' } } : {}
  const json = (value: object) => JSON.stringify(value)
  const servers = (entry: object) => json({ mcpServers: { 'agent-memory': { ...entry, ...headers } } })
  const vsCode = json({ name: 'agent-memory', type: 'http', url: mcp, ...headers })
  return [
    [
      'Claude Code',
      `claude mcp add --transport http agent-memory ${mcp}${isKeyed ? ' --header "Authorization: Bearer YOUR_KEY"' : ''}`,
    ],
    [
      'Codex',
      isKeyed
        ? `AGENT_MEMORY_KEY=YOUR_KEY codex mcp add agent-memory --url ${mcp} --bearer-token-env-var AGENT_MEMORY_KEY`
        : `codex mcp add agent-memory --url ${mcp}`,
    ],
    ['VS Code', `code --add-mcp '${vsCode}'`],
    ['Cursor', `~/.cursor/mcp.json: ${servers({ url: mcp })}`],
    ['Windsurf', `~/.codeium/windsurf/mcp_config.json: ${servers({ serverUrl: mcp })}`],
  ]
}
