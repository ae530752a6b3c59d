import type { ShellWord } from './parts.ts'

/** A folder of which files are changed whose path below it has one of these names in it; without names any file. */
export interface SearchedFolder {
  readonly folder: ShellWord
  /** As patterns of the shell. */
  readonly names?: readonly string[] | undefined
}

/** What a program of a command line changes. */
export interface ProgramFiles {
  readonly files: readonly ShellWord[]
  /** `target` itself, or, where it is a folder, what has the name of `source` in it. */
  readonly targets: readonly { readonly target: ShellWord; readonly source: ShellWord }[]
  /** Files where files of these names are there, and something else where none is. */
  readonly ifThere?: readonly ShellWord[]
  readonly below?: readonly SearchedFolder[]
  /** Where its relative names start, if it was told so. */
  readonly base?: string
}

export const NONE: ProgramFiles = { files: [], targets: [] }

export function only(files: readonly ShellWord[]): ProgramFiles {
  return { files, targets: [] }
}

/** The last word is where the others go, unless an option names the folder. */
export function movedFiles(program: string, given: readonly ShellWord[]): ProgramFiles {
  const takesValue = program === 'install' ? INSTALL_VALUES : MOVE_VALUES
  const names = given.map(({ text }) => text)
  const plain = plainArguments(given, takesValue)
  const into = folderOption(given)
  const [target, sources] = into ? [into, plain] : [plain.at(-1), plain.slice(0, -1)]
  if (!target || sources.length === 0 || (program === 'install' && names.includes('-d'))) return NONE
  return {
    files: program === 'mv' ? sources : [],
    targets: sources.map((source) => ({ target, source })),
  }
}

const TO_FOLDER = /^(-[a-zA-Z]*t|--target-directory)$/
const MOVE_VALUES = /^(-[a-zA-Z]*t|-S|--target-directory|--suffix)$/
const INSTALL_VALUES = /^(-[a-zA-Z]*[tmog]|-S|--(target-directory|suffix|mode|owner|group))$/

function folderOption(given: readonly ShellWord[]): ShellWord | undefined {
  const at = given.findIndex(({ text }) => TO_FOLDER.test(text))
  return at >= 0 ? given[at + 1] : textAfter(given, '--target-directory=')
}

/** Of `--option=value`, or of `of=value`. */
export function textAfter(given: readonly ShellWord[], start: string): ShellWord | undefined {
  const word = given.find(({ text }) => text.startsWith(start))
  return word && { text: word.text.slice(start.length), isCertain: word.isCertain }
}

/** What is no option, and no value of one that `takesValue`. */
export function plainArguments(given: readonly ShellWord[], takesValue: RegExp | undefined): ShellWord[] {
  return given.filter(
    (word, at) => !isOption(word) && !(at > 0 && takesValue?.test(given[at - 1]?.text ?? '')),
  )
}

function isOption({ text }: ShellWord): boolean {
  return /^-./.test(text)
}

/** Whether it only says what it would do. */
export function isTrial(given: readonly ShellWord[]): boolean {
  return given.some(({ text }) => /^--(dry-run|check|stat)$/.test(text))
}
