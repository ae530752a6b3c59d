import { AppError } from '../domain/errors.ts'
import { nearest } from '../domain/text/nearest.ts'
import { actionWithin, meansUpsert, meantAction, partsOfWord, spelledWord } from './arguments/words.ts'
import type { Operation } from './define.ts'

type Catalogue = ReadonlyMap<string, readonly Operation[]>

/**
 * The one of a tool's actions that a call asks for. A tool without actions needs no word for it. `catalogue`: the tools of which one
 * may have what this one lacks.
 */
export function findAction(
  tool: string,
  actions: readonly Operation[],
  action: unknown,
  catalogue: Catalogue = new Map(),
): Operation {
  const only = actions.find((operation) => operation.action === null)
  if (only) return only
  const known = namesOf(actions)
  const word = typeof action === 'string' ? spelledWord(action, known) : undefined
  const found = actions.find((operation) => operation.action === word)
  if (found && word !== undefined) return found
  const list = `${tool} has ${known.join(', ')}.`
  const details = { argument: 'action', known }
  if (action === undefined || action === null || action === '')
    throw new AppError('MISSING_FIELD', `action: which one? ${list}`, { details })
  if (typeof action !== 'string')
    throw new AppError('INVALID_ACTION', `action: expected a text. ${list}`, { details })
  const { near, hint } = meantBy(action, known, catalogue)
  throw new AppError('INVALID_ACTION', `There is no action '${action.slice(0, 64)}'.${hint} ${list}`, {
    details: { ...details, ...(near && { nearest: near }) },
  })
}

/** What an unknown action may mean: one of the tool's own, else one of another tool. */
function meantBy(
  action: string,
  known: readonly string[],
  catalogue: Catalogue,
): { near?: string | undefined; hint: string } {
  const own = meantAction(action, known)
  const elsewhere = own === undefined ? ownersOf(catalogue, (actions) => spelledWord(action, actions)) : []
  if (elsewhere.length > 0) return { hint: didYouMean(elsewhere) }
  const near = own ?? nearest(action, known) ?? actionWithin(action, known)
  if (near !== undefined) return { near, hint: ` Did you mean '${near}'${withUpsert(action, near)}?` }
  const meant = ownersOf(
    catalogue,
    (actions) => meantAction(action, actions) ?? actionWithin(action, actions),
  )
  return { hint: didYouMean(meant) }
}

function withUpsert(given: string, meant: string): string {
  return meansUpsert(given) && meant.endsWith('add') ? ' with upsert: true' : ''
}

/** So many say which tool is meant; more say nothing. */
const MOST_OWNERS = 3

/** The tools that have the action that is meant, each as it is called: `memory_query search`. */
function ownersOf(catalogue: Catalogue, meant: (actions: readonly string[]) => string | undefined): string[] {
  return [...catalogue].flatMap(([tool, operations]) => {
    const action = meant(namesOf(operations))
    return action === undefined ? [] : [`${tool} ${action}`]
  })
}

function didYouMean(owners: readonly string[]): string {
  if (owners.length === 0 || owners.length > MOST_OWNERS) return ''
  return ` Did you mean ${owners.map((owner) => `'${owner}'`).join(' or ')}?`
}

function namesOf(operations: readonly Operation[]): string[] {
  return operations.flatMap(({ action }) => action ?? [])
}

/** What a guessed name of a tool means: one of `tools`, or an action of one, as `memory_query search`. */
export function meantTool(name: string, tools: Catalogue): string | undefined {
  // Clients put the server's name in front, models of other clients too: mcp__agent-memory__memory_query.
  const bare = name.slice(0, 128).replace(/^.*(?:__|[:./])(?=\w)/, '')
  const word = bare.replace(/^(agent[_-]?)?memory[_-]?/i, '')
  const named = toolNamed([word], tools)
  if (named !== undefined) return named
  const within = toolNamed(partsOfWord(word), tools)
  const asked = within === undefined ? factsFirst(tools) : new Map([[within, tools.get(within) ?? []]])
  const [owner] = [
    ...ownersOf(asked, (actions) => spelledWord(word, actions) ?? meantAction(word, actions)),
    ...ownersOf(asked, (actions) => actionWithin(word, actions)),
  ]
  return owner ?? within ?? nearest(bare, tools.keys())
}

function toolNamed(words: readonly string[], tools: Catalogue): string | undefined {
  const names = [...tools.keys()]
  return words.map((word) => spelledWord(`memory_${word}`, names)).find((name) => name !== undefined)
}

/** What is to be kept without a word of what it is, is knowledge. */
function factsFirst(tools: Catalogue): Catalogue {
  const isFacts = ([name]: readonly [string, unknown]) => name === 'memory_knowledge'
  return new Map([...tools].sort((a, b) => Number(isFacts(b)) - Number(isFacts(a))))
}
