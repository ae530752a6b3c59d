import { z } from 'zod'
import type { DeepReadonly } from '../deep-readonly.ts'
import { instant } from '../instant.ts'
import { idText, text } from '../text/text.ts'
import { ENTRY_TYPE_NAMES } from './types/index.ts'

/** How a conflict was settled: with one side's values, or with values that its resolver merged from both. */
export const RESOLUTIONS = ['current', 'incoming', 'merged'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

const version = z.int().min(1)
const values = z.record(z.string(), z.unknown())

/** Two agents changed the same fields of one entry. Both sides' values are kept here, whatever became of the entry. */
export const conflictSchema = z.strictObject({
  id: idText,
  entry_id: idText,
  entry_type: z.enum(ENTRY_TYPE_NAMES),
  scope_id: idText.nullable(),
  status: z.enum(['open', 'resolved']),
  /** `refused`: the incoming change was not applied. `overwritten`: it was, over another agent's fresh one. */
  kind: z.enum(['refused', 'overwritten']).describe('Whether the incoming change was applied'),
  base_version: version.nullable(),
  current_version: version,
  fields: z.array(text(256)).describe('What both sides changed'),
  current_values: values.describe('What stood in the entry'),
  incoming_values: values.describe('What the later write said'),
  current_agent: idText,
  incoming_agent: idText,
  created_at: instant,
  resolution: z.enum(RESOLUTIONS).nullable(),
  resolved_at: instant.nullable(),
  resolved_by: idText.nullable(),
})

export type Conflict = DeepReadonly<z.output<typeof conflictSchema>>
