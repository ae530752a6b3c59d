import { AppError } from '../../../domain/errors.ts'

interface Position {
  readonly line: number
  readonly column: number
}

/** A file that we cannot read for sure is not touched. Its text stays out of the message. */
export function brokenFile(
  file: string,
  kind: string,
  problem: string,
  { line, column }: Position,
): AppError {
  return new AppError(
    'INVALID_PARAMETER',
    `${file} is not ${kind}: ${problem} at line ${line}, column ${column}. Nothing was changed.`,
    {
      details: { file, line, column },
      suggestion: 'Mend the file there and run the command again.',
    },
  )
}

/** The edit would have touched something that is not ours. */
export function unsafeEdit(file: string): AppError {
  return new AppError(
    'CONFLICT',
    `${file} is written in a way that cannot be changed safely. Nothing was changed.`,
    {
      details: { file },
      suggestion: 'Change the entry by hand; docs/guides/connect-clients.md shows it.',
    },
  )
}

/** Deeper than what is read for sure: programs that walk such a file end on it. */
export const MAX_NESTING = 500

export function tooDeep(file: string): AppError {
  return new AppError(
    'INVALID_PARAMETER',
    `${file} is nested more than ${MAX_NESTING} levels deep. Nothing was changed.`,
    {
      details: { file },
      suggestion: 'Make the file flatter, or move it away, and run the command again.',
    },
  )
}

/** Clients keep no history in TOML or YAML; a parser that checks every letter takes seconds for more. */
export const MAX_TEXT_CHARACTERS = 2_000_000

export function tooLong(file: string): AppError {
  return new AppError(
    'INVALID_PARAMETER',
    `${file} has more than ${MAX_TEXT_CHARACTERS} characters. Nothing was changed.`,
    {
      details: { file },
      suggestion: 'Make the file shorter, or add the entry by hand; docs/guides/connect-clients.md shows it.',
    },
  )
}
