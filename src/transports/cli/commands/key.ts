import { z } from 'zod'
import { idText } from '../../../domain/text/text.ts'
import type { ApiKey, ApiKeys } from '../../../services/running/api-keys.ts'
import { shellAgentId } from '../arguments/agent.ts'
import type { Branch, Command } from '../command.ts'
import type { CommandIo } from '../io.ts'
import { oneLine } from '../view/terminal.ts'
import { defineCommand } from './define.ts'

const DAY_MS = 86_400_000

const create = defineCommand({
  words: ['key', 'create'],
  summary: 'Make a key for HTTP, and show it this once.',
  about: `Whoever sends it as "Authorization: Bearer KEY" is that agent. What is stored of it opens nothing. From the first key on
agent-memory serve answers nobody without one.`,
  input: z.object({
    agent: idText.meta({ value: 'AGENT', description: 'The agent that it stands for' }),
    name: z
      .string()
      .max(200)
      .optional()
      .meta({ value: 'TEXT', description: 'What it is for, as list shows it' }),
    days: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'expected a whole number of days')
      .optional()
      .meta({
        value: 'DAYS',
        description: 'How long it opens; for ever unless said',
      }),
    admin: z.boolean().default(false).meta({ description: 'The agent may everything from now on' }),
  }),
  positional: ['agent'],
  examples: [
    ['agent-memory key create ann --admin', 'The first key: who has it grants others what they may.'],
    ['agent-memory key create alice --name laptop --days 90', ''],
  ],
  run: ({ agent, name, days, admin }, io) =>
    withKeys(io, async (keys) => {
      const validMs = days === undefined ? undefined : Number(days) * DAY_MS
      const wanted = { agentId: agent, name, validMs, isAdministrator: admin }
      const made = await keys.create(io.config().agentId ?? shellAgentId(), wanted)
      // What a script takes is the key alone.
      const note = io.isTTY ? `The key of ${oneLine(agent)}, not shown again; its id is ${made.id}.\n` : ''
      io.answer(made, () => `${note}${made.key}\n`)
    }),
})

const list = defineCommand({
  words: ['key', 'list'],
  summary: 'List the keys for HTTP, without the keys themselves.',
  input: z.object({}),
  examples: [['agent-memory key list', '']],
  run: (_input, io) =>
    withKeys(io, async (keys) => {
      const all = await keys.list()
      io.answer({ keys: all }, () => (all.length === 0 ? 'There are no keys.\n' : all.map(line).join('')))
    }),
})

const revoke = defineCommand({
  words: ['key', 'revoke'],
  summary: 'Let a key open nothing any more.',
  about: 'At once, on every server of this database; what is open by it is cut off.',
  input: z.object({ id: idText.meta({ value: 'ID', description: 'Its id, as list shows it' }) }),
  positional: ['id'],
  examples: [['agent-memory key revoke 01a221bf-fc58-72fc-bd8c-2fca6c280fdf', '']],
  run: ({ id }, io) =>
    withKeys(io, async (keys) => {
      const revoked = await keys.revoke(io.config().agentId ?? shellAgentId(), id)
      io.answer(
        revoked,
        () => `The key ${revoked.id} of ${oneLine(revoked.agent_id)} opens nothing any more.\n`,
      )
    }),
})

const KEYS: readonly Command[] = [create, list, revoke]

export const key: Branch = {
  words: ['key'],
  summary: 'Keys for HTTP: who may ask agent-memory serve, and as whom.',
  isOwn: true,
  next: new Map(KEYS.map((command) => [command.words[1] ?? '', command])),
}

async function withKeys(io: CommandIo, work: (keys: ApiKeys) => Promise<void>): Promise<number> {
  const app = await io.openApp(io.config())
  try {
    await work(app.services.apiKeys)
    return 0
  } finally {
    await app.close()
  }
}

function line({ id, agent_id, name, created_at, expires_at, revoked_at }: ApiKey): string {
  const state = revoked_at !== null ? `revoked ${revoked_at}` : `until ${expires_at ?? 'revoked'}`
  return `${id}  ${oneLine(agent_id)}  ${name === null ? '' : `${oneLine(name)}  `}made ${created_at}, ${state}\n`
}
