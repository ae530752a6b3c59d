import { AppError } from '../../../domain/errors.ts'
import type { Operation } from '../../../operations/define.ts'
import { HttpProblem } from '../problems.ts'

/**
 * The versions that an If-Match header lets pass, where the operation can hold itself to one. `*` is any that there is, as without
 * the header. A weak tag, and one that was never answered, is that of no version.
 */
export function versionsOf(
  header: string | undefined,
  { input }: Operation,
): readonly [number, ...number[]] | undefined {
  if (header === undefined) return undefined
  if (!('base_version' in input.shape))
    throw new HttpProblem(400, 'INVALID_PARAMETER', 'If-Match: this call changes nothing that has a version.')
  if (header.trim() === '*') return undefined
  if (!TAGS.test(header))
    throw new HttpProblem(
      400,
      'INVALID_PARAMETER',
      'If-Match: expected an ETag as it was answered, e.g. "3".',
    )
  const strong = [...header.matchAll(TAG)].map(([, weak, tag = '']) => (weak ? '' : tag))
  const [first, ...others] = strong.filter((tag) => /^[1-9]\d{0,14}$/.test(tag)).map(Number)
  if (first !== undefined) return [first, ...others]
  throw new HttpProblem(412, 'CONFLICT', 'If-Match: no version has such an ETag.', {
    suggestion: 'Send the ETag as it was answered, e.g. "3", or the version as base_version.',
  })
}

const TAG = /(W\/)?"([^"]*)"/g
const TAGS = /^\s*(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*\s*$/

type Args = Readonly<Record<string, unknown>>

/** Runs the call on the version that it finds, where that is one of these. */
export async function onOneOf<T>(
  [first, ...others]: readonly [number, ...number[]],
  run: (version: number) => Promise<T>,
): Promise<T> {
  try {
    return await run(first)
  } catch (error) {
    const found = error instanceof AppError && error.errorName === 'CONFLICT' && error.details
    const current = found ? others.find((version) => version === found['current_version']) : undefined
    if (current === undefined) throw asUnmet(error)
    return await run(current).catch((late: unknown) => {
      throw asUnmet(late)
    })
  }
}

/** The arguments with that version. */
export function withVersion(args: Args, version: number): Args {
  const given = args['base_version'] ?? args['baseVersion']
  if (given !== undefined && Number(given) !== version)
    throw new HttpProblem(400, 'INVALID_PARAMETER', 'base_version is another version than If-Match names.')
  const { baseVersion: _spelling, ...rest } = args
  return { ...rest, base_version: version }
}

/** HTTP has a status of its own for a change that did not find the version it was made on. */
function asUnmet(error: unknown): unknown {
  if (!(error instanceof AppError) || error.errorName !== 'CONFLICT') return error
  const { message, details = {}, suggestion } = error
  return new HttpProblem(412, 'CONFLICT', message, { details, suggestion })
}

/** A change that is to be made only where something holds would be made anyway, were these passed over. */
export function refuseOtherConditions(header: (name: string) => string | undefined): void {
  const given = Object.entries(INSTEAD).find(([name]) => header(name) !== undefined)
  if (given === undefined) return
  const [name, suggestion] = given
  throw new HttpProblem(400, 'INVALID_PARAMETER', `${name}: a call that writes does not take it.`, {
    suggestion,
  })
}

/** The conditions of HTTP that a write has no counterpart for, and what it has. */
const INSTEAD = {
  'If-None-Match':
    'Add without upsert makes only what is not there yet; If-Match changes only the version that it names.',
  'If-Unmodified-Since': 'If-Match with the ETag changes only the version that it names.',
}
