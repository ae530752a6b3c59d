import type { Context, Hono } from 'hono'
import { runOperation } from '../../../operations/run.ts'
import { readJsonBody } from '../body.ts'
import type { HttpEnv, HttpParts } from '../env.ts'
import { restAnswer } from './answers.ts'
import { argumentsOf } from './arguments.ts'
import { addEventStream } from './events.ts'
import { asUnmet, versionOf, withVersion } from './if-match.ts'
import { keyOf, once, requestHash } from './once.ts'
import { type RestRoute, ROUTES } from './routes.ts'

type C = Context<HttpEnv>
type Json = Readonly<Record<string, unknown>>

/** Every operation where its routes say. */
export function addRest(http: Hono<HttpEnv>, parts: HttpParts): void {
  addEventStream(http, parts)
  for (const route of ROUTES) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1')
    http.on(route.method, path, (c) => answer(c, route, parts))
  }
}

async function answer(c: C, route: RestRoute, parts: HttpParts): Promise<Response> {
  const { operation } = route
  const version = versionOf(c.req.header('if-match'), operation)
  const args = withVersion(await argumentsIn(c), version)
  const run = () => runIn(c, route, { ...parts, args, isStrict: version !== undefined })
  const key = operation.hints.readOnly ? undefined : keyOf(c.req.header('idempotency-key'))
  if (key === undefined) return restAnswer(route, await run())
  const call = {
    agentId: c.get('identity').agentId ?? NOBODY,
    key,
    requestHash: requestHash([route.method, route.path, args, version ?? null]),
  }
  const { status, body, isReplayed } = await once(parts.app.services.answeredCalls, call, run)
  const response = status < 400 ? restAnswer(route, JSON.parse(body) as Json) : keptProblem(status, body)
  if (isReplayed) response.headers.set('idempotency-replayed', 'true')
  return response
}

/** Whose keys they are where nobody has to say who he is: those of this machine. */
const NOBODY = '-'

async function argumentsIn(c: C): Promise<Record<string, unknown>> {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  return argumentsOf({
    path: c.req.param() as Record<string, string>,
    query: new URL(c.req.url).searchParams,
    body: isRead ? {} : await readJsonBody(c.req.raw),
  })
}

async function runIn(
  c: C,
  { operation }: RestRoute,
  { app, ending, args, isStrict }: HttpParts & { args: Json; isStrict: boolean },
): Promise<Json> {
  const signal = AbortSignal.any([c.req.raw.signal, ending])
  const ctx = app.context(c.get('caller'), { signal, isStrict })
  try {
    return await runOperation(app.pipeline, ctx, operation, args)
  } catch (error) {
    throw isStrict ? asUnmet(error) : error
  }
}

function keptProblem(status: number, body: string): Response {
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  return new Response(body, { status, headers })
}
