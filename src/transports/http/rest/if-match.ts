import { AppError } from '../../../domain/errors.ts'
import type { Operation } from '../../../operations/define.ts'
import { HttpProblem } from '../problems.ts'

/**
 * The version that an If-Match header asks for, where the operation can hold itself to one. `*` is any that there is, as without
 * the header.
 */
export function versionOf(header: string | undefined, { input }: Operation): number | undefined {
  if (header === undefined) return undefined
  if (!('base_version' in input.shape))
    throw new HttpProblem(400, 'INVALID_PARAMETER', 'If-Match: this call changes nothing that has a version.')
  if (header.trim() === '*') return undefined
  const [, digits] = /^\s*"(\d{1,15})"\s*$/.exec(header) ?? []
  if (digits !== undefined) return Number(digits)
  throw new HttpProblem(400, 'INVALID_PARAMETER', 'If-Match: expected one ETag as it was answered, e.g. "3".')
}

/** The arguments with that version. */
export function withVersion(
  args: Readonly<Record<string, unknown>>,
  version: number | undefined,
): Readonly<Record<string, unknown>> {
  if (version === undefined) return args
  const given = args['base_version'] ?? args['baseVersion']
  if (given !== undefined && Number(given) !== version)
    throw new HttpProblem(400, 'INVALID_PARAMETER', 'base_version is another version than If-Match names.')
  const { baseVersion: _spelling, ...rest } = args
  return { ...rest, base_version: version }
}

/** HTTP has a status of its own for a change that did not find the version it was made on. */
export function asUnmet(error: unknown): unknown {
  if (!(error instanceof AppError) || error.errorName !== 'CONFLICT') return error
  const { message, details = {}, suggestion } = error
  return new HttpProblem(412, 'CONFLICT', message, { details, suggestion })
}
