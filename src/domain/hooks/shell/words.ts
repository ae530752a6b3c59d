import { TOP } from '../event.ts'
import { expanded } from './braces.ts'
import {
  certain,
  type Lister,
  type Part,
  type ShellCommand,
  type ShellWord,
  unknown,
  type Work,
  workOfLine,
} from './parts.ts'
import { Values } from './values.ts'

/** A person types no line longer than this; a longer one is not read. */
const MOST_CHARACTERS = 200_000
/** Programs in programs whose output stands in a line. */
const MOST_DEPTH = 10

/**
 * Takes a line of sh or bash apart, as far as simple commands go. One whose quotes do not end has none. `given` are the words
 * behind `bash -c '…'`. Variables that the line itself fills stand for what they hold.
 */
export function shellCommands(
  line: string,
  given: readonly ShellWord[] = [],
  work: Work = workOfLine(),
): readonly ShellCommand[] {
  if (line.length > MOST_CHARACTERS) return []
  const start = { values: new Values(given), depth: 0, inner: { isReadable: true }, work }
  return new Reader(line, start).read() ?? []
}

/** `$((1 + 2))`, and `${name}`, whose braces are no list; `$name`. */
const VARIABLE = /^\$(\(\([^\n;]{0,2000}?\)\)|\{[^\n{}]{0,2000}\}|\w{1,200}|[@*])/

/** As much work as so many words. */
const COMPARISON = 20

/** Programs that print where they are. */
const FOLDERS: ReadonlyMap<string, string> = new Map([
  ['pwd', '.'],
  ['git rev-parse --show-toplevel', TOP],
])

const UNKNOWN: ShellWord = { text: '', isCertain: false }

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] }

interface HereDocument {
  readonly end: string
  readonly isIndented: boolean
  readonly command: Mutable<ShellCommand>
}

interface Start {
  readonly at?: number
  readonly values: Values
  readonly depth: number
  /** No longer where one did not end, which is not tried twice. */
  readonly inner: { isReadable: boolean }
  readonly work: Work
}

class Reader {
  readonly #line: string
  readonly #start: Start
  #at: number
  #command = emptyCommand()
  readonly #done: ShellCommand[] = []
  #here: HereDocument[] = []
  /** Brackets that are open; below 0 behind the one that ends this program. */
  #open = 0

  constructor(line: string, start: Start) {
    this.#line = line
    this.#start = start
    this.#at = start.at ?? 0
  }

