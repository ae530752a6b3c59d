import { AppError } from '../domain/errors.ts'
import { nearest } from '../domain/nearest.ts'
import type { Operation } from './define.ts'

/** The one of a tool's actions that a call asks for. A tool without actions needs no word for it. */
export function findAction(tool: string, actions: readonly Operation[], action: unknown): Operation {
  const only = actions.find((operation) => operation.action === null)
  if (only) return only
  const found = actions.find((operation) => operation.action === action)
  if (found) return found
  const known = actions.flatMap((operation) => operation.action ?? [])
  const list = `${tool} has ${known.join(', ')}.`
  const details = { argument: 'action', known }
  if (action === undefined) throw new AppError('MISSING_FIELD', `action: which one? ${list}`, { details })
  if (typeof action !== 'string')
    throw new AppError('INVALID_ACTION', `action: expected a text. ${list}`, { details })
  const near = nearest(action, known)
  const shown = action.slice(0, 64)
  throw new AppError(
    'INVALID_ACTION',
    `There is no action '${shown}'.${near ? ` Did you mean '${near}'?` : ''} ${list}`,
    {
      details: { ...details, ...(near && { nearest: near }) },
    },
  )
}
