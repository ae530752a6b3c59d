import { AppError, type ErrorName } from '../../../domain/errors.ts'
import { nearest } from '../../../domain/text/nearest.ts'
import { meantAction } from '../../../operations/arguments/words.ts'
import { type Branch, type Command, dashed, isBranch, lineOf, nextOf } from '../command.ts'
import { type Flag, flagsOf } from './schema.ts'

/** A command line that was not understood: exit code 2, where a refused call is 1. */
export class UsageError extends AppError {
  constructor(errorName: ErrorName, message: string, suggestion: string) {
    super(errorName, message, { suggestion })
  }
}

export function seeHelp(place: Pick<Command, 'words'>): string {
  return `See ${lineOf(place)} --help.`
}

export function unknownWord(word: string, branch: Branch): UsageError {
  const { words, next } = branch
  const near = meantWord(word, branch) ?? nearest(word, next.keys())
  const shown = isPlain(word) ? ` '${word}'` : ' of that name'
  const message =
    words.length === 0 ? `There is no command${shown}.` : `${lineOf(branch)} has no action${shown}.`
  const names = nextOf(branch).map(([name]) => name)
  const hint = words.length === 0 ? seeHelp(branch) : `There are: ${names.join(', ')}.`
  return new UsageError('INVALID_ACTION', message, `${near ? `Did you mean '${near}'? ` : ''}${hint}`)
}

/** What another word for an action means here, or after the word of a tool: of save, 'knowledge add'. */
function meantWord(word: string, { next }: Branch): string | undefined {
  const own = actionFor(word, [...next.keys()])
  if (own !== undefined) return own
  const tools = [...next].flatMap(([name, place]) =>
    isBranch(place) && !place.isOwn ? [{ name, place }] : [],
  )
  // Facts first: what is to be kept without a word of what it is.
  const facts = tools.filter(({ name }) => name === 'knowledge')
  for (const { name, place } of [...facts, ...tools]) {
    const action = place.next.has(word) ? word : actionFor(word, [...place.next.keys()])
    if (action !== undefined) return `${name} ${action}`
  }
  return undefined
}

function actionFor(word: string, names: readonly string[]): string | undefined {
  const action = meantAction(
    word,
    names.map((name) => name.replaceAll('-', '_')),
  )
  return action && dashed(action)
}

export function missingAction(branch: Branch): UsageError {
  return new UsageError('INVALID_ACTION', `${lineOf(branch)} needs an action.`, seeHelp(branch))
}

/** An unknown option, with the nearest known one. What is no name is not repeated: it may be a secret. */
export function unknownFlag(
  arg: string,
  known: readonly string[],
  place: Pick<Command, 'words'>,
): UsageError {
  const [typed = arg] = arg.split('=')
  const name = typed.replace(/^-+/, '').toLowerCase()
  const positive = name.replace(/^no-/, '')
  const near = known.includes(positive) ? positive : nearest(name, known)
  const shown =
    (near && isPlain(typed)) || /^-[a-z?]$|^--[a-z][\w-]{0,62}$/i.test(typed)
      ? typed
      : `${typed.slice(0, 2)}…`
  const hint = `${near === undefined ? '' : `Did you mean --${near}? `}${seeHelp(place)}`
  return new UsageError('UNKNOWN_PARAMETER', `Unknown option ${shown}.`, hint)
}

export function missingValue({ name }: Flag): UsageError {
  return new UsageError('MISSING_FIELD', `--${name} needs a value.`, `Give it as --${name}=VALUE.`)
}

export function takesNoValue(name: string): UsageError {
  const hint = `Use --${name.replace(/^no-/, '')} or --${name}.`
  return new UsageError('INVALID_PARAMETER', `--${name} takes no value.`, hint)
}

export function givenTwice({ name }: Flag): UsageError {
  return new UsageError('INVALID_PARAMETER', `--${name} is given twice.`, 'Give it once.')
}

export function tooManyWords(word: string, command: Command): UsageError {
  const isShown = isPlain(word) && !flagsOf(command.input).some(({ schema }) => schema.isSecret)
  const quotes = command.readsStdin ? 'Put quotes around a text of several words. ' : ''
  return new UsageError(
    'INVALID_PARAMETER',
    `${isShown ? `'${word}'` : 'The last'} is one word too many.`,
    `${quotes}${seeHelp(command)}`,
  )
}

/** Addresses and KEY=VALUE may hold a password. */
function isPlain(word: string): boolean {
  return word.length <= 64 && !/[:=@]/.test(word)
}
