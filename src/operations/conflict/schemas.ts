import { z } from 'zod'

const values = z.record(z.string(), z.unknown())

export const conflictOutput = z.strictObject({
  id: z.string(),
  entry_id: z.string(),
  entry_type: z.string(),
  scope_id: z.string().nullable(),
  status: z.enum(['open', 'resolved']),
  kind: z.enum(['refused', 'overwritten']).describe('Whether the incoming change was applied'),
  base_version: z.number().nullable(),
  current_version: z.number(),
  fields: z.array(z.string()).describe('What both sides changed'),
  current_values: values.describe('What stood in the entry'),
  incoming_values: values.describe('What the later write said'),
  current_agent: z.string(),
  incoming_agent: z.string(),
  created_at: z.string(),
  resolution: z.string().nullable(),
  resolved_at: z.string().nullable(),
  resolved_by: z.string().nullable(),
})
