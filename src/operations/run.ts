import { AppError, type ErrorName } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { Admit } from '../services/running/admission.ts'
import { readArguments } from './arguments/read.ts'
import type { Operation, OperationContext } from './define.ts'
import { openCursor, sealCursor } from './list-cursor.ts'

/** What the pipeline reports of one finished call. Never arguments or results. */
export interface CallRecord {
  readonly tool: string
  readonly action: string | null
  readonly agentId: string
  readonly durationMs: number
  readonly error?: ErrorName
  /** For INTERNAL_ERROR: what the message's id stands for. */
  readonly cause?: unknown
}

export interface Pipeline {
  /** Refuses calls that are too many; left out where nobody counts. */
  readonly admit?: Admit
  readonly record: (call: CallRecord) => void
}

/** The one way in, for every transport: parse, admit, run, record, map errors. */
export async function runOperation(
  pipeline: Pipeline,
  ctx: OperationContext,
  operation: Operation,
  raw: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const started = performance.now()
  const call = { tool: operation.tool, action: operation.action }
  let agentId = ctx.caller.agentId
  const durationMs = () => Math.round((performance.now() - started) * 1000) / 1000
  try {
    const { input, agentId: named } = await readArguments(operation, raw, Date.now())
    if (named !== undefined) agentId = named
    if (!operation.isUnlimited) await pipeline.admit?.(agentId)
    const caller = { ...ctx.caller, agentId }
    const list = { operation, caller, input }
    const result = await operation.run({ ...ctx, caller }, openCursor(list))
    pipeline.record({ ...call, agentId, durationMs: durationMs() })
    return sealCursor(list, result as Record<string, unknown>)
  } catch (error) {
    const shown = toAppError(error)
    const cause = shown.errorName === 'INTERNAL_ERROR' ? { cause: error } : {}
    pipeline.record({ ...call, agentId, durationMs: durationMs(), error: shown.errorName, ...cause })
    throw shown
  }
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const id = newId()
  return new AppError('INTERNAL_ERROR', `Something unexpected went wrong (${id}).`, {
    details: { id },
    cause: error,
  })
}
