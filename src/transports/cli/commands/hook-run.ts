import { z } from 'zod'
import { HOOK_CLIENTS } from '../../../domain/hooks/clients.ts'
import { defineCommand } from './define.ts'

export const hookRun = defineCommand({
  words: ['hook', 'run'],
  summary: "Answer a client's hook: its payload on stdin.",
  about: `Clients start it; "agent-memory hook install" tells them to. Before a write it takes the files' locks for the session; where
another agent has one of them the write is blocked, in the way in which this client is told so. Whatever is broken lets the
work go on.`,
  input: z.object({
    event: z
      .string()
      .optional()
      .meta({ value: 'EVENT', description: 'pre-tool-use, stop …; the payload says it where it can' }),
    client: z
      .string()
      .optional()
      .meta({
        value: 'CLIENT',
        description: `Whose payload it is: ${HOOK_CLIENTS.map(({ id }) => id).join(', ')}`,
      }),
    fail_closed: z
      .boolean()
      .default(false)
      .describe('Block edits where nobody can tell whether another agent edits the file'),
  }),
  positional: ['event'],
  examples: [['agent-memory hook run pre-tool-use --client claude-code < payload.json', '']],
  run: async (input, io) => {
    const { runHook } = await import('../hook/run.ts')
    return runHook(input, io)
  },
})

export const hookServe = defineCommand({
  words: ['hook', 'serve'],
  summary: 'Answer hooks from a process that goes on running.',
  about: `A hook starts it where no MCP server of ours runs: the next ones ask it and need not open the database. It ends after a
minute without a question. AGENT_MEMORY_HOOK_RESIDENT=off for none.`,
  input: z.object({}),
  examples: [['agent-memory hook serve', '']],
  run: (_input, io) => io.serveHooks(io.config()),
})
