/** For a person who starts the server in a terminal, where no client speaks the protocol. */
export function howToConnect({
  database,
  program,
}: {
  database: string
  program: readonly string[]
}): string {
  const command = program.map(quoted).join(' ')
  return `agent-memory serves MCP on stdin and stdout; its memory is ${database}.
To connect a client, end this (Ctrl+C) and run
    ${command} setup
or, where it is installed, agent-memory setup. Or give your client this command:
    ${command} mcp
`
}

function quoted(argument: string): string {
  return /[^\w./:\\@-]/.test(argument) ? `"${argument}"` : argument
}
