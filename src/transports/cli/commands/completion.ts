import { z } from 'zod'
import type { Branch, Command } from '../command.ts'
import { completions, SHELLS } from '../completion/completion.ts'
import { completionScript } from '../completion/scripts.ts'
import { defineCommand } from './define.ts'

/** `agent-memory completion`, for the program that it is a part of. */
export function completionOf(program: () => Branch): Command {
  return defineCommand({
    words: ['completion'],
    summary: 'Print the completion of bash, zsh or fish.',
    input: z.object({ shell: z.enum(SHELLS).describe('Which shell') }),
    positional: ['shell'],
    examples: [
      ['eval "$(agent-memory completion bash)"', 'in ~/.bashrc'],
      ['eval "$(agent-memory completion zsh)"', 'in ~/.zshrc, after compinit'],
      ['agent-memory completion fish > ~/.config/fish/completions/agent-memory.fish', ''],
    ],
    async run({ shell }, io) {
      io.stdout.write(completionScript(shell, completions(program())))
      return 0
    },
  })
}
