import type { Context, Hono } from 'hono'
import type { Instance } from '../../../operations/instance.ts'
import { runOperation } from '../../../operations/run.ts'
import type { Caller } from '../../../services/running/caller.ts'
import { readJsonBody } from '../body.ts'
import type { HttpEnv } from '../env.ts'
import { restAnswer } from './answers.ts'
import { argumentsOf } from './arguments.ts'
import { type RestRoute, ROUTES } from './routes.ts'

interface RestParts {
  readonly app: Instance
  /** Aborted when the server ends: what waits gives up. */
  readonly ending: AbortSignal
}

type C = Context<HttpEnv>

/** Every operation where its routes say. */
export function addRest(http: Hono<HttpEnv>, parts: RestParts): void {
  for (const route of ROUTES) {
    const path = route.path.replace(/\{(\w+)\}/g, ':$1')
    http.on(route.method, path, (c) => answer(c, route, parts))
  }
}

async function answer(c: C, route: RestRoute, { app, ending }: RestParts): Promise<Response> {
  const args = argumentsOf({
    path: c.req.param() as Record<string, string>,
    query: new URL(c.req.url).searchParams,
    body: c.req.method === 'GET' || c.req.method === 'HEAD' ? {} : await readJsonBody(c.req.raw),
  })
  const caller: Caller = c.get('caller')
  const ctx = app.context(caller, { signal: AbortSignal.any([c.req.raw.signal, ending]) })
  return restAnswer(route, await runOperation(app.pipeline, ctx, route.operation, args))
}
