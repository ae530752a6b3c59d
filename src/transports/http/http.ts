import { type Context, Hono } from 'hono'
import { AppError } from '../../domain/errors.ts'
import { newId } from '../../domain/ids.ts'
import { nearest } from '../../domain/text/nearest.ts'
import { errorFields, type Log } from '../log.ts'
import type { HttpEnv, HttpParts } from './env.ts'
import { Access } from './guards/access.ts'
import { addBodyLimit } from './guards/body-limit.ts'
import { addCors } from './guards/cors.ts'
import { guard } from './guards/guard.ts'
import { securityHeaders, setSecurityHeaders } from './guards/headers.ts'
import { Senders } from './guards/senders.ts'
import { McpEndpoint } from './mcp/endpoint.ts'
import { addMetrics, Metrics } from './metrics.ts'
import { METADATA_PATH, OAuthTokens } from './oauth/tokens.ts'
import { openApiDocument } from './openapi/document.ts'
import { addPage } from './page.ts'
import { type HttpApp, tlsFiles } from './port/listen.ts'
import { OpenRequests } from './port/open-requests.ts'
import { addProbes } from './probes.ts'
import { HttpProblem, problemResponse } from './problems.ts'
import { EventStreams } from './rest/events.ts'
import { KeptAnswers } from './rest/kept-answers.ts'
import { addRest } from './rest/rest.ts'
import { methodsOf, ROUTES } from './rest/routes.ts'

/** All that the one port answers. */
export function httpApp(parts: HttpParts): HttpApp {
  const http = new Hono<HttpEnv>({ strict: true })
  const metrics = new Metrics()
  const traced = parts.tracing?.tracing(parts.app) ?? parts.app
  const counted = { ...parts, app: metrics.counting(traced) }
  http.onError((error, c) => problemResponse(isCutOff(c) ? cutOff() : asAppError(error, parts.log)))
  http.notFound((c) => nothingThere(c.req.method, c.req.path))
  addRequests(http, parts)
  addTracing(http, parts)
  addCors(http, parts.app.config.http)
  addProbes(http, parts)
  addOpenApi(http)
  addOAuth(http, parts)
  addPage(http)
  addAccess(http, parts)
  addBodyLimit(http)
  const mcp = new McpEndpoint(counted)
  const eventStreams = new EventStreams(counted)
  const held = () => ({ ...mcp.counts(), eventStreams: eventStreams.size })
  addMetrics(http, { ...parts, metrics, held })
  http.on(MCP_METHODS, [MCP, `${MCP}/`], (c) =>
    mcp.fetch(c.req.raw, { identity: c.get('identity'), caller: c.get('caller') }),
  )
  eventStreams.serve(http)
  const kept = new KeptAnswers(counted, { isTls: tlsFiles(parts.app.config.http) !== undefined })
  addRest(http, { ...counted, kept })
  return { http, kept }
}

const MCP = '/mcp'
const MCP_METHODS = ['GET', 'POST', 'DELETE']

/** What is beside REST. */
const PLACES: Readonly<Record<string, readonly string[]>> = {
  [MCP]: MCP_METHODS,
  [`${MCP}/`]: MCP_METHODS,
  '/': ['GET'],
  '/health': ['GET'],
  '/ready': ['GET'],
  '/metrics': ['GET'],
  '/openapi.json': ['GET'],
}

/** Every request has an id, is let in by the guard, and stands in the log when it is answered. Never what it asked. */
function addRequests(http: Hono<HttpEnv>, { app, log }: HttpParts): void {
  const check = guard(app.config.http)
  const secure = securityHeaders({ isTls: tlsFiles(app.config.http) !== undefined })
  http.use(async (c, next) => {
    const started = performance.now()
    const requestId = newId()
    const { outgoing } = c.env
    setSecurityHeaders(outgoing, secure)
    outgoing.setHeader('x-request-id', requestId)
    c.set('requestId', requestId)
    check({ host: c.req.header('host'), origin: c.req.header('origin') })
    await next()
    log.debug('request', {
      request_id: requestId,
      method: c.req.method,
      status: c.res.status,
      duration_ms: Math.round(performance.now() - started),
    })
  })
}

/** A monitor asks every few seconds: its requests say nothing. */
const UNTRACED: readonly string[] = ['/health', '/ready', '/metrics']

