import { z } from 'zod'
import { EVENT_GROUPS, EVENT_TYPES } from '../../domain/event.ts'
import { scopeTypeSchema } from '../../domain/scope.ts'
import { idText } from '../../domain/text/text.ts'

const known: readonly string[] = [...EVENT_TYPES, ...EVENT_GROUPS]

const typeName = z
  .string()
  .max(64)
  .refine((name) => known.includes(name), `is no type of event; there are ${known.join(', ')}`)

export const eventArguments = {
  types: z.array(typeName).min(1).max(50).optional().describe('Only these, e.g. lock.released or entry.*'),
  scope_type: scopeTypeSchema.optional().describe('Only events in scopes of this type'),
  scope_id: idText.optional().describe('Only events in this scope'),
}

export const since = z.int().min(0).optional()

const eventOutput = z.strictObject({
  v: z.literal(1),
  ns: z.string().optional().describe('Over Redis: key prefix and database number, as on the channel'),
  id: z.string(),
  seq: z.int().describe('Grows with every change'),
  epoch: z.int().optional().describe('Over Redis: grows whenever Redis has lost its memory'),
  type: z.enum(EVENT_TYPES),
  scope: z.strictObject({ type: scopeTypeSchema, id: z.string().nullable() }),
  entry: z.strictObject({ type: z.string(), id: z.string(), version: z.int() }).optional(),
  versions: z.record(z.string(), z.int()).describe('Version counters after the change'),
  lock: z.record(z.string(), z.unknown()).optional().describe('Of a lock.* event'),
  detail: z.record(z.string(), z.unknown()).optional().describe('Ids and numbers; never content'),
  agent_id: z.string(),
  instance_id: z.string(),
  at: z.string(),
})

export const eventsOutput = {
  events: z.array(eventOutput).describe('Oldest first'),
  last_seq: z.int().describe('Pass it as since to go on without a gap'),
  resync: z.literal(true).optional().describe('Events after since are gone: read again what you rely on'),
}
