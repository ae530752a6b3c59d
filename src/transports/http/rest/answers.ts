import type { RestRoute } from './routes.ts'

type Json = Readonly<Record<string, unknown>>

const HEADERS = { 'content-type': 'application/json', 'cache-control': 'private, no-cache' }

/** A result as REST answers it: where it can be read again, and which version it is. */
export function restAnswer({ makesAt, operation }: RestRoute, result: Json): Response {
  const isMade = makesAt !== undefined && isFresh(result)
  const kept = operation.answersSecret ? { 'cache-control': 'no-store' } : {}
  const headers = {
    ...HEADERS,
    ...kept,
    ...etagOf(result),
    ...(isMade && { location: `${makesAt}/${result['id']}` }),
  }
  return new Response(JSON.stringify(result), { status: isMade ? 201 : 200, headers })
}

/** An upsert may have changed what was there. */
function isFresh({ id, created_at, updated_at }: Json): boolean {
  return typeof id === 'string' && created_at === updated_at
}

/** The version as the tag of what can be changed by it. */
function etagOf({ id, version }: Json): { etag?: string } {
  return typeof version === 'number' && typeof id === 'string' ? { etag: `"${version}"` } : {}
}
