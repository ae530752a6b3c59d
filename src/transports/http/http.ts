import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { secureHeaders } from 'hono/secure-headers'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { nearest } from '../../domain/nearest.ts'
import { errorFields, type Log } from '../log.ts'
import { Access } from './access.ts'
import { MOST_BODY_BYTES, readAway, tooLarge } from './body.ts'
import type { HttpEnv, HttpParts } from './env.ts'
import { guard } from './guard.ts'
import { McpEndpoint } from './mcp/endpoint.ts'
import { addMetrics, Metrics } from './metrics.ts'
import { openApiDocument } from './openapi/document.ts'
import { addProbes } from './probes.ts'
import { HttpProblem, problemResponse } from './problems.ts'
import { addRest } from './rest/rest.ts'
import { methodsOf, ROUTES } from './rest/routes.ts'
import { Senders } from './senders.ts'

/** All that the one port answers. */
export function httpApp(parts: HttpParts): Hono<HttpEnv> {
  const http = new Hono<HttpEnv>({ strict: true })
  const metrics = new Metrics()
  const counted = { ...parts, app: metrics.counting(parts.app) }
  http.onError((error) => problemResponse(asAppError(error, parts.log)))
  http.notFound((c) => problemResponse(nothingThere(c.req.method, c.req.path)))
  // Whoever ends TLS before it says that it stays so.
  http.use(secureHeaders({ strictTransportSecurity: false }))
  addRequests(http, parts)
  addProbes(http, parts)
  addOpenApi(http)
  addAccess(http, parts)
  http.use(bodyLimit({ maxSize: MOST_BODY_BYTES, onError: refuseBody }))
  const mcp = new McpEndpoint(counted.app, parts.ending)
  addMetrics(http, { app: parts.app, metrics, held: () => ({ ...mcp.counts() }) })
  http.on(MCP_METHODS, '/mcp', (c) =>
    mcp.fetch(c.req.raw, { identity: c.get('identity'), caller: c.get('caller') }),
  )
  addRest(http, counted)
  return http
}

const MCP_METHODS = ['GET', 'POST', 'DELETE']

async function refuseBody({ env }: Context<HttpEnv>): Promise<Response> {
  await readAway(env.incoming)
  return problemResponse(tooLarge())
}

/** Every request has an id, is let in by the guard, and stands in the log when it is answered. Never what it asked. */
function addRequests(http: Hono<HttpEnv>, { app, log }: HttpParts): void {
  const check = guard(app.config.http)
  http.use(async (c, next) => {
    const started = performance.now()
    const requestId = newId()
    c.set('requestId', requestId)
    check({ host: c.req.header('host'), origin: c.req.header('origin') })
    await next()
    c.res.headers.set('x-request-id', requestId)
    log.debug('request', {
      request_id: requestId,
      method: c.req.method,
      status: c.res.status,
      duration_ms: Math.round(performance.now() - started),
    })
  })
}

/** From here on everybody is somebody. */
function addAccess(http: Hono<HttpEnv>, { app }: HttpParts): void {
  const access = new Access(app)
  const senders = new Senders(app.config)
  http.use(async (c, next) => {
    const { incoming } = c.env
    const identity = await access.identify({
      authorization: c.req.header('authorization'),
      apiKey: c.req.header('x-api-key'),
      address: incoming.socket.remoteAddress,
      isForwarded: ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => c.req.header(name)),
    })
    c.set('identity', identity)
    c.set(
      'caller',
      senders.callerOf(identity, { connection: incoming.socket, client: c.req.header('user-agent') }),
    )
    await next()
  })
}

/** For everybody: what can be asked is no secret, and a client is made from it before it has a key. */
function addOpenApi(http: Hono<HttpEnv>): void {
  http.get('/openapi.json', (c) => c.json(openApiDocument(new URL(c.req.url).origin)))
}

function asAppError(error: unknown, log: Log): AppError {
  if (error instanceof AppError) return error
  const id = newId()
  log.error('request', { id, ...errorFields(error) })
  return new AppError('INTERNAL_ERROR', `Something unexpected went wrong (${id}).`, { details: { id } })
}

function nothingThere(method: string, path: string): HttpProblem {
  const methods = path === '/mcp' ? MCP_METHODS : methodsOf(path)
  if (methods.length > 0) {
    return new HttpProblem(405, 'INVALID_ACTION', `This path takes ${methods.join(', ')}.`, {
      headers: { allow: methods.join(', ') },
      details: { methods },
      suggestion: 'Use one of these methods.',
    })
  }
  const near = nearest(
    path,
    ROUTES.map((route) => route.path),
  )
  return new HttpProblem(
    404,
    'NOT_FOUND',
    `There is nothing at this path.${near ? ` Did you mean ${near}?` : ''}`,
    {
      details: { method, path: path.slice(0, 200) },
      suggestion: 'docs/guides/http.md lists the paths, /openapi.json describes each.',
    },
  )
}
