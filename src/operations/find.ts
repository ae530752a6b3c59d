import { AppError } from '../domain/errors.ts'
import { nearest } from '../domain/text/nearest.ts'
import { meantAction, spelledWord } from './arguments/words.ts'
import type { Operation } from './define.ts'

/** The one of a tool's actions that a call asks for. A tool without actions needs no word for it. */
export function findAction(tool: string, actions: readonly Operation[], action: unknown): Operation {
  const only = actions.find((operation) => operation.action === null)
  if (only) return only
  const known = actions.flatMap((operation) => operation.action ?? [])
  const word = typeof action === 'string' ? spelledWord(action, known) : undefined
  const found = actions.find((operation) => operation.action === word)
  if (found && word !== undefined) return found
  const list = `${tool} has ${known.join(', ')}.`
  const details = { argument: 'action', known }
  if (action === undefined || action === null || action === '')
    throw new AppError('MISSING_FIELD', `action: which one? ${list}`, { details })
  if (typeof action !== 'string')
    throw new AppError('INVALID_ACTION', `action: expected a text. ${list}`, { details })
  const near = meantAction(action, known) ?? nearest(action, known)
  const shown = action.slice(0, 64)
  throw new AppError(
    'INVALID_ACTION',
    `There is no action '${shown}'.${near ? ` Did you mean '${near}'?` : ''} ${list}`,
    {
      details: { ...details, ...(near && { nearest: near }) },
    },
  )
}

/** What a guessed name of a tool means: one of `tools`, or an action of one, as `memory_query search`. */
export function meantTool(
  name: string,
  tools: ReadonlyMap<string, readonly Operation[]>,
): string | undefined {
  const word = name.replace(/^(agent[_-]?)?memory[_-]?/i, '')
  const tool = spelledWord(`memory_${word}`, [...tools.keys()])
  if (tool !== undefined) return tool
  for (const [owner, operations] of tools) {
    const actions = operations.flatMap(({ action }) => action ?? [])
    const action = spelledWord(word, actions) ?? meantAction(word, actions)
    if (action !== undefined) return `${owner} ${action}`
  }
  return nearest(name, tools.keys())
}
