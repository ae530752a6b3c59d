import type { Operation } from '../../../operations/define.ts'
import { commandOf, dashed } from '../tools.ts'
import { GLOBAL_FLAGS, unknownFlag } from './globals.ts'
import { type Flag, flagsOf, isBoolean, isList } from './schema.ts'
import { missingValue, UsageError } from './usage-error.ts'
import { toValue } from './values.ts'

/** A command line of an action, understood. */
export interface ParsedFlags {
  readonly input: Readonly<Record<string, unknown>>
  /** Global options, by variable. */
  readonly overrides: Readonly<Record<string, string>>
}

/** The value that means "read it from stdin". */
const STDIN = '-'

/** Reads the options and words after an action. `readStdin` is called once at most. */
export async function parseFlags(
  operation: Operation,
  argv: readonly string[],
  readStdin: () => Promise<string>,
): Promise<ParsedFlags> {
  const given = new Given(operation)
  let isPlain = false
  for (let at = 0; at < argv.length; at++) {
    const arg = argv[at] ?? ''
    if (isPlain || !arg.startsWith('-') || arg === STDIN) given.addWord(arg)
    else if (arg === '--') isPlain = true
    else if (given.addFlag(arg, argv[at + 1])) at++
  }
  return given.read(readStdin)
}

class Given {
  readonly #operation: Operation
  readonly #flags: ReadonlyMap<string, Flag>
  readonly #texts = new Map<Flag, string[]>()
  readonly #overrides: Record<string, string> = {}
  readonly #words: string[] = []

  constructor(operation: Operation) {
    this.#operation = operation
    this.#flags = new Map(flagsOf(operation).map((flag) => [flag.name, flag]))
  }

  addWord(word: string): void {
    this.#words.push(word)
  }

  /** Takes one option; whether the next argument was its value. */
  addFlag(arg: string, next: string | undefined): boolean {
    const [, word = '', inline] = /^(--?[^=]+)(?:=([\s\S]*))?$/.exec(arg) ?? [arg, arg]
    const name = dashed(word.replace(/^--/, ''))
    const flag = this.#flags.get(name)
    if (flag && isBoolean(flag.schema)) return this.#addBoolean(flag, inline, next)
    const positive = this.#flags.get(name.replace(/^no-/, ''))
    if (!flag && positive && isBoolean(positive.schema) && inline === undefined) {
      this.#add(positive, 'false')
      return false
    }
    const value = inline ?? next
    const variable = Object.hasOwn(GLOBAL_FLAGS, name) ? GLOBAL_FLAGS[name]?.variable : undefined
    if (!flag && variable === undefined) throw this.#unknown(word)
    if (value === undefined) throw missingValue(`--${name}`)
    if (flag) this.#add(flag, value)
    else if (variable !== undefined) this.#overrides[variable] = value
    return inline === undefined
  }

  async read(readStdin: () => Promise<string>): Promise<ParsedFlags> {
    this.#placeWords()
    await this.#fillFromStdin(readStdin)
    const input: Record<string, unknown> = {}
    for (const [flag, texts] of this.#texts) place(input, flag, toValue(flag, texts))
    return { input, overrides: this.#overrides }
  }

  #addBoolean(flag: Flag, inline: string | undefined, next: string | undefined): boolean {
    const isNext = inline === undefined && (next === 'true' || next === 'false')
    this.#add(flag, inline ?? (isNext ? next : 'true'))
    return isNext
  }

  #add(flag: Flag, text: string): void {
    const texts = this.#texts.get(flag)
    if (texts) texts.push(text)
    else this.#texts.set(flag, [text])
  }

  /** Words go to the positional arguments; a list takes all that are left, and several for one go to its plural. */
  #placeWords(): void {
    const slots = this.#operation.positional ?? []
    const words = this.#words
    const last = slots.at(-1)
    const plural = this.#flags.get(dashed(`${last}s`))
    if (slots.length === 1 && words.length > 1 && plural && isList(plural.schema)) {
      for (const word of words) this.#add(plural, word)
      return
    }
    for (const [at, word] of words.entries()) {
      const slot = slots[at] ?? last
      const flag = slot === undefined ? undefined : this.#flags.get(dashed(slot))
      if (!flag || (at >= slots.length && !isList(flag.schema))) throw this.#tooManyWords(word)
      this.#add(flag, word)
    }
  }

  async #fillFromStdin(readStdin: () => Promise<string>): Promise<void> {
    const waiting = [...this.#texts.values()].filter((texts) => texts.includes(STDIN))
    const [texts, ...more] = waiting
    if (!texts) return
    if (more.length > 0 || texts.indexOf(STDIN) !== texts.lastIndexOf(STDIN)) {
      throw new UsageError('INVALID_PARAMETER', 'Only one value can be read from stdin.', 'Use - once.')
    }
    texts[texts.indexOf(STDIN)] = await readStdin()
  }

  #unknown(word: string): UsageError {
    const known = [...this.#flags.keys(), ...Object.keys(GLOBAL_FLAGS), 'json', 'help']
    const unset = [...this.#flags.values()].filter(({ schema }) => isBoolean(schema))
    const negative = unset.map(({ name }) => `no-${name}`)
    return unknownFlag(word, [...known, ...negative], `See ${commandOf(this.#operation)} --help.`)
  }

  #tooManyWords(word: string): UsageError {
    return new UsageError(
      'INVALID_PARAMETER',
      `'${word.slice(0, 64)}' is one word too many.`,
      `Put quotes around a text of several words. See ${commandOf(this.#operation)} --help.`,
    )
  }
}

function place(input: Record<string, unknown>, { name, path }: Flag, value: unknown): void {
  const [argument = '', part] = path
  if (part === undefined && argument in input) throw givenTwice(name)
  if (part === undefined) {
    input[argument] = value
    return
  }
  const whole = input[argument] ?? {}
  if (typeof whole !== 'object' || part in whole) throw givenTwice(name)
  input[argument] = { ...whole, [part]: value }
}

function givenTwice(name: string): UsageError {
  return new UsageError('INVALID_PARAMETER', `--${name} is given twice, in two ways.`, 'Give it once.')
}
