import type { Server } from 'node:http'
import type { Config } from '../../config.ts'
import { AppError } from '../../domain/errors.ts'
import type { Instance } from '../../operations/instance.ts'
import { VERSION } from '../../version.ts'
import { closeInstance, endForSure } from '../ending.ts'
import { createLog, type Log, logStderr, logWarnings } from '../log.ts'
import { Access } from './access.ts'
import { isLoopback } from './guard.ts'
import { httpApp } from './http.ts'
import { addressOf, listen } from './listen.ts'
import { welcome } from './welcome.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
/** For what is under way when the end is asked for; then connections are cut. */
const DRAIN_MS = 8_000
/** Then the process ends, whatever may still hold it. */
const END_MS = 10_000

export interface HttpOutput {
  /** What a person reads who has started it. */
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
    const { app, server } = await open(config, { openApp, log, ending: ending.signal })
    const address = addressOf(server, config.http)
    app.announce()
    print(welcome({ address, config }))
    log.info('serving', { version: VERSION, pid: process.pid, instance_id: app.instanceId, address })
    log.info('ending', { reason: await asked })
    endForSure(log, END_MS)
    ending.abort()
    await drained(server)
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
): Promise<{ app: Instance; server: Server }> {
  const app = await openApp(limited(config))
  try {
    await insistOnKeys(app)
    return { app, server: await listen(httpApp({ app, ...parts }), config.http) }
  } catch (error) {
    await app.close().catch(() => {})
    throw error
  }
}

/** Whom strangers reach counts their calls, unless it is told not to. */
function limited(config: Config): Config {
  const { enabled = true } = config.rateLimit
  return { ...config, rateLimit: { ...config.rateLimit, enabled } }
}

/** Without keys everybody who reaches the port may read and write everything. */
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

/** Nobody new comes in; what is under way goes on to its end, within bounds. */
async function drained(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve))
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  server.closeIdleConnections()
  await closed
  clearTimeout(cut)
}
