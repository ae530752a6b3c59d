import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { HttpEnv } from '../env.ts'
import { problemResponse } from '../problems.ts'
import { MOST_BODY_BYTES, readAway, tooLarge } from './body.ts'

/** Refuses bodies that are too long. */
export function addBodyLimit(http: Hono<HttpEnv>): void {
  const counted = bodyLimit({ maxSize: MOST_BODY_BYTES, onError: refuse })
  http.use((c, next) => {
    const { headers } = c.env.incoming
    // Node holds a body to the length that its head gives; only one that comes in pieces has to be counted.
    const isKnown = headers['transfer-encoding'] === undefined
    if (isKnown && Number(headers['content-length'] ?? 0) <= MOST_BODY_BYTES) return next()
    return counted(c, next)
  })
}

async function refuse({ env }: Context<HttpEnv>): Promise<Response> {
  await readAway(env.incoming)
  return problemResponse(tooLarge())
}
