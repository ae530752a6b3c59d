import type { Context, Hono } from 'hono'
import { runOperation } from '../../../operations/run.ts'
import type { HttpEnv, HttpParts } from '../env.ts'
import { readJsonBody } from '../guards/body.ts'
import { type RestAnswer, restAnswer } from './answers.ts'
import { argumentsOf, queryOf } from './arguments.ts'
import { onOneOf, refuseOtherConditions, versionsOf, withVersion } from './if-match.ts'
import type { KeptAnswers } from './kept-answers.ts'
import { keyOf, notKept, once, requestHash } from './once.ts'
import { type FoundRoute, findRoute, type RestRoute } from './routes.ts'

type C = Context<HttpEnv>
type Json = Readonly<Record<string, unknown>>

/** Every operation where its routes say. One route of the framework for all: with each of them its quick router would not work. */
interface RestParts extends HttpParts {
  readonly kept: KeptAnswers
}

export function addRest(http: Hono<HttpEnv>, parts: RestParts): void {
  http.all('/v1/*', (c, next) => {
    const found = findRoute(c.req.method, c.req.path)
    return found ? answer(c, found, parts) : next()
  })
}

async function answer(c: C, { route, path }: FoundRoute, parts: RestParts): Promise<Response> {
  const { operation } = route
  const versions = versionsOf(c.req.header('if-match'), operation)
  if (!operation.hints.readOnly) refuseOtherConditions((name) => c.req.header(name))
  const args = await argumentsIn(c, path)
  const run = () =>
    versions === undefined
      ? runIn(c, route, { ...parts, args, isStrict: false })
      : onOneOf(versions, (version) =>
          runIn(c, route, { ...parts, args: withVersion(args, version), isStrict: true }),
        )
  const key = operation.hints.readOnly ? undefined : keyOf(c.req.header('idempotency-key'))
  if (key !== undefined && operation.answersSecret) throw notKept()
  if (key === undefined) {
    const made = restAnswer(route, await run())
    parts.kept.keep(operation, c.get('caller'), made)
    return responseOf(made)
  }
  const call = {
    agentId: c.get('identity').agentId ?? NOBODY,
    key,
    requestHash: requestHash([route.method, route.path, args, versions ?? null]),
    isElsewhere: operation.tool === 'memory_file_lock' && parts.app.config.redis.enabled,
  }
  const { status, body, isReplayed } = await once(parts.app.services.answeredCalls, call, run)
  const response =
    status < 400 ? responseOf(restAnswer(route, JSON.parse(body) as Json)) : keptProblem(status, body)
  if (isReplayed) response.headers.set('idempotency-replayed', 'true')
  return response
}

/** The agent that kept answers belong to where no key is needed: all senders of this machine. */
const NOBODY = '-'

async function argumentsIn(c: C, path: FoundRoute['path']): Promise<Record<string, unknown>> {
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
  return argumentsOf({ path, query: queryOf(c.req.url), body: isRead ? {} : await readJsonBody(c.req.raw) })
}

async function runIn(
  c: C,
  { operation }: RestRoute,
  { app, ending, args, isStrict }: HttpParts & { args: Json; isStrict: boolean },
): Promise<Json> {
  // Only a call that waits looks at it, and making one costs as much as a short call.
  const signal = operation.mayWait && AbortSignal.any([c.req.raw.signal, ending])
  const ctx = app.context(c.get('caller'), { isStrict, isTold: true, ...(signal && { signal }) })
  return runOperation(app.pipeline, ctx, operation, args)
}

function responseOf({ body, ...init }: RestAnswer): Response {
  return new Response(body, init)
}

function keptProblem(status: number, body: string): Response {
  const headers = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
  return new Response(body, { status, headers })
}
