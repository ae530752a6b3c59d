import { once } from 'node:events'
import { createServer, type RequestListener, type Server, ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from '../../../config.ts'
import { AppError } from '../../../domain/errors.ts'
import type { HttpEnv } from '../env.ts'
import { HttpProblem, problemBody } from '../problems.ts'
import type { KeptAnswers } from '../rest/kept-answers.ts'
import { portOwner } from './port-owner.ts'
import { type CertificateFiles, createTlsServer } from './tls.ts'

/** What answers requests: what is kept first. */
export interface HttpApp {
  readonly http: Hono<HttpEnv>
  readonly kept: Pick<KeptAnswers, 'serve'>
}

/** For the head of a request, for the whole of it, and between two; how often somebody looks. */
const LIMITS = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 10_000,
}

/** Opens the port; says what is in the way where it cannot. */
export async function listen(
  { http, kept }: HttpApp,
  settings: Config['http'],
  limits: typeof LIMITS = LIMITS,
): Promise<Server> {
  const { host, port } = settings
  const listener = getRequestListener((request, env) => http.fetch(request, env as HttpEnv['Bindings']))
  const files = tlsFiles(settings)
  const answer: RequestListener = (request, response) => {
    // HTTP/1.0 has no Host, and balancers look so whether a server is there (HAProxy does). A browser, which can be tricked, sends one.
    if (request.httpVersion === '1.0' && request.headers.host === undefined) {
      request.headers.host = 'localhost'
      request.rawHeaders.push('Host', 'localhost')
    }
    kept.serve(request, response, () => void listener(request, response))
  }
  const server = files ? createTlsServer(files, limits, answer) : createServer(limits, answer)
  server.on('clientError', refuseConnection)
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return server
  } catch (error) {
    throw await cannotListen(host, port, error)
  }
}

/** What never becomes a request, or does not come to its end, gets a body with our code too; not in the middle of an answer. */
function refuseConnection(error: NodeJS.ErrnoException, socket: Duplex): void {
  const begun: unknown = Reflect.get(socket, '_httpMessage')
  const isAnswered = begun instanceof ServerResponse && begun.headersSent
  if (!socket.writable || isAnswered) return void socket.destroy()
  const [status, message] = BROKEN[error.code ?? ''] ?? [400, 'This is no HTTP request.']
  const body = JSON.stringify(problemBody(new HttpProblem(status, 'INVALID_PARAMETER', message)))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

const BROKEN: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come to its end in time.'],
  HPE_HEADER_OVERFLOW: [431, 'The headers of the request are too long.'],
}

/** Where clients find it. */
export function addressOf(server: Server, settings: Config['http']): string {
  const { host } = settings
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  const scheme = tlsFiles(settings) ? 'https' : 'http'
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** Undefined where a proxy in front ends TLS, or where there is no TLS. */
export function tlsFiles({ tlsCert: cert, tlsKey: key }: Config['http']): CertificateFiles | undefined {
  return cert !== undefined && key !== undefined ? { cert, key } : undefined
}

async function cannotListen(host: string, port: number, error: unknown): Promise<Error> {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return taken(host, port)
  const [problem, suggestion] = PROBLEMS[code] ?? []
  if (problem === undefined) return error instanceof Error ? error : new Error(String(error))
  return new AppError('INVALID_PARAMETER', `Cannot listen on ${host} port ${port}: ${problem}.`, {
    suggestion: suggestion ?? '',
    cause: error,
  })
}

const PROBLEMS: Readonly<Record<string, readonly [problem: string, suggestion: string]>> = {
  EACCES: ['this user may not open that port', 'Choose one above 1023: AGENT_MEMORY_HTTP_PORT or --port.'],
  EADDRNOTAVAIL: [
    'this machine has no such address',
    'Set AGENT_MEMORY_HTTP_HOST (or --host) to one of its own, or 0.0.0.0 for all.',
  ],
  ENOTFOUND: ['nobody knows that name', 'Set AGENT_MEMORY_HTTP_HOST (or --host) to an address.'],
}

async function taken(host: string, port: number): Promise<AppError> {
  const { who, isOurs } = await portOwner(host, port)
  const other = `choose another port: agent-memory serve --port ${port === 65_535 ? port - 1 : port + 1}, or AGENT_MEMORY_HTTP_PORT.`
  return new AppError('INVALID_PARAMETER', `Port ${port} of ${host} is taken by ${who}.`, {
    suggestion: isOurs ? `Use the one that runs, end it first, or ${other}` : `End that program, or ${other}`,
  })
}
