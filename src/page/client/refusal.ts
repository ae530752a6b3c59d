/** A request that was refused, in the words of the server. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly suggestion: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(
    status: number,
    {
      code = '',
      message = `The server answered ${status}.`,
      suggestion = '',
      details = {},
    }: {
      code?: string
      message?: string
      suggestion?: string
      details?: Readonly<Record<string, unknown>>
    } = {},
  ) {
    super(message)
    this.status = status
    this.code = code
    this.suggestion = suggestion
    this.details = details
  }
}

/** Of these the suggestion says how an agent calls again. */
const FOR_AGENTS: ReadonlySet<string> = new Set(['E1000', 'E1004', 'E1005', 'E2000', 'E2001', 'E6000'])

/** What went wrong, for people. */
export function wordsOf(error: unknown): string {
  if (error instanceof Refusal) {
    const { message, code, suggestion } = error
    return suggestion === '' || FOR_AGENTS.has(code) ? message : `${message} ${suggestion}`
  }
  return 'The server did not answer.'
}

/** Null where it is not there, or not for this key, which is no trouble. */
export async function orNone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return null
    throw error
  }
}
