import type { Operation } from '../../../operations/define.ts'
import { GLOBAL_FLAGS } from '../arguments/globals.ts'
import { choicesOf, flagsOf, isBoolean } from '../arguments/schema.ts'
import { CLIENT_IDS } from '../setup/clients.ts'
import { SETUP_FLAGS } from '../setup/options.ts'
import { dashed, SHORTCUTS, TOOL_COMMANDS } from '../tools.ts'

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

const COMMON: readonly (readonly [string, Choices])[] = [
  ...Object.keys(GLOBAL_FLAGS).map((name) => [`--${name}`, []] as const),
  ['--help', null],
]

/** Everything that can be completed: the commands that are no tools, and what the catalogue holds. */
export function completions(commands: readonly string[]): readonly Completion[] {
  const words = [...commands, ...SHORTCUTS.keys(), ...TOOL_COMMANDS.map(({ word }) => word)]
  const setup = SETUP_FLAGS.map((name): readonly [string, Choices] => [
    `--${name}`,
    name === 'env' ? [] : null,
  ])
  return [
    { path: [], words, flags: new Map([...COMMON, ['--version', null]]), goesOn: false },
    ...commands.map((word) => ({
      path: [word],
      words: WORDS[word] ?? [],
      flags: new Map(word === 'setup' ? setup : COMMON),
      goesOn: true,
    })),
    ...[...SHORTCUTS].map(([word, operation]) => ofOperation([word], operation)),
    ...TOOL_COMMANDS.flatMap(({ word, operations }) =>
      operations.flatMap((operation) =>
        operation.action === null ? [] : [ofOperation([word, dashed(operation.action)], operation)],
      ),
    ),
    ...TOOL_COMMANDS.map(({ word, operations }) => ofTool(word, operations)),
  ]
}

const WORDS: Readonly<Record<string, readonly string[]>> = { setup: CLIENT_IDS, completion: SHELLS }

function ofTool(word: string, operations: readonly Operation[]): Completion {
  const [only] = operations
  if (only?.action === null) return ofOperation([word], only)
  const actions = operations.map(({ action }) => dashed(action ?? ''))
  return { path: [word], words: actions, flags: new Map([['--help', null]]), goesOn: false }
}

function ofOperation(path: readonly string[], operation: Operation): Completion {
  const flags = flagsOf(operation)
  const [first] = operation.positional ?? []
  const positional = flags.find((flag) => flag.path.length === 1 && flag.path[0] === first)
  const own = flags.map((flag): readonly [string, Choices] => {
    const name = isBoolean(flag.schema) && flag.schema.default === true ? `no-${flag.name}` : flag.name
    return [`--${name}`, isBoolean(flag.schema) ? null : choicesOf(flag.schema)]
  })
  return {
    path,
    words: positional ? choicesOf(positional.schema) : [],
    flags: new Map([...COMMON, ...own, ['--json', null]]),
    goesOn: true,
  }
}