function addTracing(http: Hono<HttpEnv>, { tracing }: HttpParts): void {
  if (!tracing) return
  http.use(async (c, next) => {
    const { method, path } = c.req
    if (UNTRACED.includes(path)) return next()
    const request = { requestId: c.get('requestId'), method, path, headers: c.req.header() }
    await tracing.request(request, async () => {
      await next()
      return c.res.status
    })
  })
}

/** From here on every request has an identity. */
function addAccess(http: Hono<HttpEnv>, parts: HttpParts): void {
  const { app } = parts
  const access = new Access(app)
  const requests = new OpenRequests(parts)
  const senders = new Senders(app.config)
  http.use(async (c, next) => {
    const { incoming } = c.env
    const shown = {
      authorization: c.req.header('authorization'),
      apiKey: c.req.header('x-api-key'),
      address: incoming.socket.remoteAddress,
      isForwarded: ['forwarded', 'x-forwarded-for', 'x-real-ip'].some((name) => c.req.header(name)),
    }
    const identity = await access.identify(shown)
    if (identity.agentId !== undefined) requests.hold(c.env, () => access.isOpenTo(shown))
    c.set('identity', identity)
    c.set(
      'caller',
      senders.callerOf(identity, { connection: incoming.socket, client: c.req.header('user-agent') }),
    )
    await next()
  })
}

/** Needs no key: what can be asked is no secret, and a client is made from it before it has a key. */
function addOpenApi(http: Hono<HttpEnv>): void {
  http.get('/openapi.json', (c) => c.json(openApiDocument(new URL(c.req.url).origin)))
}

/** Where tokens come from, for a client without one: at its own place, and before the path that the audience names. */
function addOAuth(http: Hono<HttpEnv>, { app }: HttpParts): void {
  const tokens = OAuthTokens.of(app.config.http)
  if (!tokens) return
  for (const path of new Set([METADATA_PATH, new URL(tokens.metadataUrl()).pathname]))
    http.get(path, (c) => c.json(tokens.metadata(), 200, { 'cache-control': 'max-age=300' }))
}

/** The sender went away in the middle of its body: nobody reads what it is answered, and nothing is wrong here. */
function isCutOff({ env: { incoming } }: Context<HttpEnv>): boolean {
  return incoming.destroyed && !incoming.complete
}

function cutOff(): HttpProblem {
  return new HttpProblem(400, 'INVALID_PARAMETER', 'The body did not come to its end.')
}

function asAppError(error: unknown, log: Log): AppError {
  if (error instanceof AppError) return error
  const id = newId()
  log.error('request', { id, ...errorFields(error) })
  return new AppError('INTERNAL_ERROR', `Something unexpected went wrong (${id}).`, { details: { id } })
}

const WHERE = 'MCP is at /mcp, REST below /v1; /openapi.json describes each route.'

/** Another method of a path that is there, or no path at all. */
function nothingThere(method: string, path: string): Response {
  const methods = PLACES[path] ?? methodsOf(path)
  if (methods.length === 0) return problemResponse(noSuchPath(method, path))
  // What is read can be asked for its head alone, but for a stream.
  const head = methods.includes('GET') && !path.startsWith(MCP) ? ['HEAD'] : []
  const headers = { allow: [...methods, ...head, 'OPTIONS'].join(', ') }
  if (method === 'OPTIONS') return new Response(null, { status: 204, headers })
  return problemResponse(
    new HttpProblem(405, 'INVALID_ACTION', `This path takes ${methods.join(', ')}.`, {
      headers,
      details: { methods: [...methods] },
      // Clients are often given the address without its path.
      suggestion: path === '/' ? WHERE : 'Use one of these methods.',
    }),
  )
}

function noSuchPath(method: string, path: string): HttpProblem {
  const without = path.replace(/\/+$/, '')
  const isThere = without !== path && (PLACES[without] !== undefined || methodsOf(without).length > 0)
  const near = isThere
    ? without.slice(0, 200)
    : nearest(path, [
        ...Object.keys(PLACES).filter((place) => place !== '/'),
        ...ROUTES.map((route) => route.path),
      ])
  return new HttpProblem(
    404,
    'NOT_FOUND',
    `There is nothing at this path.${near ? ` Did you mean ${near}?` : ''}`,
    {
      details: { method, path: path.slice(0, 200) },
      suggestion: WHERE,
    },
  )
}
