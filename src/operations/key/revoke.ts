import { z } from 'zod'
import { idText } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { everything } from '../needs.ts'
import { keyOutput } from './schemas.ts'

export const revoke = defineOperation({
  tool: 'memory_key',
  action: 'revoke',
  isForPeople: true,
  isAdministration: true,
  routes: ['DELETE /v1/keys/{id}'],
  summary: 'Let a key open nothing any more, from now on and everywhere.',
  hints: { readOnly: false, destructive: false, idempotent: true },
  needs: everything('admin'),
  input: () => z.strictObject({ id: idText.describe('Its id, as list shows it') }),
  output: () => keyOutput,
  example: 'ID',
  positional: ['id'],
  run: (ctx, { id }) => ctx.apiKeys.revoke(ctx.caller.agentId, id),
})
