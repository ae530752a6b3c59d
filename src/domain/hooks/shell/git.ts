import { movedFiles, NONE, only, type ProgramFiles, plainArguments } from './files.ts'
import type { ShellWord } from './parts.ts'

/** The files that `git …` changes in the work tree, as far as it names them. */
export function gitFiles(all: readonly ShellWord[]): ProgramFiles {
  const at = ownOptions(all)
  const before = all.slice(0, at)
  if (before.some(({ text }) => /^--(work-tree|git-dir|namespace)/.test(text))) return NONE
  const folders = before.filter((_, n) => before[n - 1]?.text === '-C')
  if (!folders.every(({ text, isCertain }) => isCertain && text !== '')) return NONE
  const changed = commandFiles(all[at]?.text ?? '', all.slice(at + 1))
  const base = folders.reduce<string | undefined>((from, { text }) => below(from, text), undefined)
  return base === undefined ? changed : { ...changed, base }
}

/** How many words stand before the command. */
function ownOptions(all: readonly ShellWord[]): number {
  let at = 0
  while (all[at]?.text.startsWith('-')) at += /^-[cC]$/.test(all[at]?.text ?? '') ? 2 : 1
  return at
}

function below(folder: string | undefined, path: string): string {
  return folder === undefined || path.startsWith('/') ? path : `${folder}/${path}`
}

function commandFiles(command: string, given: readonly ShellWord[]): ProgramFiles {
  const names = given.map(({ text }) => text)
  if (isDryRun(command, names)) return NONE
  if (command === 'mv') return movedFiles('mv', given)
  if (changesAll(command, names)) return only([HERE])
  return command === 'checkout' ? checkedOut(given) : only(namedToGit(command, given))
}

const HERE: ShellWord = { text: '.', isCertain: true }

function isDryRun(command: string, names: readonly string[]): boolean {
  const short = /^(clean|rm|mv)$/.test(command) ? /^-[a-zA-Z]*n/ : /^-n$/
  return names.some((name) => short.test(name) || name === '--dry-run')
}

const FORCE = /^(-[a-zA-Z]*f|--force$|--discard-changes$)/

/** Whether it puts the whole work tree back. */
function changesAll(command: string, names: readonly string[]): boolean {
  switch (command) {
    case 'checkout':
      return !names.includes('--') && names.some((name) => name === '.' || FORCE.test(name))
    case 'switch':
      return names.some((name) => FORCE.test(name))
    case 'reset':
      return names.includes('--hard')
    case 'clean':
      return names.some((name) => FORCE.test(name))
    case 'stash':
      return names.length === 0 || /^(push|save|pop|apply|-.*)$/.test(names[0] ?? '')
    default:
      return false
  }
}

/** Files after `--`, or after a commit; one name alone is a branch, or a file that is there. */
function checkedOut(given: readonly ShellWord[]): ProgramFiles {
  const dashes = given.findIndex(({ text }) => text === '--')
  if (dashes >= 0) return only(given.slice(dashes + 1))
  const names = given.map(({ text }) => text)
  if (names.some((name) => /^(-[bB]|--orphan)/.test(name))) return NONE
  const plain = plainArguments(given, undefined)
  if (names.some((name) => /^(--ours|--theirs|-p|--patch)$/.test(name))) return only(plain)
  return plain.length === 1 ? { ...NONE, ifThere: plain } : only(plain.slice(1))
}

function namedToGit(command: string, given: readonly ShellWord[]): readonly ShellWord[] {
  const has = (...options: string[]) => given.some(({ text }) => options.includes(text))
  switch (command) {
    case 'rm':
      return has('--cached') ? [] : plainArguments(given, undefined)
    case 'restore':
      // Without -W the work tree stays as it is.
      return has('-S', '--staged') && !has('-W', '--worktree') ? [] : plainArguments(given, /^(-s|--source)$/)
    default:
      return []
  }
}
