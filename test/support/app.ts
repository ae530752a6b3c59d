import { openApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { ErrorBody } from '../../src/domain/errors.ts'
import type { ToolName } from '../../src/domain/toolsets.ts'
import type { ActionOf, OutputOf } from '../../src/operations/index.ts'
import type { Instance } from '../../src/operations/instance.ts'
import type { Workspace } from '../../src/services/running/caller.ts'
import { type CallOptions, callOperation, projectIn } from './calls.ts'
import { databaseEnv, giveDatabaseFolderBack, takeDatabaseFolder } from './database.ts'
import { redisEnv, removeRedisKeys, testPatience } from './redis-env.ts'
import { refusal } from './refusal.ts'

export interface TestAppOptions extends Omit<CallOptions, 'signal'> {
  /** Environment variables beside the data folder. */
  readonly env?: Readonly<Record<string, string>>
  /** An existing data folder; it is then not removed at the end. */
  readonly dataDir?: string
}

type Arguments = Readonly<Record<string, unknown>>

/** A real App on a temporary folder, called as a transport calls it. */
export interface TestApp {
  readonly app: Instance
  readonly dataDir: string
  /** The project folder that callers stand in unless they say otherwise. */
  readonly workspace: Workspace
  /** Runs an operation; the answer is checked against its output schema and is what JSON makes of it. */
  call<T extends ToolName, A extends ActionOf<T>>(
    tool: T,
    action: A,
    args?: Arguments,
    options?: CallOptions,
  ): Promise<OutputOf<T, A>>
  /** The same where the test says what it expects, or goes through the catalogue. */
  call<R extends object = Record<string, unknown>>(
    tool: string,
    action: string | null,
    args?: Arguments,
    options?: CallOptions,
  ): Promise<R>
  /** Runs an operation that must be refused, and answers the error's body. */
  refused(
    tool: string,
    action: string | null,
    args?: Arguments,
    options?: CallOptions,
  ): Promise<ErrorBody['error']>
  /** The same App, called with other options unless a call has its own. */
  from(options: CallOptions): TestApp
  /** Another App on the same file, as a second process has; closed with this one. */
  secondApp(options?: Omit<TestAppOptions, 'dataDir'>): Promise<TestApp>
  /** Closes everything and removes the folder. */
  close(): Promise<void>
}

type Body<T> = (t: TestApp) => Promise<T>

/** Runs `body` with an App that is closed and removed afterwards, whatever happens. */
export async function withApp<T>(...args: [Body<T>] | [TestAppOptions, Body<T>]): Promise<T> {
  const [options, body] = args.length === 1 ? [{}, args[0]] : args
  const t = await openTestApp(options)
  try {
    return await body(t)
  } finally {
    await t.close()
  }
}

/** For beforeEach and the like; the caller closes it. */
export async function openTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = options.dataDir ?? (await takeDatabaseFolder())
  const workspace = projectIn(dataDir)
  const env = {
    ...databaseEnv(dataDir),
    ...redisEnv(dataDir),
    ...options.env,
    AGENT_MEMORY_DATA_DIR: dataDir,
  }
  const app = await openApp(readConfig(env), testPatience)
  const defaults: CallOptions = { agentId: 'tester', workspace, ...picked(options) }
  const others: TestApp[] = []
  const t: TestApp = {
    app,
    dataDir,
    workspace,
    ...callsAs(app, defaults),
    from(options) {
      return { ...t, ...callsAs(app, { ...defaults, ...options }) }
    },
    async secondApp(more = {}) {
      const other = await openTestApp({ ...options, ...more, dataDir })
      others.push(other)
      return other
    },
    async close() {
      for (const other of others) await other.close()
      await app.close()
      if (options.dataDir !== undefined) return
      await removeRedisKeys(dataDir)
      await giveDatabaseFolderBack(dataDir)
    },
  }
  return t
}

function callsAs(app: Instance, defaults: CallOptions): Pick<TestApp, 'call' | 'refused'> {
  const call = (tool: string, action: string | null, args: Arguments = {}, options: CallOptions = {}) =>
    callOperation(app, { tool, action, args }, { ...defaults, ...options })
  return {
    // The catalogue, or the caller, states the shape that it goes on to assert.
    call: async <R extends object>(...args: Parameters<typeof call>) => (await call(...args)) as R,
    async refused(...args) {
      return (await refusal(call(...args))).toBody().error
    },
  }
}

function picked({ agentId, workspace }: TestAppOptions): CallOptions {
  return { ...(agentId === undefined ? {} : { agentId }), ...(workspace === undefined ? {} : { workspace }) }
}
