import { realpathSync } from 'node:fs'
import { Readable } from 'node:stream'
import {
  type Config,
  checkSettings,
  givenSettings,
  readConfig,
  readHookEnv,
  readShellEnv,
  unreadSettings,
} from './config.ts'
import { AppError } from './domain/errors.ts'
import { homeFolder } from './domain/places/home-folder.ts'
import { workingFolder } from './domain/places/working-folder.ts'
import { HOOK_STDIN, type HookPlace } from './transports/hook/address.ts'
import { type Words, wordsIn } from './transports/hook/start.ts'
import { createLog, logWarnings, maskStderr } from './transports/log.ts'

// The only file that may compose. Each way in is loaded when it is asked for: a server starts without the command line.

const argv = process.argv.slice(2)
maskStderr()
try {
  process.exitCode =
    argv.length === 1 && argv[0] === 'mcp' ? await serveMcp(readConfig()) : await runCommandLine()
} catch (error) {
  if (!(error instanceof AppError)) throw error
  const { errorText } = await import('./transports/cli/view/errors.ts')
  process.stderr.write(errorText(error))
  process.exitCode = 1
}

async function serveMcp(config: Config): Promise<number> {
  const [{ serveMcpStdio }, { openApp }] = await Promise.all([
    import('./transports/mcp/stdio/serve.ts'),
    import('./app.ts'),
  ])
  warnOfSettings(config)
  return serveMcpStdio(config, openApp, hookPlace(config))
}

/** A mistyped name has no effect: its user takes the server for one with Redis, say, that has none. */
function warnOfSettings({ logLevel }: Config): void {
  const log = createLog(logLevel)
  for (const { text, mend } of unreadSettings()) log.warn('setting', { message: text, suggestion: mend })
}

async function serveHooks(config: Config): Promise<number> {
  const [hooks, { openApp }] = await Promise.all([
    import('./transports/hook/resident.ts'),
    import('./app.ts'),
  ])
  return hooks.serveHooks(config, hookPlace(config), { openApp, process })
}

function hookPlace({ dataDir, dbPath, project, agentId }: Config): HookPlace {
  return {
    dataDir,
    dbPath,
    project,
    agentId,
    env: readHookEnv(),
    mainPath: realpathSync(process.argv[1] ?? ''),
  }
}

/** What the small program of a hook has read already. */
function readStdin(): NodeJS.ReadableStream {
  const read: unknown = Reflect.get(globalThis, HOOK_STDIN)
  return Buffer.isBuffer(read) ? Readable.from([read]) : process.stdin
}

async function serveHttp(config: Config): Promise<number> {
  const [http, { openApp }] = await Promise.all([import('./transports/http/serve.ts'), import('./app.ts')])
  warnOfSettings(config)
  return http.serveHttp(config, openApp, { print: (text) => process.stdout.write(text) })
}

/** A client waits for it: of the command line only what answers a hook is loaded. */
async function runHook({ event, client, isClosed, settings }: Words): Promise<number> {
  const [hooks, { openApp }] = await Promise.all([import('./transports/cli/hook/run.ts'), import('./app.ts')])
  const { stdout, stderr } = process
  const overrides = Object.fromEntries(
    Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  return hooks.runHook(
    { event, client, fail_closed: isClosed },
    {
      stdin: readStdin(),
      stdout,
      stderr,
      cwd: workingFolder(),
      overrides,
      readConfig: (values) => readConfig(undefined, values),
      openApp,
    },
  )
}

async function runCommandLine(): Promise<number> {
  const words = argv[0] === 'hook' && argv[1] === 'run' ? wordsIn(argv.slice(2)) : undefined
  if (words) return runHook(words)
  const { runCli } = await import('./transports/cli/main.ts')
  process.stdout.on('error', endOfReader)
  const { stdout, stderr, platform, execPath: nodePath } = process
  const stdin = readStdin()
  return runCli(argv, {
    stdin,
    stdout,
    stderr,
    platform,
    nodePath,
    mainPath: realpathSync(process.argv[1] ?? ''),
    home: homeFolder(),
    cwd: workingFolder(),
    env: readShellEnv(),
    isTTY: Boolean(process.stdin.isTTY && stdout.isTTY),
    columns: stdout.isTTY ? stdout.columns : undefined,
    readConfig: (overrides) => readConfig(undefined, overrides),
    onInterrupt,
    givenSettings: () => givenSettings(),
    checkSettings: (overrides) => checkSettings(undefined, overrides),
    openFile: async (config) => (await import('./app.ts')).openFile(config),
    openCheck: async (config) => (await import('./app.ts')).openCheck(config),
    openMove: async (from, to) => (await import('./app.ts')).openMove(from, to),
    async openApp(config) {
      const { openApp } = await import('./app.ts')
      logWarnings(createLog(config.logLevel))
      return openApp(config)
    },
    serveMcp,
    serveHooks,
    serveHttp,
  })
}

function onInterrupt(listener: () => void): () => void {
  const signals = ['SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}

/** `agent-memory … | head` is no failure; a full disk is one. */
function endOfReader(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return
  process.stderr.write(`The output cannot be written: ${error.code}.\n`)
  process.exit(1)
}
