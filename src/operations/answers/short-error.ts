import { AppError } from '../../domain/errors.ts'
import { BYTES_PER_TOKEN, jsonBytes } from '../../domain/text/tokens.ts'
import { withinBytes } from './shorten.ts'

/** The error with its details cut to the ceiling: those of a conflict hold both sides' texts. */
export function shortError(error: AppError, ceiling = Infinity): AppError {
  const { errorName, message, details = {}, suggestion, cause } = error
  const bytes = ceiling * BYTES_PER_TOKEN - jsonBytes({ ...error.toBody().error, details: {} })
  const { value, isWhole } = withinBytes(details, bytes - SPARE_BYTES)
  if (isWhole) return error
  return new AppError(errorName, message, { details: { ...value, shortened: true }, suggestion, cause })
}

const SPARE_BYTES = 100
