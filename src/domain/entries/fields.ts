import { z } from 'zod'
import { AppError } from '../errors.ts'
import { entryName, sharedFields } from './entry.ts'
import { entryType } from './types/index.ts'

/** Some fields of an entry of that type, or INVALID_PARAMETER naming the one that does not fit. */
export function checkFields(
  typeName: string,
  fields: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const schema = z
    .strictObject({ name: entryName, ...sharedFields, ...entryType(typeName).fields.shape })
    .partial()
  // A field that one side had taken out stays null, which the schema does not know.
  const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
  const parsed = schema.safeParse(given)
  if (parsed.success) return { ...fields, ...parsed.data }
  const [issue] = parsed.error.issues
  throw new AppError('INVALID_PARAMETER', `${issue?.path.join('.')}: ${issue?.message}.`)
}
