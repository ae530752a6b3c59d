import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { instant } from '../instant.ts'
import { idText } from '../text.ts'
import { ENTRY_TYPE_NAMES } from './types/index.ts'

/** What is left of an entry that was deleted: none of its words. */
export const tombstoneSchema = z.strictObject({
  id: idText,
  type: z.enum(ENTRY_TYPE_NAMES),
  /** The last one that it had. */
  version: z.int().min(1),
  deleted_at: instant,
  deleted_by: idText,
})

export type Tombstone = DeepReadonly<z.output<typeof tombstoneSchema>>
