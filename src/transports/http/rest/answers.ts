import type { RestRoute } from './routes.ts'

type Json = Readonly<Record<string, unknown>>

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'private, no-cache' }

/** What goes out. */
export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A result as REST answers it: where it can be read again, and which version it is. */
export function restAnswer({ makesAt, operation }: RestRoute, result: Json): RestAnswer {
  const isMade = makesAt !== undefined && isFresh(result)
  const kept = operation.answersSecret ? { 'cache-control': 'no-store' } : {}
  const headers = {
    ...HEADERS,
    ...kept,
    ...etagOf(result),
    ...(isMade && { location: `${makesAt}/${result['id']}` }),
  }
  return { status: isMade ? 201 : 200, headers, body: JSON.stringify(result) }
}

/** An upsert may have changed what was there. */
function isFresh({ id, created_at, updated_at }: Json): boolean {
  return typeof id === 'string' && created_at === updated_at
}

/** The version as the tag of what can be changed by it. */
function etagOf({ id, version }: Json): { etag?: string } {
  return typeof version === 'number' && typeof id === 'string' ? { etag: `"${version}"` } : {}
}
