import { AppError, type ErrorName } from '../../src/domain/errors.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import type { Instance } from '../../src/operations/instance.ts'
import { runOperation } from '../../src/operations/run.ts'
import { microseconds } from '../history.ts'

export type Arguments = Readonly<Record<string, unknown>>

/** One call through the pipeline, as a transport makes it, and when it was sent. */
export type Called<R> =
  | { readonly sent: number; readonly result: R }
  | { readonly sent: number; readonly error: ErrorName; readonly said?: string }

export type Call = <R>(agentId: string, name: string, args: Arguments) => Promise<Called<R>>

/** Calls operations by `tool action`. */
export function callsOf(app: Instance): Call {
  const operations = new Map(OPERATIONS.map((one) => [`${one.tool} ${one.action}`, one]))
  return async <R>(agentId: string, name: string, args: Arguments): Promise<Called<R>> => {
    const operation = operations.get(name)
    if (!operation) throw new RangeError(`no operation ${name}`)
    const ctx = app.context({ agentId, workspace: null })
    const sent = microseconds()
    try {
      // The caller states the shape; the operation's own schema is checked by the product's tests.
      return { sent, result: (await runOperation(app.pipeline, ctx, operation, args)) as R }
    } catch (error) {
      if (error instanceof AppError) return { sent, error: error.errorName, said: error.message }
      return { sent, error: 'INTERNAL_ERROR', said: String(error) }
    }
  }
}
