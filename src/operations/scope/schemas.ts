import { z } from 'zod'
import { type Scope, scopeTypeSchema } from '../../domain/scope.ts'
import { idText, text } from '../../domain/text.ts'

export const scopeId = idText
export const scopeName = text(512).trim().min(1)
export const scopeFields = {
  root_path: text(4_096).min(1).optional().describe('Folder of the project'),
  purpose: text(8_192).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
}

export const scopeOutput = z.strictObject({
  id: z.string().nullable(),
  scope_type: scopeTypeSchema,
  name: z.string(),
  parent_id: z.string().nullable().describe('The scope it inherits from; null for global'),
  root_path: z.string().nullable(),
  purpose: z.string().nullable(),
  status: z.enum(['active', 'ended']),
  metadata: z.record(z.string(), z.unknown()),
  version: z.number(),
  created_at: z.string(),
  created_by: z.string(),
  updated_at: z.string(),
  updated_by: z.string(),
  ended_at: z.string().nullable(),
})

/** A scope as results show it: the global one has no id. */
export function shownScope({ id, type, parent_id, ...rest }: Scope) {
  const outside = (value: string | null) => (value === 'global' ? null : value)
  return { id: outside(id), scope_type: type, parent_id: outside(parent_id), ...rest }
}
