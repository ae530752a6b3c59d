import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { instant } from '../instant.ts'
import { idText } from '../text/text.ts'
import { ENTRY_TYPE_NAMES } from './types/index.ts'

/** What is left of an entry that was deleted: none of its words. */
export const tombstoneSchema = z.strictObject({
  id: idText,
  type: z.enum(ENTRY_TYPE_NAMES),
  /** The last one that it had. */
  version: z.int().min(1),
  deleted_at: instant,
  deleted_by: idText,
  /** Of an entry that another program's file was read for: its scope, and digests of the place there and of what it said. */
  imported: z
    .strictObject({ scope_id: idText.nullable(), origin: z.string().max(64), digest: z.string().max(64) })
    .optional(),
})

export type Tombstone = DeepReadonly<z.output<typeof tombstoneSchema>>
