import { STATUS_CODES } from 'node:http'
import { AppError, ERRORS, type ErrorName } from '../../domain/errors.ts'

/** A refusal that HTTP has a status of its own for, beside that of its code. */
export class HttpProblem extends AppError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    errorName: ErrorName,
    message: string,
    { headers = {}, ...options }: ConstructorParameters<typeof AppError>[2] & Headers = {},
  ) {
    super(errorName, message, options)
    this.status = status
    this.headers = headers
  }
}

interface Headers {
  readonly headers?: Readonly<Record<string, string>>
}

/** What a refused request is answered: RFC 9457, with the body that every other way in gives beside it. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
}

export function statusOf(error: AppError): number {
  return error instanceof HttpProblem ? error.status : ERRORS[error.errorName].http
}

export function problemBody(error: AppError): ProblemBody & ReturnType<AppError['toBody']> {
  const status = statusOf(error)
  const { code, message } = error
  return {
    type: `urn:agent-memory:error:${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    ...error.toBody(),
  }
}

export function problemResponse(error: AppError): Response {
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    ...retryAfter(error),
    ...(error instanceof HttpProblem ? error.headers : {}),
  }
  return new Response(JSON.stringify(problemBody(error)), { status: statusOf(error), headers })
}

/** In whole seconds: when to come again where that is known, soon where something is away. */
function retryAfter(error: AppError): Record<string, string> {
  const ms = error.details?.['retry_after_ms'] ?? (statusOf(error) === 503 ? SOON_MS : undefined)
  return typeof ms === 'number' ? { 'retry-after': String(Math.max(1, Math.ceil(ms / 1_000))) } : {}
}

const SOON_MS = 1_000
