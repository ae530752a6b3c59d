import { z } from 'zod'
import type { Permission } from '../../domain/access/grant.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { isExact, NOT_EXACT } from '../../domain/text/exact-number.ts'
import { idText, text } from '../../domain/text/text.ts'
import { isWithinDepth, VOTE_LIMITS } from '../../domain/voting.ts'
import type { ScopeArgument } from '../../services/running/caller.ts'
import { scopeOfTask } from '../../services/votes.ts'
import type { OperationContext } from '../define.ts'
import type { Need } from '../need.ts'
import { scopeNeed } from '../needs.ts'

type Context = Pick<OperationContext, 'caller' | 'places'>

export const taskId = text(VOTE_LIMITS.taskBytes).trim().min(1).describe('Name of the question')

/** Whose votes these are. */
export const voteScope = {
  scope_type: scopeTypeSchema.optional().describe('Default: global'),
  scope_id: idText.optional(),
}

/** In the scope that the call names, else in the global one. */
export function onTask(permission: Permission) {
  return async (ctx: Context, where: ScopeArgument): Promise<readonly Need[]> => [
    await scopeNeed(ctx, scopeOfTask(where), { permission, types: null }),
  ]
}

export const placeOutput = { scope_type: scopeTypeSchema, scope_id: z.string().nullable() }

/** Any JSON. Checked here, since zod takes a missing key for an unknown value. */
export const voteValue = z
  .unknown()
  .superRefine((value, check) => {
    if (value === undefined) return check.addIssue(problem('MISSING_FIELD', 'expected a JSON value'))
    const { valueDepth, valueBytes } = VOTE_LIMITS
    if (!isWithinDepth(value, valueDepth)) {
      return check.addIssue(problem('TOO_LARGE', `is nested more than ${valueDepth} deep`))
    }
    if (!isExact(value)) return check.addIssue(problem('INVALID_PARAMETER', NOT_EXACT))
    if (Buffer.byteLength(JSON.stringify(value)) <= valueBytes) return
    check.addIssue(problem('TOO_LARGE', `takes more than ${valueBytes} bytes`))
  })
  .meta({
    description: 'Any JSON, as text too; equal by content',
    anyJson: true,
  })

function problem(error: 'MISSING_FIELD' | 'TOO_LARGE' | 'INVALID_PARAMETER', message: string) {
  return { code: 'custom', message, params: { error } } as const
}

const tallyRow = z.strictObject({ value: z.unknown(), votes: z.int() })

export const tallyOutput = {
  tally: z.array(tallyRow).describe('Values and their votes, most first; at most 100 are shown'),
  values: z.int().describe('How many different values there are'),
}
