import type { z } from 'zod'
import { AppError, type ErrorName } from '../domain/errors.ts'
import { newId } from '../domain/ids.ts'
import { nearest } from '../domain/nearest.ts'
import { idText } from '../domain/text.ts'
import type { Admit } from '../services/running/admission.ts'
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

const agentIdSchema = idText

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
    const parsed = parseInput(operation, raw)
    const { agent_id, ...rest } = parsed
    if (typeof agent_id === 'string') agentId = agent_id
    if (!operation.isUnlimited) await pipeline.admit?.(agentId)
    const input = 'agent_id' in operation.input.shape ? parsed : rest
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

/** The operation's arguments, strictly checked; camelCase spellings of known ones mean the same. */
function parseInput(operation: Operation, raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = new Set([...Object.keys(operation.input.shape), 'agent_id'])
  const given: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined) continue
    const name = known.has(key) ? key : toSnakeCase(key)
    if (!known.has(name)) throw unknownParameter(key, known)
    if (name in given) throw new AppError('INVALID_PARAMETER', `${name} is given twice, in two spellings.`)
    given[name] = value
  }
  const { agent_id, ...own } = given
  if (agent_id !== undefined && !agentIdSchema.safeParse(agent_id).success) {
    throw new AppError('INVALID_PARAMETER', 'agent_id: expected a text of 1 to 256 characters.')
  }
  const parsed = operation.input.safeParse(own)
  if (!parsed.success) throw inputError(parsed.error, own)
  return { ...parsed.data, ...(agent_id === undefined ? {} : { agent_id }) }
}

function toSnakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

function unknownParameter(key: string, known: ReadonlySet<string>): AppError {
  const names = [...known].sort()
  const near = nearest(toSnakeCase(key), names)
  const shown = key.slice(0, 64)
  return new AppError(
    'UNKNOWN_PARAMETER',
    `Unknown argument '${shown}'.${near ? ` Did you mean '${near}'?` : ''}`,
    {
      details: { argument: shown, known: names },
    },
  )
}

function inputError(error: z.ZodError, given: Readonly<Record<string, unknown>>): AppError {
  const issue = error.issues[0]
  if (!issue) return new AppError('INVALID_PARAMETER', 'The arguments do not fit.')
  const path = issue.path.map(String).join('.')
  const details = { argument: path, problems: error.issues.slice(0, 20).map(describe) }
  const name = errorNameOf(issue, given)
  const message = name === 'MISSING_FIELD' ? missing(issue) : describe(issue)
  return new AppError(name, message, { details })
}

function errorNameOf(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): ErrorName {
  if (issue.code === 'custom' && typeof issue.params?.['error'] === 'string')
    return issue.params['error'] as ErrorName
  if (isMissing(issue, given)) return 'MISSING_FIELD'
  if (issue.code === 'unrecognized_keys') return 'UNKNOWN_PARAMETER'
  const field = issue.path[0]
  if (field === 'scope_type') return 'INVALID_SCOPE'
  if (issue.code === 'too_big' && (issue.origin === 'string' || issue.origin === 'array')) return 'TOO_LARGE'
  if (field === 'file_path' || field === 'file_paths') return 'INVALID_FILE_PATH'
  return 'INVALID_PARAMETER'
}

function isMissing(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): boolean {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_value' && issue.code !== 'invalid_union')
    return false
  let value: unknown = given
  for (const key of issue.path) {
    if (typeof value !== 'object' || value === null) return false
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value === undefined
}

function missing(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.')
  const kind = issue.code === 'invalid_type' ? ` It takes a value of type ${issue.expected}.` : ''
  return `The argument ${path} is missing.${kind}`
}

function describe(issue: z.core.$ZodIssue): string {
  const path = issue.path.map(String).join('.')
  const message = issue.message.replace(/^Invalid (?:input|option): /, '')
  return path ? `${path}: ${message}.` : `${message}.`
}
