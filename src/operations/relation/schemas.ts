import { z } from 'zod'
import { text } from '../../domain/text.ts'

export const relationType = text(128).trim().min(1)

export const relationOutput = z.strictObject({
  id: z.string(),
  from_id: z.string(),
  to_id: z.string(),
  relation_type: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  created_at: z.string(),
  created_by: z.string(),
})
