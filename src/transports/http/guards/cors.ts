import type { Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Config } from '../../../config.ts'
import type { HttpEnv } from '../env.ts'

const HOUR_S = 3_600

/** For pages of the origins that are set, and no others: without any there is nothing that a page of another host may read. */
export function addCors(http: Hono<HttpEnv>, { allowedOrigins }: Config['http']): void {
  if (allowedOrigins.length === 0) return
  http.use(
    cors({
      origin: [...allowedOrigins],
      allowMethods: ['GET', 'POST', 'PATCH', 'DELETE'],
      allowHeaders: [
        'authorization',
        'content-type',
        'idempotency-key',
        'if-match',
        'last-event-id',
        'mcp-protocol-version',
        'mcp-session-id',
        'mcp-method',
        'mcp-name',
        'x-api-key',
      ],
      exposeHeaders: [
        'etag',
        'idempotency-replayed',
        'location',
        'mcp-session-id',
        'retry-after',
        'www-authenticate',
        'x-request-id',
      ],
      maxAge: HOUR_S,
    }),
  )
}
