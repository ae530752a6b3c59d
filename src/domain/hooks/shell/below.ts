import { NONE, only, type ProgramFiles, plainArguments, type SearchedFolder } from './files.ts'
import { findings } from './find.ts'
import type { ShellWord } from './parts.ts'
import { filesOf, withoutPrefix } from './programs.ts'
import type { ShellCommand } from './words.ts'

/** What a command changes: the files that it names, and those that it, or the one before it in a pipe, looks for. */
export function changedBy({ words, source }: ShellCommand): ProgramFiles {
  const [program, ...given] = withoutPrefix(words)
  const name = nameOf(program)
  if (name === 'find') return found(given)
  if (name === 'xargs') return passedOn(given, source)
  return filesOf(name, given)
}

export function nameOf(program: ShellWord | undefined): string {
  return program?.text.split('/').at(-1) ?? ''
}

function found(given: readonly ShellWord[]): ProgramFiles {
  const { below, commands, isDeleting } = findings(given)
  return isDeleting || commands.some((words) => changes(words, STAND_IN)) ? { ...NONE, below } : NONE
}

/** Whether a command changes the file that stands where the mark is. */
function changes(words: readonly ShellWord[], mark: string): boolean {
  const [program, ...given] = withoutPrefix(words)
  const { files, targets } = filesOf(nameOf(program), given)
  return [...files, ...targets.map(({ target }) => target)].some(({ text }) => text.includes(mark))
}

/** What stands for the names where the command says nothing else. */
const STAND_IN = '{}'

const XARGS_VALUES = /^-[adEILnPs]$/
const REPLACED = /^(-I|-i|--replace=?)(.*)$/

/** `… | xargs rm`: what the program before the pipe lists. */
function passedOn(given: readonly ShellWord[], source: ShellCommand | undefined): ProgramFiles {
  let at = 0
  let mark: string | undefined
  while (given[at]?.text.startsWith('-')) {
    const option = given[at]?.text ?? ''
    mark ??= markOf(option, given[at + 1]?.text)
    at += XARGS_VALUES.test(option) ? 2 : 1
  }
  const words = given.slice(at)
  const filled = mark === undefined ? [...words, { text: STAND_IN, isCertain: true }] : words
  return source && changes(filled, mark ?? STAND_IN) ? listedBy(source) : NONE
}

/** What `xargs` replaces by a name; undefined where it puts the names at the end. */
function markOf(option: string, next: string | undefined): string | undefined {
  const own = REPLACED.exec(option)?.[2]
  return own === '' ? (option === '-I' && next) || STAND_IN : own
}

/** Programs that pass on some of the lines which they read. */
const FILTERS = /^([ef]?grep|sort|uniq|head|tail|tr|sed|awk|cut)$/
const GREP_VALUES = /^-[efABCmtgT]$/
const HERE: ShellWord = { text: '.', isCertain: true }

/** The files whose names a command prints, where that can be told. */
function listedBy({ words, source }: ShellCommand): ProgramFiles {
  const [program, ...given] = withoutPrefix(words)
  const name = nameOf(program)
  if (name === 'find') return { ...NONE, below: findings(given).below }
  if (name === 'echo' || name === 'printf') return only(plainArguments(given, undefined))
  if (name === 'ls') return named(plainArguments(given, undefined))
  if (name === 'git')
    return /^(ls-files|grep|diff|status)$/.test(given[0]?.text ?? '') ? within([HERE]) : NONE
  if (/^(rg|ag|ack)$/.test(name) || (/grep$/.test(name) && given.some(({ text }) => RECURSIVE.test(text))))
    return within(searched(given), included(given))
  return FILTERS.test(name) && source ? listedBy(source) : NONE
}

const RECURSIVE = /^(-[a-zA-Z]*[rR][a-zA-Z]*|--(dereference-)?recursive)$/

function named(words: readonly ShellWord[]): ProgramFiles {
  return words.length > 0 ? only(words) : within([HERE])
}

function within(folders: readonly ShellWord[], names?: readonly string[]): ProgramFiles {
  const below: SearchedFolder[] = folders.map((folder) => ({ folder, names }))
  return { ...NONE, below }
}

/** Behind the expression of `grep -r`. */
function searched(given: readonly ShellWord[]): readonly ShellWord[] {
  const plain = plainArguments(given, GREP_VALUES)
  const folders = given.some(({ text }) => /^(-[ef]|--(regexp|file)=)/.test(text)) ? plain : plain.slice(1)
  return folders.length > 0 ? folders : [HERE]
}

function included(given: readonly ShellWord[]): readonly string[] | undefined {
  const names = given.flatMap(({ text }) => /^--include=(.+)$/s.exec(text)?.[1] ?? [])
  return names.length > 0 ? names : undefined
}
