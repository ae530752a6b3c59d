import { certain, type Lister, type Part, type ShellCommand, type ShellWord, unknown } from './parts.ts'

const PLAIN_NAME = /^\$(?:(\w+|[@*])|\{(\w+|[@*])(?:\[[@*]\])?\})$/
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s
const DECLARES = /^(export|local|declare|typeset|readonly)$/
const BEFORE = /^(if|then|else|do|!)$/
/** Programs that fill variables with what they read; their options with a value. */
const READS: Readonly<Record<string, RegExp>> = {
  read: /^-[a-zA-Z]*[dinNptu]$/,
  mapfile: /^-[dnOsuCc]$/,
  readarray: /^-[dnOsuCc]$/,
}

/** A longer text, or more words, is not kept. */
const MOST_CHARACTERS = 4_096
const MOST_WORDS = 1_000

/** What the variables of a line stand for, as far as the line itself fills them: one after the other in a loop. */
export class Values {
  readonly #known = new Map<string, readonly ShellWord[]>()
  readonly #loops: (Lister | undefined)[] = []
  /** How often a variable stood for several words. */
  spread = 0

  constructor(given: readonly ShellWord[]) {
    for (const [n, word] of given.entries()) this.set(String(n), [word])
    for (const name of ['@', '*']) this.set(name, given.slice(1))
    this.set('PWD', [HERE])
  }

  set(name: string, words: readonly ShellWord[]): void {
    const isKnown = words.length > 0 && words.length <= MOST_WORDS
    if (isKnown && words.every(({ text }) => text.length <= MOST_CHARACTERS)) this.#known.set(name, words)
    else this.#known.delete(name)
  }

  /** What stands in the place of `$name`; several words as a list in braces. */
  partsOf(variable: string, isQuoted: boolean): readonly Part[] {
    const [, plain, braced] = PLAIN_NAME.exec(variable) ?? []
    const words = this.#known.get(plain ?? braced ?? '') ?? []
    const parts = words.flatMap((word) => (isQuoted ? [word] : parted(word))).map(partOf)
    if (parts.length < 2) return parts.length === 1 ? parts : [unknown(variable)]
    this.spread++
    return [sign('{'), ...parts.flatMap((part) => [sign(','), part]).slice(1), sign('}')]
  }

  /** Reads a command for the variables that it fills. */
  learn(command: ShellCommand): void {
    const start = command.words.findIndex(({ text }) => !BEFORE.test(text))
    const words = start < 0 ? [] : command.words.slice(start)
    const [first, ...rest] = words
    const word = first?.text ?? ''
    if (/^(for|select)$/.test(word)) {
      this.#loops.push(undefined)
      this.#takesEach(rest)
    } else if (/^(while|until)$/.test(word)) {
      this.#loops.push(this.#reads(rest, { command: command.source }))
    } else if (word === 'done') {
      const lister = this.#loops.pop()
      // What a loop reads stands behind its end.
      if (lister) lister.command ??= command
    } else if (!this.#reads(words, { command: command.source ?? command })) {
      this.#assigns(DECLARES.test(word) ? rest : words)
    }
  }

  #takesEach([name, word, ...words]: readonly ShellWord[]): void {
    if (name) this.set(name.text, word?.text === 'in' ? words : (this.#known.get('@') ?? []))
  }

  /** `IFS= read -r name`. */
  #reads(words: readonly ShellWord[], lister: Lister): Lister | undefined {
    const at = words.findIndex(({ text }) => !ASSIGNMENT.test(text))
    const [program, ...given] = at < 0 ? [] : words.slice(at)
    const values = program && Object.hasOwn(READS, program.text) ? READS[program.text] : undefined
    if (!values) return undefined
    const names = given.filter(
      ({ text }, n) => !text.startsWith('-') && !values.test(given[n - 1]?.text ?? ''),
    )
    for (const { text } of names) this.set(text, [{ text: `$${text}`, isCertain: false, lister }])
    return lister
  }

  #assigns(words: readonly ShellWord[]): void {
    const all = words.map((word) => ({ word, found: ASSIGNMENT.exec(word.text) }))
    if (!all.every(({ found }) => found)) return
    for (const { word, found } of all) {
      const [, name = '', text = ''] = found ?? []
      const glob = word.glob?.slice(name.length + 1)
      this.set(name, [{ ...word, text, ...(glob !== undefined && { glob }) }])
    }
  }
}

const HERE: ShellWord = { text: '.', isCertain: true }

/** Without quotes a text becomes the words in it. */
function parted(word: ShellWord): readonly ShellWord[] {
  if (!word.isCertain || !/\s/.test(word.text)) return [word]
  return word.text
    .split(/\s+/)
    .filter((text) => text !== '')
    .map((text) => ({ text, isCertain: true }))
}

function partOf({ text, isCertain, glob, lister }: ShellWord): Part {
  return isCertain ? certain(text) : { text, isCertain, glob, lister }
}

function sign(text: string): Part {
  return { text, isCertain: true, glob: `\\${text}`, sign: text }
}
