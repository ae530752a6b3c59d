import { z } from 'zod'
import { text } from '../../domain/text/text.ts'
import { defineOperation } from '../define.ts'
import { everything } from '../needs.ts'
import { scopeOutput, shownScope } from './schemas.ts'

const project = text(16_384).trim().min(1)

export const move = defineOperation({
  tool: 'memory_scope',
  action: 'move',
  routes: ['POST /v1/scopes/move'],
  summary: 'Give a project another folder, or all it holds to another project.',
  hints: { readOnly: false, destructive: false, idempotent: false },
  needs: everything('admin'),
  input: () =>
    z.strictObject({
      from: project.describe('Id, name or folder of the project'),
      to: project.describe('New folder, or the project that takes it in'),
    }),
  output: () =>
    scopeOutput.extend({
      merged: z.boolean().describe('The entries went to a project that was there'),
      moved: z.number(),
      identical: z.number().describe('Entries that both had, kept once'),
      conflicts: z.number().describe('Of one name with other words: both are kept, with an open conflict'),
    }),
  example: '/home/ann/old-place /home/ann/new-place',
  positional: ['from', 'to'],
  async run(ctx, ends) {
    const { project: scope, ...counts } = await ctx.projectMoves.move(ctx.caller, ends)
    return { ...shownScope(scope), ...counts }
  },
})
