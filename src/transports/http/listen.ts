import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Hono } from 'hono'
import type { Config } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import type { HttpEnv } from './env.ts'
import { portOwner } from './port-owner.ts'

/** For the head of a request, and for the whole of it. */
const HEAD_MS = 15_000
const REQUEST_MS = 60_000

/** Opens the port; says what is in the way where it cannot. */
export async function listen(http: Hono<HttpEnv>, { host, port }: Config['http']): Promise<Server> {
  const listener = getRequestListener((request, env) => http.fetch(request, env as HttpEnv['Bindings']))
  const server = createServer(
    { headersTimeout: HEAD_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: 5_000 },
    (request, response) => void listener(request, response),
  )
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return server
  } catch (error) {
    throw await cannotListen(host, port, error)
  }
}

/** Where clients find it. */
export function addressOf(server: Server, { host }: Config['http']): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
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
