import { Console } from 'node:console'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Config } from '../../../config.ts'
import type { Instance } from '../../../operations/instance.ts'
import { VERSION } from '../../../version.ts'
import { closeInstance, endForSure } from '../../ending.ts'
import type { HookPlace } from '../../hook/address.ts'
import { listenForHooks } from '../../hook/listen.ts'
import { createLog, logStderr, logWarnings } from '../../log.ts'
import { Connection } from '../callers.ts'
import { Subscriptions } from '../resources/subscriptions.ts'
import { createServer } from '../server.ts'
import { Calls } from '../tools/calls.ts'
import { Tools } from '../tools/tools.ts'
import { howToConnect } from './hint.ts'
import { ListenGate } from './listen-gate.ts'
import { OutputGate } from './output-gate.ts'
import { processEnd } from './process-end.ts'
import { StdioTransport } from './transport.ts'

/** For the answers that are still due when the client goes away. */
const ANSWER_MS = 1_300
/** For the locks that are given back at the end. */
const GIVE_BACK_MS = 500
/** Then the process ends, whatever may still hold it. */
const CLOSE_MS = 1_900

/** Serves MCP on stdin and stdout until the client or the parent is gone. Answers the exit code. */
export async function serveMcpStdio(
  config: Config,
  openApp: (config: Config) => Promise<Instance>,
  place: HookPlace,
): Promise<number> {
  keepStdoutForTheProtocol()
  const endLogging = process.stderr.isTTY ? () => {} : logStderr(config.logLevel)
  const log = createLog(config.logLevel)
  logWarnings(log)
  const processEnded = processEnd()
  // First the folder that this was started in: where that is refused nothing has to be closed.
  const start = async () => ({
    connection: new Connection(config, place.env),
    app: await openApp(config),
  })
  const { connection, app } = await start().catch((error: unknown) => {
    // Why a start was refused is said as it is, at every level.
    endLogging()
    throw error
  })
  log.info('serving', {
    version: VERSION,
    pid: process.pid,
    instance_id: app.instanceId,
    database: databaseName(config),
  })
  const transport = new StdioTransport({ input: process.stdin, output: process.stdout })
  const gate = new OutputGate(process.stdout)
  void transport.ended.then(() => gate.open())
  const calls = new Calls(app, {
    callerOf: connection.callerOf,
    pass: (work, lane) => gate.pass(work, lane),
    waits: (id) => transport.waits(id),
    knowsDelivery: true,
  })
  transport.onanswered = (id, isOut) => (isOut ? calls.delivered(id) : void calls.lost(id))
  const projectDir = place.env['CLAUDE_PROJECT_DIR']
  const tools = new Tools(calls, config.toolsets, async (given, { agentId }) => {
    const { answerHookTool } = await import('../../hook/by-tool.ts')
    return answerHookTool(app, given, { agentId, projectDir })
  })
  const subscriptions = new Subscriptions({ app, calls, flushed: () => transport.flushed() })
  const served = serveStdio((ctx) => createServer({ calls, tools, subscriptions }, ctx), {
    transport: new ListenGate(transport, subscriptions),
    // What the error says may quote a message.
    onerror: (error) => log.debug('protocol', { problem: error.name }),
  })
  const { pid, ppid } = process
  const hooks = listenForHooks({ app, place, pid, ppid, link: (asked) => connection.link(asked, ppid) })
  app.announce()
  if (process.stdin.isTTY) tellThePerson(config)
  log.info('ending', { reason: await Promise.race([transport.ended, processEnded]) })
  endForSure(log, CLOSE_MS)
  void hooks.then((listener) => listener?.close())
  calls.endWaits()
  await Promise.race([transport.whenIdle(), delay(ANSWER_MS)])
  await served.close()
  await Promise.race([giveBackLocks(app, calls, connection), delay(GIVE_BACK_MS)])
  return await closeInstance(app, log)
}

/**
 * Gives back locks whose grant was never delivered, and those of agents that end with this connection: they
 * would only keep others waiting.
 */
async function giveBackLocks(app: Instance, calls: Calls, { own, sessions }: Connection): Promise<void> {
  const { leases, arrivals } = app.services
  await calls.allLost()
  // Where the locks cannot be reached they run out.
  for (const agentId of own) {
    await leases.giveBackAll(agentId).catch(() => {})
    await arrivals.leave(agentId)
  }
  for (const agentId of sessions) await leases.giveBackAll(agentId, calls.tokensOf(agentId)).catch(() => {})
}

function tellThePerson(config: Config): void {
  const program = [process.execPath, process.argv[1] ?? '']
  process.stderr.write(howToConnect({ database: databaseName(config), program }))
}

/** Without the address of a server: it may hold a password. */
function databaseName({ dbType, dbPath }: Config): string {
  return dbType === 'sqlite' ? dbPath : dbType
}

/** Whatever a library prints must not get between the messages. */
function keepStdoutForTheProtocol(): void {
  globalThis.console = new Console({ stdout: process.stderr, stderr: process.stderr })
  process.stderr.on('error', () => {})
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref()
  })
}
