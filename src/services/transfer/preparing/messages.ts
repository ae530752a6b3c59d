import { AppError, type ErrorName } from '../../../domain/errors.ts'
import type { SecretsMode } from '../../secrets/secret-guard.ts'
import type { Line } from '../lines.ts'

// What goes to a thread that prepares lines, and what comes back. Answers come in the order in which they were asked for.

/** Lines as one piece of memory, which changes hands without being copied. */
interface Packed {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly numbers: readonly number[]
  readonly ends: readonly number[]
}

export interface Asked extends Packed {
  readonly wants: 'kinds' | 'records'
  readonly secrets: SecretsMode
}

export type Answer =
  | { readonly made: unknown }
  | { readonly refused: { readonly name: ErrorName } & Pick<AppError, 'message' | 'details' | 'suggestion'> }
  | { readonly failed: string }

export function packed(lines: readonly Line[]): Packed {
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.bytes.length, 0))
  const ends: number[] = []
  let at = 0
  for (const line of lines) {
    bytes.set(line.bytes, at)
    at += line.bytes.length
    ends.push(at)
  }
  return { bytes, numbers: lines.map(({ number }) => number), ends }
}

export function linesIn({ bytes, numbers, ends }: Packed): Line[] {
  return numbers.map((number, place) => {
    const start = ends[place - 1] ?? 0
    return { number, bytes: Buffer.from(bytes.buffer, start, (ends[place] ?? start) - start) }
  })
}

export async function answerOf(make: () => Promise<unknown>): Promise<Answer> {
  try {
    return { made: await make() }
  } catch (error) {
    if (!(error instanceof AppError))
      return { failed: error instanceof Error ? (error.stack ?? '') : String(error) }
    const { errorName: name, message, details, suggestion } = error
    return { refused: { name, message, details, suggestion } }
  }
}

export function errorOf(answer: Exclude<Answer, { readonly made: unknown }>): AppError {
  if ('failed' in answer) return threadFailed(answer.failed)
  const { name, message, details, suggestion } = answer.refused
  return new AppError(name, message, { suggestion, ...(details && { details }) })
}

export function threadFailed(cause: unknown): AppError {
  return new AppError('INTERNAL_ERROR', 'A thread that prepares records ended. Nothing was imported.', {
    cause,
  })
}
