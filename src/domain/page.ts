import { AppError } from './errors.ts'

/** Where the next page begins. Opaque to callers: what is in it may change with any release. */
export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts of a cursor that this program made, or INVALID_PARAMETER. */
function decodeCursor(cursor: string): (string | number)[] {
  const parts = parseJson(Buffer.from(cursor, 'base64url').toString())
  if (Array.isArray(parts) && parts.every((part) => typeof part === 'string' || typeof part === 'number'))
    return parts
  throw badCursor()
}

/** The one text in a cursor of one part. */
export function decodeTextCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const [part, ...more] = decodeCursor(cursor)
  if (typeof part !== 'string' || more.length > 0) throw badCursor()
  return part
}

/** The one whole number in a cursor of one part. */
export function decodeNumberCursor(cursor: string): number {
  const [part, ...more] = decodeCursor(cursor)
  if (!Number.isSafeInteger(part) || more.length > 0) throw badCursor()
  return Number(part)
}

/** Cuts a page that was read one row too long, and says where the next one begins. */
export function cutPage<T>(
  rows: readonly T[],
  limit: number,
  keyOf: (row: T) => string | number,
): { page: T[]; next: { next_cursor?: string } } {
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  if (rows.length <= limit || last === undefined) return { page, next: {} }
  return { page, next: { next_cursor: encodeCursor([keyOf(last)]) } }
}

/** A cursor that no answer can have given. */
export function badCursor(): AppError {
  return new AppError('INVALID_PARAMETER', 'cursor: no earlier answer to this call gave it.', {
    suggestion:
      'Repeat the call with the same arguments and next_cursor of its answer, unchanged; or leave it out to begin at the first page.',
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
