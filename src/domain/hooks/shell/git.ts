import { movedFiles, NONE, only, type ProgramFiles, plainArguments } from './files.ts'
import type { ShellWord } from './parts.ts'

/** The files that `git …` changes in the work tree, as far as it names them. */
export function gitFiles(all: readonly ShellWord[]): ProgramFiles {
  const [first, folder, ...rest] = all
  if (first?.text === '-C') {
    if (!folder?.isCertain || folder.text === '') return NONE
    return { ...gitFiles(rest), base: folder.text }
  }
  if (first?.text === '-c') return gitFiles(rest)
  if (/^--(work-tree|git-dir|namespace)/.test(first?.text ?? '')) return NONE
  if (first?.text.startsWith('-')) return gitFiles(all.slice(1))
  return commandFiles(first?.text ?? '', all.slice(1))
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
      return names.length === 0 || /^(push|save|-.*)$/.test(names[0] ?? '')
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
