import { unknownFlag } from '../arguments/globals.ts'
import type { CommandIo } from '../io.ts'

const HELP = `Usage: agent-memory mcp [global options]

Serves MCP on stdin and stdout until the client goes away. Clients start it; "agent-memory setup" registers it
with them. Logs are JSON lines on stderr.

Example:
  agent-memory mcp --data-dir ~/team-memory --log-level warn
`

/** Runs `agent-memory mcp` with flags. */
export async function run(argv: string[], io: CommandIo): Promise<number> {
  const [first] = argv
  if (first === '--help' || first === '-h') {
    io.stdout.write(HELP)
    return 0
  }
  if (first !== undefined) throw unknownFlag(first, [], 'See agent-memory mcp --help.')
  return io.serveMcp(io.config())
}
