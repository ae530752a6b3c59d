import { type Branch, type Command, dashed, isBranch } from '../command.ts'
import { GLOBAL_FLAGS } from './globals.ts'
import { type Flag, flagsOf, isBoolean } from './schema.ts'
import { missingAction, missingValue, takesNoValue, UsageError, unknownFlag, unknownWord } from './usage.ts'
import { toValue } from './values.ts'

/** A command line, taken apart. */
export interface CommandLine {
  /** Where its words lead; undefined where nothing is. */
  readonly place: Branch | Command | undefined
  /** The global options, by name. */
  readonly globals: Readonly<Record<string, unknown>>
  /** The settings among them, by variable. */
  readonly overrides: Readonly<Record<string, string>>
  /** What each option of the command was given as. */
  readonly texts: ReadonlyMap<Flag, readonly string[]>
  /** The words after the command's own. */
  readonly words: readonly string[]
  /** The first thing that was not understood. The rest is read all the same: it says how to answer. */
  readonly problem: UsageError | undefined
}

/** Takes a command line apart. Nothing else reads arguments. */
export function readCommandLine(argv: readonly string[], program: Branch): CommandLine {
  const reader = new Reader(program)
  let isPlain = false
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? ''
    if (isPlain || arg === '-' || !arg.startsWith('-')) reader.addWord(arg)
    else if (arg === '--') isPlain = true
    else if (reader.addFlag(arg, argv[at + 1])) at++
  }
  return reader.end()
}

class Reader {
  #place: Branch | Command | undefined
  #problem: UsageError | undefined
  readonly #program: Branch
  readonly #flags = byName(GLOBAL_FLAGS)
  readonly #texts = new Map<Flag, string[]>()
  readonly #words: string[] = []

  constructor(program: Branch) {
    this.#place = program
    this.#program = program
  }

  addWord(word: string): void {
    const place = this.#place
    if (place && !isBranch(place)) this.#words.push(word)
    else if (place === this.#program && FLAG_WORDS.has(word)) this.addFlag(`--${word}`, undefined)
    else if (place) this.#enter(place, word)
  }

  /** Whether the next argument was its value. */
  addFlag(typed: string, next: string | undefined): boolean {
    const arg = typed === '-v' ? '--version' : typed
    const { name, inline } = split(arg)
    const flag = this.#flags.get(name)
    if (flag === undefined) return this.#addNegative(arg)
    if (isBoolean(flag.schema)) return this.#addSwitch(flag, inline, next)
    // Another option is its value only after =, otherwise the value was forgotten.
    const value = inline ?? (next !== undefined && this.#isFlag(next) ? undefined : next)
    if (value === undefined) this.#refuse(missingValue(flag))
    else this.#add(flag, value)
    return inline === undefined && value !== undefined
  }

  end(): CommandLine {
    const { globals, overrides } = this.#readGlobals()
    const place = this.#place
    if (place && isBranch(place) && place !== this.#program) this.#refuse(missingAction(place))
    for (const flag of GLOBAL_FLAGS) this.#texts.delete(flag)
    return { place, globals, overrides, texts: this.#texts, words: this.#words, problem: this.#problem }
  }

  #enter(branch: Branch, word: string): void {
    const place = branch.next.get(spelled(word))
    if (place === undefined) this.#refuse(unknownWord(word, branch))
    else if (!isBranch(place))
      for (const [name, flag] of byName(flagsOf(place.input))) this.#flags.set(name, flag)
    this.#place = place
  }

  #addSwitch(flag: Flag, inline: string | undefined, next: string | undefined): boolean {
    const mayTake = inline === undefined && !GLOBAL_FLAGS.includes(flag)
    const isNext = mayTake && (next === 'true' || next === 'false')
    this.#add(flag, inline ?? (isNext ? next : 'true'))
    return isNext
  }

  #addNegative(arg: string): false {
    const { name, inline } = split(arg)
    const flag = this.#flags.get(name.replace(/^no-/, ''))
    if (!flag || !isBoolean(flag.schema)) this.#refuse(this.#unknown(arg))
    else if (inline === undefined) this.#add(flag, 'false')
    else this.#refuse(takesNoValue(name))
    return false
  }

  #readGlobals(): Pick<CommandLine, 'globals' | 'overrides'> {
    const globals: Record<string, unknown> = {}
    const overrides: Record<string, string> = {}
    for (const flag of GLOBAL_FLAGS) {
      try {
        const value = toValue(flag, this.#texts.get(flag) ?? [])
        globals[flag.name] = value
        if (flag.schema.variable && typeof value === 'string') overrides[flag.schema.variable] = value
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
        this.#refuse(error)
      }
    }
    return { globals, overrides }
  }

  #isFlag(arg: string): boolean {
    const { name } = split(arg)
    return arg === '--' || (arg.startsWith('-') && this.#flags.has(name.replace(/^no-/, '')))
  }

  #unknown(arg: string): UsageError {
    const flags = [...this.#flags.values()]
    const negative = flags.filter(({ schema }) => isBoolean(schema)).map(({ name }) => `no-${name}`)
    return unknownFlag(arg, [...flags.map(({ name }) => name), ...negative], this.#place ?? this.#program)
  }

  #add(flag: Flag, text: string): void {
    this.#texts.set(flag, [...(this.#texts.get(flag) ?? []), text])
  }

  #refuse(problem: UsageError): void {
    this.#problem ??= problem
  }
}

/** Global options that people also write as commands. */
const FLAG_WORDS = new Set(['help', 'version'])

/** By what is typed for it: the name after two dashes, or one dash and a letter. */
function byName(flags: readonly Flag[]): Map<string, Flag> {
  const short = flags.filter(({ schema }) => schema.short !== undefined)
  return new Map([
    ...flags.map((flag) => [flag.name, flag] as const),
    ...short.map((flag) => [`-${flag.schema.short}`, flag] as const),
  ])
}

function split(arg: string): { name: string; inline: string | undefined } {
  const [, word = '', inline] = /^([^=]*)(?:=([\s\S]*))?$/.exec(arg) ?? []
  return { name: word.startsWith('--') ? dashed(word.slice(2)) : word, inline }
}

/** A tool may also be given by its name over MCP. */
function spelled(word: string): string {
  return dashed(word.replace(/^memory[_-]/, ''))
}
