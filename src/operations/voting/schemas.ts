import { z } from 'zod'
import { text } from '../../domain/text.ts'
import { isWithinDepth, VOTE_LIMITS } from '../../domain/voting.ts'

export const taskId = text(VOTE_LIMITS.taskBytes)
  .trim()
  .min(1)
  .describe('Name of the question that is voted on')

/** Any JSON. Checked here, since zod takes a missing key for an unknown value. */
export const voteValue = z
  .unknown()
  .superRefine((value, check) => {
    if (value === undefined) return check.addIssue(problem('MISSING_FIELD', 'expected a JSON value'))
    const { valueDepth, valueBytes } = VOTE_LIMITS
    if (!isWithinDepth(value, valueDepth)) {
      return check.addIssue(problem('TOO_LARGE', `is nested more than ${valueDepth} deep`))
    }
    if (Buffer.byteLength(JSON.stringify(value)) <= valueBytes) return
    check.addIssue(problem('TOO_LARGE', `takes more than ${valueBytes} bytes`))
  })
  .meta({
    description: 'Any JSON, as text too; equal to others by content, whatever the order of keys',
    anyJson: true,
  })

function problem(error: 'MISSING_FIELD' | 'TOO_LARGE', message: string) {
  return { code: 'custom', message, params: { error } } as const
}

const tallyRow = z.strictObject({ value: z.unknown(), votes: z.int() })

export const tallyOutput = {
  tally: z.array(tallyRow).describe('Values and their votes, most first; at most 100 are shown'),
  values: z.int().describe('How many different values there are'),
}
