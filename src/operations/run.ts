import type { z } from 'zod'
import { AppError, type ErrorName } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import type { Notice } from '../services/agents/notices.ts'
import type { Admit } from '../services/running/admission.ts'
import type { Caller } from '../services/running/caller.ts'
import { BECAME_GLOBAL } from '../services/scopes/hints.ts'
import type { SecretGuard, SecretPlace } from '../services/secrets/secret-guard.ts'
import { capped, withinCeiling } from './answers/ceiling.ts'
import type { Less } from './answers/fit.ts'
import { shortError } from './answers/short-error.ts'
import { readArguments } from './arguments/read.ts'
import { authorized, type Enforcement } from './authorize.ts'
import type { AnswerOf, Operation, OperationContext } from './define.ts'
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
  /** Epoch milliseconds by the clock that entries are stamped by: times from now are read by it. */
  readonly now: () => number
  /** Refuses calls that are too many; left out where calls are not counted. */
  readonly admit?: Admit
  /** Which calls are checked against grants. */
  readonly permissions: Enforcement
  /** Keeps likely secrets out of what a call stores. */
  readonly secrets: SecretGuard
  /** Tokens of the largest answer; left out where everything may be asked for. */
  readonly answerTokens?: number
  readonly record: (call: CallRecord) => void
}

interface Asked {
  readonly ctx: OperationContext
  readonly operation: Operation
  readonly caller: Caller
  readonly input: Record<string, unknown>
}

/** The one way in, for every transport: parse, admit, ask whether the caller may, run, record, map errors. */
export async function runOperation<O extends z.ZodType>(
  pipeline: Pipeline,
  ctx: OperationContext,
  operation: Operation<z.ZodObject, O>,
  raw: Readonly<Record<string, unknown>>,
): Promise<AnswerOf<O>> {
  const started = performance.now()
  const call = { tool: operation.tool, action: operation.action }
  let agentId = ctx.caller.agentId
  const durationMs = () => Math.round((performance.now() - started) * 1000) / 1000
  try {
    const { input, agentId: named } = await readArguments(operation, raw, pipeline.now())
    if (named !== undefined && !ctx.caller.isAuthenticated) agentId = await withoutSecret(pipeline, named)
    if (!operation.isUnlimited) await pipeline.admit?.(agentId)
    const mode = pipeline.permissions
    const caller = await authorized(ctx, operation, { caller: { ...ctx.caller, agentId }, input, mode })
    await noteArrival(ctx, operation, caller)
    const { stored, masked } = await withoutSecrets(pipeline, operation, input)
    if (!operation.hints.readOnly && 'scope_type' in operation.input.shape)
      await ctx.scopes.askRepository(caller)
    const asked = { ctx, operation, caller, input: capped(stored, pipeline.answerTokens) }
    let notice: Notice | undefined
    const answer = await fitted(pipeline, asked, async (less) => {
      const list = { ...asked, input: { ...asked.input, ...less } }
      const result = await operation.run({ ...ctx, caller }, openCursor(list))
      // Read after the call: a file that the call gave back is no longer wanted by a waiter.
      if (ctx.isTold && !operation.isUnlimited) notice ??= await ctx.notices.peek(caller)
      return {
        ...sealCursor(list, result as Record<string, unknown>),
        ...masked,
        ...becameGlobal(list, result),
        ...(await readNothing(list, result)),
        ...(notice && { notices: notice.texts }),
      }
    })
    pipeline.record({ ...call, agentId, durationMs: durationMs() })
    // Fitting shortens texts and lists, and leaves out what may be left out: the form stays the output's, as the tests check.
    return (notice ? await onceTold(notice, answer) : answer) as AnswerOf<O>
  } catch (error) {
    const shown = shortError(toAppError(error), pipeline.answerTokens)
    const cause = shown.errorName === 'INTERNAL_ERROR' ? { cause: error } : {}
    pipeline.record({ ...call, agentId, durationMs: durationMs(), error: shown.errorName, ...cause })
    ctx.refusals.callRefused(agentId, { ...call, error: shown })
    throw shown
  }
}

/** The answer with its notices, unless another instance has passed them on meanwhile. */
async function onceTold(notice: Notice, answer: Record<string, unknown>): Promise<Record<string, unknown>> {
  if (await notice.claim()) return answer
  const { notices: _told, ...rest } = answer
  return rest
}

/** An agent that writes is at work, and so is a caller that stays connected, whatever it asks for. */
async function noteArrival(
  { arrivals }: OperationContext,
  { hints, isUnlimited }: Operation,
  caller: Caller,
) {
  const isAtWork = !hints.readOnly || caller.stays || caller.isAuthenticated
  if (isAtWork && !isUnlimited) await arrivals.note(caller)
}

/** The answer within the ceiling. A page or a context that is too long for it is read again, for less. */
function fitted(
  { answerTokens: ceiling }: Pipeline,
  { ctx, operation, caller, input }: Asked,
  run: (less: Partial<Less>) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const mayRepeat = operation.hints.readOnly && ('limit' in input || 'format' in input)
  const again = mayRepeat ? run : undefined
  const scopeNames = (ids: readonly string[]) => ctx.scopes.namesOf(caller, ids)
  return run({}).then((answer) => withinCeiling(answer, { input, ceiling, scopeNames, again }))
}

/** The input of a call that writes, as it may be stored, and what its result says of that. Texts that are asked for are let be. */
async function withoutSecrets(
  { secrets }: Pipeline,
  { hints }: Operation,
  input: Record<string, unknown>,
): Promise<{ stored: Record<string, unknown>; masked: { secrets_masked?: readonly SecretPlace[] } }> {
  if (hints.readOnly) return { stored: input, masked: {} }
  const { value, masked } = await secrets.admit(input)
  return { stored: value, masked: masked.length > 0 ? { secrets_masked: masked } : {} }
}

/** A name stands in logs, events and locks, so a call that only reads gives none that is a secret either. */
async function withoutSecret({ secrets }: Pipeline, agentId: string): Promise<string> {
  const { value } = await secrets.admit({ agent_id: agentId })
  return value.agent_id
}

/**
 * A write that named no scope, on a server without a project: the answer says so, because every project reads
 * the entry from now on.
 */
function becameGlobal(
  { operation, caller: { workspace }, input }: Omit<Asked, 'ctx'>,
  result: unknown,
): { hint?: string } {
  if (operation.hints.readOnly || !workspace?.isOutside || input['scope_type'] !== undefined) return {}
  const isGlobal =
    typeof result === 'object' && result !== null && 'scope_type' in result && result.scope_type === 'global'
  return isGlobal && input['id'] === undefined ? { hint: BECAME_GLOBAL } : {}
}

/**
 * A read from a project that is not there: a slip in its name, or a folder that was moved, looks like an empty memory, and the
 * answer says what may be meant.
 */
async function readNothing({ ctx, operation, caller }: Asked, result: unknown): Promise<{ hint?: string }> {
  if (!operation.hints.readOnly || typeof result !== 'object' || result === null) return {}
  if (!('scope_type' in result && 'scope_id' in result)) return {}
  if (result.scope_type !== 'project' || result.scope_id !== null) return {}
  const hint = await ctx.scopes.unmadeHint(caller)
  return hint === undefined ? {} : { hint }
}

function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const id = newId()
  return new AppError('INTERNAL_ERROR', `Something unexpected went wrong (${id}).`, {
    details: { id },
    cause: error,
  })
}
