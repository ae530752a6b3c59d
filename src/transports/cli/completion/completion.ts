import { GLOBAL_FLAGS } from '../arguments/globals.ts'
import { choicesOf, type Flag, flagsOf, isBoolean, isOnOff } from '../arguments/schema.ts'
import { type Branch, type Command, dashed, isBranch, nextOf } from '../command.ts'

export const SHELLS = ['bash', 'zsh', 'fish'] as const

/** What can follow some words of a command line. */
export interface Completion {
  /** The words before: none, a command, or a tool and its action. */
  readonly path: readonly string[]
  /** Words for the next place. */
  readonly words: readonly string[]
  /** Options with their dashes, and the choices of those that have any. */
  readonly flags: ReadonlyMap<string, Choices>
  /** Whether more words may follow, so that all of this holds for the places after the next too. */
  readonly goesOn: boolean
}

/** The words that a value is one of; null where the option takes no value, and none where it takes any. */
type Choices = readonly string[] | null

/** Everything that can be completed from there on. */
export function completions(place: Branch | Command, path: readonly string[] = []): readonly Completion[] {
  if (!isBranch(place)) return [{ path, ...ofCommand(place) }]
  const below = nextOf(place)
  const words = below.map(([name]) => name)
  const flags = new Map(GLOBAL_FLAGS.map(toChoices))
  return [
    ...below.flatMap(([name, next]) => completions(next, [...path, name])),
    { path, words, flags, goesOn: false },
  ]
}

function ofCommand({ input, positional: [first = ''] }: Command): Omit<Completion, 'path'> {
  const flags = flagsOf(input)
  const positional = flags.find(({ name }) => name === dashed(first))
  return {
    words: positional ? choicesOf(positional.schema) : [],
    flags: new Map([...GLOBAL_FLAGS, ...flags].map(toChoices)),
    goesOn: true,
  }
}

function toChoices({ name, schema }: Flag): readonly [string, Choices] {
  if (!isBoolean(schema)) return [`--${name}`, choicesOf(schema)]
  return [`--${isOnOff(schema) ? 'no-' : ''}${name}`, null]
}
