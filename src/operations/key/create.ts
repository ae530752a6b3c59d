import { z } from 'zod'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { everything } from '../needs.ts'
import { keyOutput } from './schemas.ts'

const DAY_MS = 86_400_000

export const create = defineOperation({
  tool: 'memory_key',
  action: 'create',
  isForPeople: true,
  isAdministration: true,
  answersSecret: true,
  routes: ['POST /v1/keys'],
  summary: 'Make a key for HTTP; it is shown this once.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: everything('admin'),
  input: () =>
    z.strictObject({
      agent: idText.describe('The agent that it stands for'),
      name: z.string().max(200).optional().describe('What it is for, as list shows it'),
      days: z.int().min(1).max(99_999).optional().describe('How long it opens; default: for ever'),
      admin: z.boolean().default(false).describe('The agent may everything from now on'),
    }),
  output: () => keyOutput.extend({ key: z.string().describe('Shown this once') }),
  example: 'alice --name laptop --days 90',
  positional: ['agent'],
  run: (ctx, { agent, name, days, admin }) =>
    ctx.apiKeys.create(ctx.caller.agentId, {
      agentId: agent,
      name,
      validMs: days === undefined ? undefined : days * DAY_MS,
      isAdministrator: admin,
    }),
})
