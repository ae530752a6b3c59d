import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { OPERATIONS } from '../../src/operations/index.ts'
import type { Instance } from '../../src/operations/instance.ts'
import { runOperation } from '../../src/operations/run.ts'
import type { Workspace } from '../../src/services/running/caller.ts'

// What the programs that tests start need too: these load nothing that only vitest's own process needs.

export interface CallOptions {
  readonly agentId?: string
  /** null: a caller of whom nothing may be guessed, as over HTTP. */
  readonly workspace?: Workspace | null
  readonly signal?: AbortSignal
}

/** A project folder inside `folder`, made if it is not there. */
export function projectIn(folder: string): Workspace {
  const root = join(folder, 'project')
  mkdirSync(join(root, '.git'), { recursive: true })
  return { project: null, root, pathRoot: root }
}

/** One call through the pipeline. Throws the AppError that a caller would see, or what a broken answer breaks. */
export async function callOperation(
  app: Instance,
  { tool, action, args }: { tool: string; action: string | null; args: Readonly<Record<string, unknown>> },
  { agentId = 'tester', workspace = null, signal }: CallOptions,
): Promise<Record<string, unknown>> {
  const operation = OPERATIONS.find((candidate) => candidate.tool === tool && candidate.action === action)
  if (!operation) throw new RangeError(`no operation ${tool} ${action}`)
  const ctx = app.context({ agentId, workspace }, { isTold: true, ...(signal && { signal }) })
  const result = await runOperation(app.pipeline, ctx, operation, args)
  const shown = JSON.parse(JSON.stringify(result)) as Record<string, unknown>
  // The pipeline may add it to the result of any call.
  const { secrets_masked: _masked, notices: _notices, hint, ...own } = shown
  operation.output.parse(operation.action === 'current' ? { ...own, hint } : own)
  return shown
}