  /** Undefined where it cannot be read. */
  read(): readonly ShellCommand[] | undefined {
    while (this.#at < this.#line.length && this.#start.work.left > 0) {
      if (!this.#step()) return undefined
    }
    this.#end()
    return this.#done
  }

  /** Until the bracket that closes it: its commands, and where the line goes on. */
  #readInner(): { readonly commands: readonly ShellCommand[]; readonly end: number } | undefined {
    while (this.#at < this.#line.length && this.#open >= 0 && this.#start.work.left > 0) {
      if (!this.#step() || !this.#start.inner.isReadable) return undefined
    }
    return this.#open < 0 ? { commands: this.#done.slice(0, -1), end: this.#at } : undefined
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
    if (/^[<>]\(/.test(rest)) return this.#processes()
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

  #operator(operator: string): boolean {
    this.#start.work.left--
    if (operator === '(' && /^\w+=$/.test(this.#command.words.at(-1)?.text ?? '')) return this.#array()
    this.#end()
    if (operator === '(' || operator === ')') {
      this.#done.push({ ...emptyCommand(), bracket: operator })
      this.#open += operator === '(' ? 1 : -1
    }
    if (operator === '|' || operator === '|&') this.#command.source = this.#done.at(-1)
    return this.#skip(operator.length)
  }

  /** The length of a `[[ … ]]` or `(( … ))`, in which `>` compares; 0 where none begins. */
  #comparison(rest: string): number {
    const last = this.#command.words.at(-1)?.text
    if (last !== undefined && !/^(if|elif|while|until|!|do|then|else|for)$/.test(last)) return 0
    if (!/^(\(\(|\[\[\s)/.test(rest)) return 0
    // It is looked through far ahead.
    this.#start.work.left -= COMPARISON
    const ahead = this.#line.slice(this.#at)
    if (/^\[\[\s/.test(rest)) return /^\[\[[^\n]{0,2000}?\s\]\](?=[\s;&|)]|$)/.exec(ahead)?.[0].length ?? 0
    const sum = /^\(\([^\n]{0,2000}?\)\)/.exec(ahead)?.[0] ?? ''
    return sum.includes(';') && last !== 'for' ? 0 : sum.length
  }

  #redirection(operator: string): boolean {
    this.#skip(operator.length)
    const [space = ''] = /^[ \t]*/.exec(this.#line.slice(this.#at)) ?? []
    this.#skip(space.length)
    const [before, many] = [this.#start.values.spread, operator.includes('>')]
    const words = this.#redirected()
    if (!words) return false
    // Bash writes to no more than one, and in a loop to one after the other.
    const isLoop = many && this.#start.values.spread > before
    const [word = UNKNOWN, ...more] = words.length > 1 && !isLoop ? [] : words
    if (/<<-?$/.test(operator) && !operator.endsWith('<<<'))
      this.#here.push({ end: word.text, isIndented: operator.endsWith('-'), command: this.#command })
    const isCopy = operator.endsWith('&') && /^(\d+|-)$/.test(word.text)
    if (operator.includes('>') && !isCopy) this.#command.targets.push(word, ...more)
    if (operator.endsWith('<<<')) this.#command.hereText = word.text
    else if (/^\d*<$/.test(operator)) this.#command.input = word
    return true
  }

  #redirected(): readonly ShellWord[] | undefined {
    if (!this.#line.startsWith('<(', this.#at)) return this.#words()
    const part = this.#program(2)
    return part && expanded([part])
  }

  /** `diff <(sort a) <(sort b)`. */
  #processes(): boolean {
    const part = this.#program(2)
    if (!part) return this.#redirection(this.#line[this.#at] ?? '')
    this.#command.words.push(...expanded([part]))
    return true
  }

  /** `files=(a.ts b.ts)`. */
  #array(): boolean {
    const name = this.#command.words.pop()?.text.slice(0, -1) ?? ''
    const words: ShellWord[] = []
    this.#skip(1)
    while (this.#line[this.#at] !== ')') {
      const start = this.#at
      const [space = ''] = /^\s*/.exec(this.#line.slice(this.#at, this.#at + 64)) ?? []
      this.#skip(space.length)
      const found = this.#words()
      if (!found || this.#at === start) return false
      words.push(...found.filter(({ text }) => text !== ''))
    }
    this.#start.values.set(name, words)
    return this.#skip(1)
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
      const found = this.#part(char)
      if (!found) return undefined
      for (const part of found) parts.push(part)
    }
    const words = expanded(parts)
    this.#start.work.left -= 1 + words.length
    return words
  }

  #part(char: string): readonly Part[] | undefined {
    if (char === "'") return this.#quoted()
    if (char === '"') return this.#doubleQuoted()
    if (char === '\\') {
      const text = this.#line[this.#at + 1] ?? ''
      this.#skip(2)
      return [certain(text === '\n' ? '' : text)]
    }
    if (/[$`]/.test(char)) return this.#variable(false)
    this.#skip(1)
    if (/[*?[\]]/.test(char)) return [{ text: char, isCertain: false, glob: char }]
    const glob = /[{}]/.test(char) ? `\\${char}` : char
    return [{ text: char, isCertain: true, glob, sign: char }]
  }

  #quoted(): readonly Part[] | undefined {
    const end = this.#line.indexOf("'", this.#at + 1)
    if (end < 0) return undefined
    const text = this.#line.slice(this.#at + 1, end)
    this.#at = end + 1
    return [certain(text)]
  }

  #doubleQuoted(): readonly Part[] | undefined {
    const parts: Part[] = []
    let text = ''
    this.#skip(1)
    while (this.#at < this.#line.length) {
      const char = this.#line[this.#at] ?? ''
      if (/[$`]/.test(char)) {
        parts.push(certain(text), ...this.#variable(true))
        text = ''
        continue
      }
      if (char === '\\' && /["\\$`]/.test(this.#line[this.#at + 1] ?? '')) this.#skip(1)
      else if (char === '"') {
        this.#skip(1)
        return [...parts, certain(text)]
      }
      text += this.#line[this.#at] ?? ''
      this.#skip(1)
    }
    return undefined
  }

  /** What begins with `$` or a backtick. */
  #variable(isQuoted: boolean): readonly Part[] {
    const { work, values } = this.#start
    if (work.left <= 0) return [this.#sign()]
    const [text] = VARIABLE.exec(this.#line.slice(this.#at, this.#at + 2_010)) ?? []
    if (text !== undefined) {
      this.#skip(text.length)
      const parts = values.partsOf(text, isQuoted)
      work.left -= parts.length
      return parts
    }
    work.left--
    const program = this.#line.startsWith('$(', this.#at) ? this.#program(2) : this.#backticks()
    return [program ?? this.#sign()]
  }

  #sign(): Part {
    this.#at++
    return unknown(this.#line[this.#at - 1] ?? '')
  }

  /** `$(…)`, whose output stands here. */
  #program(opening: number): Part | undefined {
    const { depth, inner } = this.#start
    inner.isReadable &&= depth < MOST_DEPTH
    if (!inner.isReadable) return undefined
    const at = this.#at + opening
    const read = new Reader(this.#line, { ...this.#start, at, depth: depth + 1 }).#readInner()
    if (!read) inner.isReadable = false
    return read && this.#printed(read.commands, this.#line.slice(this.#at, read.end))
  }

  #backticks(): Part | undefined {
    const { depth } = this.#start
    const end = this.#line.indexOf('`', this.#at + 1)
    if (this.#line[this.#at] !== '`' || end < 0 || depth >= MOST_DEPTH) return undefined
    const line = this.#line.slice(this.#at + 1, end)
    const commands = new Reader(line, { ...this.#start, at: 0, depth: depth + 1 }).read()
    return commands && this.#printed(commands, this.#line.slice(this.#at, end + 1))
  }

  #printed(commands: readonly ShellCommand[], text: string): Part {
    const [first, ...more] = commands
    this.#done.push({ ...emptyCommand(), bracket: '(' }, ...commands, { ...emptyCommand(), bracket: ')' })
    this.#skip(text.length)
    const known =
      more.length === 0 ? FOLDERS.get(first?.words.map((word) => word.text).join(' ') ?? '') : undefined
    if (known !== undefined) return certain(known)
    const lister: Lister = { command: commands.at(-1) }
    return unknown(text, lister)
  }

  #end(): void {
    const { words, targets } = this.#command
    if (words.length > 0 || targets.length > 0) {
      this.#done.push(this.#command)
      this.#start.values.learn(this.#command)
    }
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
