import { SETUP_INPUT, setupOptions } from '../setup/options.ts'
import { defineCommand } from './define.ts'

export const setup = defineCommand({
  words: ['setup'],
  summary: 'Register the server with a client.',
  about: `Edits that client's own configuration file; everything else in it stays as it is. Without a client: shows which clients
are installed, their files, and whether the server is registered. --data-dir and the other settings become the server's.`,
  input: SETUP_INPUT,
  positional: ['client'],
  examples: [
    ['agent-memory setup', 'what is installed and registered'],
    ['agent-memory setup claude-code', 'show the change, ask, write'],
    ['agent-memory setup cursor --dry-run', 'only show the change'],
    ['agent-memory setup --all --yes', 'every installed client, without asking'],
    ['agent-memory setup vscode --project --npx', '.vscode/mcp.json of this project'],
    ['agent-memory setup codex --env AGENT_MEMORY_DATA_DIR=/srv/memory', ''],
    ['agent-memory setup claude-code --url https://memory.example.com --key KEY', 'a server of the team'],
    ['agent-memory setup claude-code --undo', 'take it out again'],
  ],
  run: async (input, io) => {
    const { runSetup } = await import('../setup/run.ts')
    return runSetup(setupOptions(input, io), io)
  },
})
