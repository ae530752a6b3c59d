import { z } from 'zod'
import { LEASE_LIMITS, type Lease, lockOf, lockSchema } from '../../domain/leases/lease.ts'

export const filePath = z.string().min(1).describe('Absolute, or relative to the project root')

/** One file or several; `oneOrSeveral` checks that it is one of the two. */
export const pathArguments = {
  file_path: filePath.optional(),
  file_paths: z
    .array(filePath)
    .min(1)
    .max(LEASE_LIMITS.paths)
    .optional()
    .describe('Instead of file_path: several, all or none'),
}

export const ttlArguments = {
  ttl_ms: z
    .int()
    .min(LEASE_LIMITS.minTtlMs)
    .max(LEASE_LIMITS.maxTtlMs)
    .optional()
    .describe('How long the lock lasts'),
  expires_in: z
    .number()
    .min(LEASE_LIMITS.minTtlMs / 1000)
    .max(LEASE_LIMITS.maxTtlMs / 1000)
    .optional()
    .describe('The same in seconds'),
}

export const fencingToken = z.int().min(1)

interface Paths {
  readonly file_path?: string | undefined
  readonly file_paths?: readonly string[] | undefined
}

interface Ttl {
  readonly ttl_ms?: number | undefined
  readonly expires_in?: number | undefined
}

type Refinement<T> = z.core.$RefinementCtx<T>

export function oneOrSeveral(input: Paths, check: Refinement<Paths>): void {
  const { file_path, file_paths } = input
  if (file_path !== undefined && file_paths !== undefined) {
    check.addIssue(problem('INVALID_PARAMETER', 'file_paths', 'give it or file_path, not both'))
  }
  if (file_path === undefined && file_paths === undefined) {
    check.addIssue(problem('MISSING_FIELD', 'file_path', 'which file? (file_paths for several)'))
  }
}

export function oneTtl(input: Ttl, check: Refinement<Ttl>): void {
  if (input.ttl_ms === undefined || input.expires_in === undefined) return
  check.addIssue(problem('INVALID_PARAMETER', 'expires_in', 'give it or ttl_ms, not both'))
}

/** A token names one lock. */
export function tokenForOne(
  input: Paths & { fencing_token?: number | undefined },
  check: Refinement<Paths>,
): void {
  if (input.fencing_token === undefined || input.file_paths === undefined) return
  check.addIssue(problem('INVALID_PARAMETER', 'fencing_token', 'goes with file_path only'))
}

export function pathsOf({ file_path, file_paths = [] }: Paths): readonly string[] {
  return file_path === undefined ? file_paths : [file_path]
}

export function ttlOf({ ttl_ms, expires_in }: Ttl): number | undefined {
  return expires_in === undefined ? ttl_ms : Math.round(expires_in * 1000)
}

export const heldLock = z.strictObject({
  locked: z.literal(true),
  ...lockSchema.omit({ acquired_at: true, purpose: true }).shape,
})

export const heldLocks = z.union([heldLock, z.strictObject({ locks: z.array(heldLock) })])

/** One lock at the top level for `file_path`, a list for `file_paths`. */
export function answerFor<T>(
  input: Paths,
  leases: readonly Lease[],
  show: (lease: Lease) => T,
): T | { locks: T[] } {
  const [first] = leases
  return input.file_paths === undefined && first ? show(first) : { locks: leases.map(show) }
}

export function showHeld(lease: Lease): z.output<typeof heldLock> {
  const { acquired_at: _acquired, purpose: _purpose, ...lock } = lockOf(lease)
  return { locked: true, ...lock }
}

function problem(error: 'MISSING_FIELD' | 'INVALID_PARAMETER', field: string, message: string) {
  return { code: 'custom' as const, message, path: [field], params: { error } }
}
