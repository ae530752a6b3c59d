import { NONE, only, type ProgramFiles, plainArguments, type SearchedFolder } from './files.ts'
import { findings } from './find.ts'
import { innerLine, isShell } from './inner.ts'
import type { ShellCommand, ShellWord } from './parts.ts'
import { filesOf, withoutPrefix } from './programs.ts'
import { shellCommands } from './words.ts'

/** What a command changes: the files that it names, and those that it, or another one of the line, looks for. */
export function changedBy(command: ShellCommand): ProgramFiles {
  const [program, ...given] = withoutPrefix(command.words)
  const name = nameOf(program)
  if (name === 'find') return found(given)
  if (name === 'xargs') return passedOn(given, command)
  const changed = filesOf(name, given)
  return changedWords(changed, command.targets)
    .flatMap(({ lister }) => (lister?.command ? [listedBy(lister.command)] : []))
    .reduce(together, changed)
}

function changedWords({ files, targets }: ProgramFiles, written: readonly ShellWord[]): readonly ShellWord[] {
  return [...files, ...targets.map(({ target }) => target), ...written]
}

function together(one: ProgramFiles, { files, below = [] }: ProgramFiles): ProgramFiles {
  return { ...one, files: [...one.files, ...files], below: [...(one.below ?? []), ...below] }
}

export function nameOf(program: ShellWord | undefined): string {
  return program?.text.split('/').at(-1) ?? ''
}

function found(given: readonly ShellWord[]): ProgramFiles {
  const { below, commands, isDeleting } = findings(given)
  return isDeleting || commands.some((words) => changes(words, STAND_IN)) ? { ...NONE, below } : NONE
}

/** Whether a command changes the file that stands where the mark is. */
function changes(words: readonly ShellWord[], mark: string, written: readonly ShellWord[] = []): boolean {
  const [program, ...given] = withoutPrefix(words)
  const inner = innerLine(nameOf(program), given)
  if (inner)
    return shellCommands(inner.line, inner.given).some(
      ({ words: own, targets }) => !isShell(withoutPrefix(own)[0]) && changes(own, mark, targets),
    )
  return changedWords(filesOf(nameOf(program), given), written).some(({ text }) => text.includes(mark))
}

/** What stands for the names where the command says nothing else. */
const STAND_IN = '{}'

const XARGS_VALUES = /^-[adEILnPs]$/
const REPLACED = /^(-I|-i|--replace=?)(.*)$/

/** `… | xargs rm`: what the program before the pipe lists, or a file. */
function passedOn(given: readonly ShellWord[], command: ShellCommand): ProgramFiles {
  let at = 0
  let mark: string | undefined
  while (given[at]?.text.startsWith('-')) {
    const option = given[at]?.text ?? ''
    mark ??= markOf(option, given[at + 1]?.text)
    at += XARGS_VALUES.test(option) ? 2 : 1
  }
  const words = given.slice(at)
  const filled = mark === undefined ? [...words, { text: STAND_IN, isCertain: true }] : words
  return changes(filled, mark ?? STAND_IN) ? readBy(command) : NONE
}

/** What `xargs` replaces by a name; undefined where it puts the names at the end. */
function markOf(option: string, next: string | undefined): string | undefined {
  const own = REPLACED.exec(option)?.[2]
  return own === '' ? (option === '-I' && next) || STAND_IN : own
}

/** Programs that pass on some of the lines which they read. */
const FILTERS = /^([ef]?grep|sort|uniq|head|tail|tr|sed|awk|cut|cat|done|read|mapfile|readarray)$/
const GREP_VALUES = /^-[efABCmtgT]$/
const HERE: ShellWord = { text: '.', isCertain: true }

/** The files whose names a command reads: what is before it in a pipe, on the line, or in a file. */
function readBy({ words, source, input, hereText }: ShellCommand): ProgramFiles {
  if (source) return listedBy(source)
  if (hereText !== undefined)
    return only(hereText.split('\n').map((text) => ({ text: text.trim(), isCertain: !text.includes('$') })))
  if (input?.lister) return input.lister.command ? listedBy(input.lister.command) : NONE
  return input || words.length > 1 ? within([HERE]) : NONE
}

/** The files whose names a command prints, where that can be told. */
function listedBy(command: ShellCommand): ProgramFiles {
  const [program, ...given] = withoutPrefix(command.words)
  const name = nameOf(program)
  if (name === 'find') return { ...NONE, below: findings(given).below }
  if (name === 'echo' || name === 'printf') return only(plainArguments(given, undefined))
  if (name === 'ls') return named(plainArguments(given, undefined))
  if (name === 'git')
    return /^(ls-files|ls-tree|grep|diff|diff-tree|diff-index|show|status)$/.test(given[0]?.text ?? '')
      ? within([HERE])
      : NONE
  if (
    /^(rg|ag|ack|fd|fdfind)$/.test(name) ||
    (/grep$/.test(name) && given.some(({ text }) => RECURSIVE.test(text)))
  )
    return within(searched(given), included(given))
  return FILTERS.test(name) ? readBy(command) : NONE
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
