import { openApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { OPERATIONS } from '../src/operations/index.ts'
import type { Instance } from '../src/operations/instance.ts'
import { runOperation } from '../src/operations/run.ts'

/** The program without a transport, called as a transport calls it. */
export interface BenchApp {
  readonly app: Instance
  call(
    tool: string,
    action: string,
    args: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown>>
}

const CALLER = { agentId: 'bench', workspace: { project: 'bench', root: null, pathRoot: '/bench' } }

export async function openBenchApp(
  dataDir: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BenchApp> {
  const app = await openApp(readConfig({ ...env, AGENT_MEMORY_DATA_DIR: dataDir }))
  const operations = new Map(
    OPERATIONS.map((operation) => [`${operation.tool} ${operation.action}`, operation]),
  )
  const ctx = app.context(CALLER)
  return {
    app,
    call(tool, action, args) {
      const operation = operations.get(`${tool} ${action}`)
      if (!operation) throw new RangeError(`no operation ${tool} ${action}`)
      return runOperation(app.pipeline, ctx, operation, args)
    },
  }
}
