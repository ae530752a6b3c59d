import type { Server } from 'node:http'
import { type Config, readTracing } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import type { Instance } from '../../operations/instance.ts'
import { VERSION } from '../../version.ts'
import { closeInstance, endForSure } from '../ending.ts'
import { createLog, type Log, logStderr, logWarnings } from '../log.ts'
import { Access } from './guards/access.ts'
import { isLoopback } from './guards/guard.ts'
import { httpApp } from './http.ts'
import { addressOf, listen } from './port/listen.ts'
import { welcome } from './port/welcome.ts'
import type { Tracing } from './tracing/tracing.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** For what is under way when the end is asked for; then connections are cut. */
const DRAIN_MS = 8_000
/** Then the process ends, whatever may still hold it. */
const END_MS = 10_000

export interface HttpOutput {
  /** Prints for the person who has started the server. */
  readonly print: (text: string) => void
}

/** Serves HTTP until a signal asks for the end. Answers the exit code. */
export async function serveHttp(
  config: Config,
  openApp: (config: Config) => Promise<Instance>,
  { print }: HttpOutput,
): Promise<number> {
  const endLogging = process.stderr.isTTY ? () => {} : logStderr(config.logLevel)
  const log = createLog(config.logLevel)
  logWarnings(log)
  const asked = endAsked()
  const ending = new AbortController()
  try {
    const { app, server, tracing } = await open(config, { openApp, log, ending: ending.signal })
    const address = addressOf(server, config.http)
    app.announce()
    print(welcome({ address, config }))
    log.info('serving', { version: VERSION, pid: process.pid, instance_id: app.instanceId, address })
    log.info('ending', { reason: await asked })
    endForSure(log, END_MS)
    ending.abort()
    await drained(server)
    await tracing?.close()
    return await closeInstance(app, log)
  } catch (error) {
    // Why a start was refused is said as it is, at every level.
    endLogging()
    throw error
  }
}

interface Opening {
  readonly openApp: (config: Config) => Promise<Instance>
  readonly log: Log
  readonly ending: AbortSignal
}

async function open(
  config: Config,
  { openApp, ...parts }: Opening,
): Promise<{ app: Instance; server: Server; tracing: Tracing | undefined }> {
  const app = await openApp(limited(config))
  try {
    await insistOnKeys(app)
    const tracing = await openTracing(app)
    const http = httpApp({ app, ...parts, ...(tracing && { tracing }) })
    return { app, server: await listen(http, config.http), tracing }
  } catch (error) {
    await app.close().catch(() => {})
    throw error
  }
}

/** Its packages are loaded only where traces go somewhere. */
async function openTracing({ instanceId }: Instance): Promise<Tracing | undefined> {
  const settings = readTracing()
  return settings && (await import('./tracing/open.ts')).openTracing(settings, instanceId)
}

/** A server that strangers can reach counts their calls, unless a setting turns that off. */
function limited(config: Config): Config {
  const { enabled = true } = config.rateLimit
  return { ...config, rateLimit: { ...config.rateLimit, enabled } }
}

/** Without keys every client that reaches the port could read and write everything. */
async function insistOnKeys(app: Instance): Promise<void> {
  const { host, allowedHosts } = app.config.http
  const open = [host, ...allowedHosts].find((name) => !isLoopback(name))
  if (open === undefined || (await new Access(app).isKeyed())) return
  throw new AppError('UNAUTHENTICATED', `There are no keys, and ${open} is more than this machine.`, {
    suggestion:
      'Make a key first: agent-memory key create NAME (or set AGENT_MEMORY_HTTP_API_KEYS). Without keys it listens on 127.0.0.1 alone.',
  })
}

function endAsked(): Promise<string> {
  return new Promise((resolve) => {
    // Once: a second signal ends the process at once.
    for (const signal of SIGNALS) process.once(signal, () => resolve(signal))
  })
}

/** Accepts no new request; those under way go on to their end, within bounds. */
async function drained(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  server.closeIdleConnections()
  await closed
  clearTimeout(cut)
}
