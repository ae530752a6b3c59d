import { z } from 'zod'
import { outsideScopeId, type Scope, scopeSchema } from '../../domain/scope.ts'
import { idText, text } from '../../domain/text/text.ts'

export const scopeId = idText
/** In one of Unicode's forms: what looks the same is the same. */
export const scopeName = text(512).trim().normalize('NFC').min(1)
export const scopeFields = {
  root_path: text(4_096)
    .min(1)
    // Any other would be the folder of no project, and nobody would find out.
    .regex(/^(?:\/|[A-Za-z]:[\\/]|\\\\)/, 'expected an absolute path')
    .optional()
    .describe('Folder of the project'),
  purpose: text(8_192).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
}

const { id, type, name, parent_id, ...others } = scopeSchema.shape

export const scopeOutput = z.strictObject({
  id: id.nullable(),
  scope_type: type,
  name,
  parent_id: parent_id.describe('The scope it inherits from; null for global'),
  ...others,
})

/** A scope as results show it: the global one has no id, nor has a project before its first write. */
export function shownScope({ id, type, parent_id, ...rest }: Scope) {
  return {
    id: outsideScopeId(id),
    scope_type: type,
    parent_id: parent_id === null ? null : outsideScopeId(parent_id),
    ...rest,
  }
}
