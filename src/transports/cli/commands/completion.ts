import { UsageError } from '../arguments/usage-error.ts'
import { completions, SHELLS } from '../completion/completion.ts'
import { completionScript } from '../completion/scripts.ts'
import type { Command } from '../io.ts'

const HELP = `Usage: agent-memory completion ${SHELLS.join('|')}

Prints what the shell needs to complete agent-memory.

Examples:
  eval "$(agent-memory completion bash)"     in ~/.bashrc
  eval "$(agent-memory completion zsh)"      in ~/.zshrc, after compinit
  agent-memory completion fish > ~/.config/fish/completions/agent-memory.fish
`

/** `agent-memory completion`, for a program with these commands beside the tools. */
export function completionOf(commands: readonly string[]): Command {
  return async ([name, ...more], io) => {
    if (name === '--help' || name === '-h') {
      io.stdout.write(HELP)
      return 0
    }
    const shell = SHELLS.find((known) => known === name)
    if (!shell || more.length > 0) {
      throw new UsageError(
        'INVALID_PARAMETER',
        'Which shell?',
        `Use agent-memory completion ${SHELLS.join(' or ')}.`,
      )
    }
    io.stdout.write(completionScript(shell, completions(commands)))
    return 0
  }
}
