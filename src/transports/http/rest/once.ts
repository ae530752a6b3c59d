import { createHash } from 'node:crypto'
import { AppError, ERRORS } from '../../../domain/errors.ts'
import { canonicalJson } from '../../../domain/text/canonical-json.ts'
import type { AnsweredCalls, CallAnswer, Claim, KeyedCall } from '../../../services/running/answered-calls.ts'
import { HttpProblem, problemBody, statusOf } from '../problems.ts'

type Json = Readonly<Record<string, unknown>>

/** The key that a sender gives a write, so that sending it again does it once. */
export function keyOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  // Also as the quoted text that newer drafts ask for.
  const key = header.trim().replace(/^"(.*)"$/, '$1')
  if (/^[\x21-\x7e]{1,255}$/.test(key)) return key
  throw new HttpProblem(
    400,
    'INVALID_PARAMETER',
    'Idempotency-Key: expected 1 to 255 visible ASCII characters without blanks, e.g. a UUID.',
  )
}

export function notKept(): HttpProblem {
  return new HttpProblem(
    400,
    'INVALID_PARAMETER',
    'Idempotency-Key: the answer to this call is kept nowhere.',
    {
      suggestion: 'Send it without; list shows whether an earlier try was done.',
    },
  )
}

export function requestHash(parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex')
}

/** Runs a write that has a key, or answers what it was answered before. A refusal that a later try may not meet is not kept. */
export async function once(
  calls: AnsweredCalls,
  call: KeyedCall,
  run: () => Promise<Json>,
): Promise<CallAnswer & { readonly isReplayed: boolean }> {
  const found = await calls.claim(call)
  if (found.kind === 'answered') return { ...found.answer, isReplayed: true }
  if (found.kind !== 'first') throw inTheWay(found.kind)
  const { claim } = found
  const { passing, ...answer } = await outcome(() => calls.run(claim, run)).catch(async (error: unknown) => {
    await calls.giveUp(claim).catch(() => {})
    throw error
  })
  // What has been done is answered, whether that could be noted or not.
  await (passing ? calls.release(claim) : calls.answer(claim, answer)).catch(() => {})
  if (passing) throw passing
  return { ...answer, isReplayed: false }
}

/** `passing` is a refusal that a later try may not meet. */
async function outcome(run: () => Promise<Json>): Promise<CallAnswer & { readonly passing?: AppError }> {
  try {
    return { status: 200, body: JSON.stringify(await run()) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const answer = { status: statusOf(error), body: JSON.stringify(problemBody(error)) }
    return ERRORS[error.errorName].retryable ? { ...answer, passing: error } : answer
  }
}

function inTheWay(kind: Exclude<Claim['kind'], 'first' | 'answered'>): HttpProblem {
  if (kind === 'running') {
    return new HttpProblem(
      409,
      'CONFLICT',
      'The first request with this Idempotency-Key is not answered yet.',
      {
        details: { retry_after_ms: 1_000 },
        suggestion: 'Send the same request again in a moment.',
      },
    )
  }
  if (kind === 'other') {
    return new HttpProblem(422, 'INVALID_PARAMETER', 'This Idempotency-Key was given to another request.', {
      suggestion: 'Give every request a key of its own, and only the same request the same.',
    })
  }
  const what = kind === 'done' ? 'it has changed something' : 'whether it took effect is not known'
  return new HttpProblem(
    409,
    'CONFLICT',
    `The first request with this Idempotency-Key was never answered, since its server ended: ${what}.`,
    { suggestion: 'Read what it was to change; then send what is missing with a new key.' },
  )
}
