import { AppError } from '../../domain/errors.ts'

// How a move between two databases is refused.

/** An error that is about the target says so: the settings that it names are those of the address after --to. */
export function ofTarget(error: unknown): unknown {
  if (!(error instanceof AppError)) return error
  const { errorName, message, details, suggestion, cause } = error
  const place = suggestion.includes('AGENT_MEMORY_PG_')
    ? ' Of the target, they stand in the address after --to.'
    : ''
  return new AppError(errorName, `Target: ${message}`, {
    ...(details && { details }),
    suggestion: `${suggestion}${place}`,
    cause,
  })
}

export function sameDatabase(): AppError {
  return new AppError('INVALID_PARAMETER', 'The target is the database itself.', {
    suggestion: 'Name another database after --to.',
  })
}

export function notEmpty(tables: readonly string[]): AppError {
  return new AppError(
    'ALREADY_EXISTS',
    `The target is not empty (rows in: ${tables.join(', ')}). Nothing was changed.`,
    { suggestion: 'Name an empty database, or a new file. A memory can be merged with export and import.' },
  )
}

export function ofAnother(): AppError {
  return new AppError(
    'ALREADY_EXISTS',
    'The target holds an unfinished migration of another database. Nothing was changed.',
    { suggestion: 'Finish that one first, or delete the target and make it anew.' },
  )
}

export function differs(table: string, here: number, there: number): AppError {
  return new AppError(
    'MIGRATION_ERROR',
    `Table ${table} is not the same on both sides after the move (${here} rows in the source, ${there} in the target).`,
    {
      details: { table },
      suggestion:
        'Let nothing else use the target, then run the same command again: it begins anew. The source is as it was.',
    },
  )
}

export function leasesHeld(count: number): AppError {
  const [files, them] = count === 1 ? ['1 file is', 'it'] : [`${count} files are`, 'them']
  return new AppError('FILE_LOCKED', `${files} locked; locks are not moved. Nothing was changed.`, {
    details: { held: count },
    suggestion: `Check ${them} in or let the locks run out (agent-memory lock list shows them), close the clients, then run the same command again.`,
  })
}

export function changedMeanwhile(count: number): AppError {
  const changes = count === 1 ? '1 change was' : `${count} changes were`
  return new AppError('CONFLICT', `${changes} made in the source during the move, so it is not finished.`, {
    details: { changes: count },
    suggestion: 'Close the clients that use the source, then run the same command again.',
  })
}
