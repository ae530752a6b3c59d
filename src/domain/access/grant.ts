import { z } from 'zod'
import { ENTRY_TYPE_NAMES } from '../entries/types/index.ts'
import { instant } from '../instant.ts'
import { scopeTypeSchema } from '../scope.ts'
import { idText } from '../text/text.ts'

/** What an agent may, the weakest first: each has all that stand before it. */
export const PERMISSIONS = ['read', 'write', 'admin'] as const
export type Permission = (typeof PERMISSIONS)[number]

/** The grantee that stands for every agent. */
export const EVERYBODY = '*'

export const entryTypeName = z.enum(ENTRY_TYPE_NAMES)

/** One agent's permission in one scope and all below it. */
export const grantSchema = z.strictObject({
  id: idText,
  grantee: idText.describe('The agent, or * for every one'),
  permission: z.enum(PERMISSIONS),
  scope_type: scopeTypeSchema,
  scope_id: idText.nullable(),
  entry_type: entryTypeName.nullable().describe('Only entries of this type; null: all that the scope holds'),
  created_at: instant,
  created_by: idText,
})

export type Grant = Readonly<z.output<typeof grantSchema>>

/** True when the permission held includes the one wanted. */
export function includes(held: Permission, wanted: Permission): boolean {
  return PERMISSIONS.indexOf(held) >= PERMISSIONS.indexOf(wanted)
}
