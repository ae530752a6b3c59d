import { expanded } from './braces.ts'
import { certain, type Part, type ShellWord } from './parts.ts'

/** One simple command of a line. */
export interface ShellCommand {
  readonly words: readonly ShellWord[]
  /** What its output is written to. */
  readonly targets: readonly ShellWord[]
  /** The text of its here-document. */
  readonly hereText: string | undefined
  /** The one before it in a pipe. */
  readonly source?: ShellCommand | undefined
  /** A bracket instead: what comes until the one that closes runs in a shell of its own. */
  readonly bracket?: '(' | ')'
}

/** A person types no line longer than this; a longer one is not read. */
const MOST_CHARACTERS = 200_000

/** Takes a line of sh or bash apart, as far as simple commands go. One whose quotes do not end has none. */
export function shellCommands(line: string): readonly ShellCommand[] {
  if (line.length > MOST_CHARACTERS) return []
  return new Reader(line).read()
}

/** `$((1 + 2))`, and `${name}`, whose braces are no list. */
const VARIABLE = /^\$(\(\([^\n;]{0,2000}?\)\)|\{[^\n{}]{0,2000}\})/

const UNKNOWN: ShellWord = { text: '', isCertain: false }

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] }

interface HereDocument {
  readonly end: string
  readonly isIndented: boolean
  readonly command: Mutable<ShellCommand>
}

class Reader {
  readonly #line: string
  #at = 0
  #command = emptyCommand()
  readonly #done: ShellCommand[] = []
  #here: HereDocument[] = []

  constructor(line: string) {
    this.#line = line
  }

  read(): readonly ShellCommand[] {
    while (this.#at < this.#line.length) {
      if (!this.#step()) return []
    }
    this.#end()
    return this.#done
  }

  /** False where the rest cannot be read. */
  #step(): boolean {
    const rest = this.#line.slice(this.#at, this.#at + 64)
    const [space] = /^([ \t\r]|\\\r?\n)+/.exec(rest) ?? []
    if (space) return this.#skip(space.length)
    if (rest.startsWith('\n')) return this.#newline()
    if (rest.startsWith('#')) return this.#skip(this.#toLineEnd())
    const sum = this.#comparison(rest)
    if (sum > 0) return this.#skip(sum)
    const [redirection] = /^(\d*|&)(>>|>\||>&|>|<<<|<<-?|<&|<>|<)/.exec(rest) ?? []
    if (redirection) return this.#redirection(redirection)
    const [operator] = /^(&&|\|\||\|&|;;|[;&|(){}])/.exec(rest) ?? []
    // A brace is an operator only where it stands alone; in a word it is a pattern.
    if (operator && !(/^[{}]/.test(operator) && /^[{}][^\s;]/.test(rest))) {
      return this.#operator(operator)
    }
    const words = this.#words()
    if (words) this.#command.words.push(...words)
    return words !== undefined
  }

  #operator(operator: string): true {
    this.#end()
    if (operator === '(' || operator === ')') this.#done.push({ ...emptyCommand(), bracket: operator })
    if (operator === '|' || operator === '|&') this.#command.source = this.#done.at(-1)
    return this.#skip(operator.length)
  }

  /** The length of a `[[ … ]]` or `(( … ))`, in which `>` compares; 0 where none begins. */
  #comparison(rest: string): number {
    const last = this.#command.words.at(-1)?.text
    if (last !== undefined && !/^(if|elif|while|until|!|do|then|else|for)$/.test(last)) return 0
    const ahead = this.#line.slice(this.#at)
    if (/^\[\[\s/.test(rest)) return /^\[\[[^\n]{0,2000}?\s\]\](?=[\s;&|)]|$)/.exec(ahead)?.[0].length ?? 0
    if (!rest.startsWith('((')) return 0
    const sum = /^\(\([^\n]{0,2000}?\)\)/.exec(ahead)?.[0] ?? ''
    return sum.includes(';') && last !== 'for' ? 0 : sum.length
  }

  #redirection(operator: string): boolean {
    this.#skip(operator.length)
    const [space = ''] = /^[ \t]*/.exec(this.#line.slice(this.#at)) ?? []
    this.#skip(space.length)
    const words = this.#words()
    if (!words) return false
    // Bash writes to no more than one.
    const [word = UNKNOWN] = words.length > 1 ? [] : words
    if (/<<-?$/.test(operator) && !operator.endsWith('<<<'))
      this.#here.push({ end: word.text, isIndented: operator.endsWith('-'), command: this.#command })
    const isCopy = operator.endsWith('&') && /^(\d+|-)$/.test(word.text)
    if (operator.includes('>') && !isCopy) this.#command.targets.push(word)
    return true
  }

  #newline(): boolean {
    this.#end()
    this.#skip(1)
    for (const document of this.#here) this.#readHere(document)
    this.#here = []
    return true
  }

  #readHere({ end, isIndented, command }: HereDocument): void {
    const text: string[] = []
    while (this.#at < this.#line.length) {
      const line = this.#line.slice(this.#at, this.#at + this.#toLineEnd())
      this.#skip(line.length + 1)
      const plain = isIndented ? line.replace(/^\t+/, '') : line
      if (plain.replace(/\r$/, '') === end) break
      text.push(plain)
    }
    command.hereText = text.join('\n')
  }

  /** More than one where braces stand in it; undefined where its quotes do not end. */
  #words(): readonly ShellWord[] | undefined {
    const parts: Part[] = []
    while (this.#at < this.#line.length) {
      const char = this.#line[this.#at] ?? ''
      if (/[\s;&|()<>]/.test(char)) break
      const part = this.#part(char)
      if (!part) return undefined
      parts.push(part)
    }
    return expanded(parts)
  }

  #part(char: string): Part | undefined {
    if (char === "'") return this.#quoted("'", /(?!)/)
    if (char === '"') return this.#quoted('"', /[$`]/)
    if (char === '\\') {
      const text = this.#line[this.#at + 1] ?? ''
      this.#skip(2)
      return certain(text === '\n' ? '' : text)
    }
    const variable =
      char === '$' ? VARIABLE.exec(this.#line.slice(this.#at, this.#at + 2_010))?.[0] : undefined
    this.#skip(variable?.length ?? 1)
    if (variable !== undefined || /[$`]/.test(char))
      return { text: variable ?? char, isCertain: false, glob: undefined }
    if (/[*?[\]]/.test(char)) return { text: char, isCertain: false, glob: char }
    const glob = /[{}]/.test(char) ? `\\${char}` : char
    return { text: char, isCertain: true, glob, sign: char }
  }

  #quoted(quote: string, meaning: RegExp): Part | undefined {
    let text = ''
    for (let at = this.#at + 1; at < this.#line.length; at++) {
      const char = this.#line[at] ?? ''
      if (char === quote) {
        this.#at = at + 1
        return meaning.test(text) ? { text, isCertain: false, glob: undefined } : certain(text)
      }
      if (quote === '"' && char === '\\' && /["\\$`]/.test(this.#line[at + 1] ?? '')) at++
      text += this.#line[at] ?? ''
    }
    return undefined
  }

  #end(): void {
    const { words, targets } = this.#command
    if (words.length > 0 || targets.length > 0) this.#done.push(this.#command)
    this.#command = emptyCommand()
  }

  #toLineEnd(): number {
    const end = this.#line.indexOf('\n', this.#at)
    return (end < 0 ? this.#line.length : end) - this.#at
  }

  #skip(count: number): true {
    this.#at += count
    return true
  }
}

function emptyCommand(): Mutable<ShellCommand> {
  return { words: [], targets: [], hereText: undefined }
}
