import { AppError, type ErrorName } from '../../../domain/errors.ts'

/** A command line that was not understood: exit code 2, where a refused call is 1. */
export class UsageError extends AppError {
  constructor(errorName: ErrorName, message: string, suggestion: string) {
    super(errorName, message, { suggestion })
  }
}

export function missingValue(flag: string): UsageError {
  return new UsageError('MISSING_FIELD', `${flag} needs a value.`, `Give it as ${flag}=VALUE.`)
}
