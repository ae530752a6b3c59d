import { z } from 'zod'

/** A key as it is shown: what it opens with is nowhere. */
export const keyOutput = z.strictObject({
  id: z.string(),
  agent_id: z.string().describe('The agent that it stands for'),
  name: z.string().nullable(),
  created_at: z.string(),
  created_by: z.string(),
  expires_at: z.string().nullable(),
  revoked_at: z.string().nullable(),
})
