import { hash } from 'node:crypto'
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
export function restAnswer({ method, makesAt, operation }: RestRoute, result: Json): RestAnswer {
  const body = JSON.stringify(result)
  const isMade = makesAt !== undefined && isFresh(result)
  const kept = operation.answersSecret ? { 'cache-control': 'no-store' } : {}
  const headers = {
    ...HEADERS,
    ...kept,
    ...etagOf(result, method === 'GET' && operation.hints.readOnly ? body : undefined),
    ...(isMade && { location: `${makesAt}/${result['id']}` }),
  }
  return { status: isMade ? 201 : 200, headers, body }
}

/** An upsert may have changed what was there. */
function isFresh({ id, created_at, updated_at }: Json): boolean {
  return typeof id === 'string' && created_at === updated_at
}

/**
 * The version as the tag of what can be changed by it. A body that was read holds more than has a version: its tag goes on with what
 * it is made of, so that it stands for these bytes.
 */
function etagOf({ id, version }: Json, read: string | undefined): { etag?: string } {
  if (typeof version !== 'number' || typeof id !== 'string') return {}
  const rest = read === undefined ? '' : `-${hash('sha256', read, 'base64url').slice(0, TAG_CHARACTERS)}`
  return { etag: `"${version}${rest}"` }
}

const TAG_CHARACTERS = 16

/** Whether an If-None-Match header says that its sender has the answer with that tag. */
export function isKnown(etag: string | undefined, header: string | undefined): boolean {
  if (etag === undefined || header === undefined) return false
  return header.trim() === '*' || header.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)
}
