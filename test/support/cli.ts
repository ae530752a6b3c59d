import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { openApp, openCheck, openFile, openMove } from '../../src/app.ts'
import { checkSettings, givenSettings, readConfig } from '../../src/config.ts'
import { runCli } from '../../src/transports/cli/main.ts'
import { giveDatabaseFolderBack, takeDatabaseFolder } from './database.ts'

export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly stdin?: string | Buffer
  /** Width of the terminal; undefined for none. */
  readonly columns?: number
  readonly env?: Readonly<Record<string, string>>
  /** The program that what is installed starts; the sources unless said otherwise. */
  readonly mainPath?: string
}

const MAIN = join(import.meta.dirname, '../../src/main.ts')

/** The command line in this process, on a temporary data folder and a project folder in it. */
export interface Cli {
  readonly dataDir: string
  readonly project: string
  (argv: readonly string[], options?: CliOptions): Promise<CliResult>
}

/** Runs `body` with a command line whose folder is removed afterwards. */
export async function withCli<T>(body: (cli: Cli) => Promise<T>): Promise<T> {
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-memory-cli-'))
  try {
    return await body(cliIn(dataDir))
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** The same where the database is there already: to make it takes longer than most commands. */
export async function withUsedCli<T>(body: (cli: Cli) => Promise<T>): Promise<T> {
  const dataDir = await takeDatabaseFolder()
  try {
    return await body(cliIn(dataDir))
  } finally {
    await giveDatabaseFolderBack(dataDir)
  }
}

function cliIn(dataDir: string): Cli {
  const project = join(dataDir, 'project')
  mkdirSync(join(project, '.git'), { recursive: true })
  const run = (argv: readonly string[], options: CliOptions = {}) =>
    runIn({ dataDir, project }, argv, options)
  return Object.assign(run, { dataDir, project })
}

/** The words of a command line as a shell splits them, for the quotes that our examples use. */
export function shellWords(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  )
}

async function runIn(
  { dataDir, project }: { dataDir: string; project: string },
  argv: readonly string[],
  { stdin = '', columns, env = {}, mainPath = MAIN }: CliOptions,
): Promise<CliResult> {
  const [input, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  input.end(stdin)
  const texts = Promise.all([text(stdout), text(stderr)])
  const code = await runCli(argv, {
    stdin: input,
    stdout,
    stderr,
    isTTY: columns !== undefined,
    columns,
    cwd: project,
    home: dataDir,
    platform: process.platform,
    env,
    nodePath: process.execPath,
    mainPath,
    readConfig: (overrides) => readConfig({ AGENT_MEMORY_DATA_DIR: dataDir, ...env }, overrides),
    checkSettings: (overrides) => checkSettings({ AGENT_MEMORY_DATA_DIR: dataDir, ...env }, overrides),
    givenSettings: () => givenSettings(env),
    onInterrupt: () => () => {},
    openApp,
    openFile,
    openCheck,
    openMove,
    serveHooks: async () => 0,
    serveMcp: async ({ dbPath }) => {
      stdout.write(`serves ${dbPath}\n`)
      return 0
    },
    serveHttp: async ({ http }) => {
      stdout.write(`serves ${http.host}:${http.port}\n`)
      return 0
    },
  })
  stdout.end()
  stderr.end()
  const [out, err] = await texts
  return { code, stdout: out, stderr: err }
}
