/** So many hexadecimal digits of a session tell it from all others of a machine. */
const DIGITS = 8

/**
 * The agent that a client's session is, in its hooks and over its MCP server alike; `digest` is a hexadecimal hash.
 * A sub-agent is one of its own, whose name begins with that of its session.
 */
export function sessionAgentId(client: string, sessionId: string, digest: (text: string) => string): string {
  return `${client}-${digest(sessionId).slice(0, DIGITS)}`
}

export function subAgentId(main: string, subAgent: string | null, digest: (text: string) => string): string {
  return subAgent === null ? main : `${main}.${digest(subAgent).slice(0, DIGITS)}`
}
