import type { IncomingHttpHeaders } from 'node:http'
import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { HttpEnv } from '../env.ts'
import { HttpProblem, problemResponse } from '../problems.ts'
import { MOST_BODY_BYTES, readAway, tooLarge } from './body.ts'

/** Refuses bodies that are too long, packed, or part of a request that has none. */
export function addBodyLimit(http: Hono<HttpEnv>): void {
  const counted = bodyLimit({ maxSize: MOST_BODY_BYTES, onError: refuse })
  http.use((c, next) => {
    const { method, headers } = c.env.incoming
    refuseOtherBodies(method, headers)
    // Node holds a body to the length that its head gives; only one that comes in pieces has to be counted.
    const isKnown = headers['transfer-encoding'] === undefined
    if (isKnown && Number(headers['content-length'] ?? 0) <= MOST_BODY_BYTES) return next()
    return counted(c, next)
  })
}

/** Packed, it would only be no JSON; with GET it would be passed over, and with it what it asks for. */
function refuseOtherBodies(method: string | undefined, headers: IncomingHttpHeaders): void {
  const packing = headers['content-encoding'] ?? 'identity'
  if (packing.toLowerCase() !== 'identity')
    throw new HttpProblem(
      415,
      'INVALID_PARAMETER',
      `The body: Content-Encoding ${packing.slice(0, 20)} is not understood.`,
      {
        headers: { 'accept-encoding': 'identity' },
        suggestion: 'Send it as it is, without Content-Encoding.',
      },
    )
  const hasBody =
    headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > '{}'.length
  if (method !== 'GET' || !hasBody) return
  throw new HttpProblem(400, 'INVALID_PARAMETER', 'The body: a GET has none here.', {
    suggestion:
      'Give the arguments in the query, e.g. /v1/search?query=money; /v1/search and /v1/context take a POST too.',
  })
}

async function refuse({ env }: Context<HttpEnv>): Promise<Response> {
  await readAway(env.incoming)
  return problemResponse(tooLarge())
}
