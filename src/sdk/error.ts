/** The body of a refusal, as every way in gives it. */
export interface RefusalBody {
  readonly code?: string
  readonly name?: string
  readonly message?: string
  readonly suggestion?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/** A call that was refused. `errorName` and `code` are those of docs/reference/errors.md. */
export class AgentMemoryError extends Error {
  override readonly name = 'AgentMemoryError'
  readonly code: string
  readonly errorName: string
  /** What HTTP says of it. */
  readonly status: number
  /** What to do about it. */
  readonly suggestion: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    {
      code = '',
      name = '',
      message = `The server answered ${status}.`,
      suggestion = '',
      details = {},
    }: RefusalBody,
  ) {
    super(message)
    this.status = status
    this.code = code
    this.errorName = name
    this.suggestion = suggestion
    this.details = details
  }

  /** How long to wait before the same call can succeed, in milliseconds, where that is known. */
  get retryAfterMs(): number | undefined {
    const ms = this.details['retry_after_ms']
    return typeof ms === 'number' ? ms : undefined
  }
}
