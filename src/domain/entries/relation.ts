import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { instant } from '../instant.ts'
import { idText, text } from '../text/text.ts'

/** Of the two entries the first is read in the place of the second. */
export const SUPERSEDES = 'supersedes'

/** A directed link between two entries, such as `depends_on` or `supersedes`. */
export const relationSchema = z.strictObject({
  id: idText,
  from_id: idText,
  to_id: idText,
  relation_type: text(4_096).min(1),
  metadata: z.record(z.string(), z.unknown()),
  created_at: instant,
  created_by: idText,
})

export type Relation = DeepReadonly<z.output<typeof relationSchema>>
