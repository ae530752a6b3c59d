import type { ShellWord } from './shell-words.ts'

/** What a program of a command line changes. */
export interface ProgramFiles {
  readonly files: readonly ShellWord[]
  /** `target` itself, or, where it is a folder, what has the name of `source` in it. */
  readonly targets: readonly { readonly target: ShellWord; readonly source: ShellWord }[]
  /** Where its relative names start, if it was told so. */
  readonly base?: string
}

/** Programs of which every argument that is no option is a file that they change. */
const CHANGES_ALL = new Set(['rm', 'rmdir', 'touch', 'tee', 'truncate', 'unlink', 'shred'])
/** Programs whose options take a value that names no file. */
const VALUES: Readonly<Record<string, RegExp>> = { truncate: /^-[sr]$/, touch: /^-[tdr]$/, shred: /^-[ns]$/ }
const NONE: ProgramFiles = { files: [], targets: [] }

/** `FOO=bar sudo env …` before the program. */
export function withoutPrefix(words: readonly ShellWord[]): readonly ShellWord[] {
  const at = words.findIndex(
    ({ text }) =>
      !/^([A-Za-z_]\w*=.*|sudo|env|command|exec|nohup|time|if|while|until|do|then|else|!)$/s.test(text),
  )
  return at < 0 ? [] : words.slice(at)
}

export function filesOf(program: string, given: readonly ShellWord[]): ProgramFiles {
  if (CHANGES_ALL.has(program)) return only(plainArguments(given, VALUES[program]))
  if (program === 'sed') return only(sedFiles(given))
  if (program === 'perl' || program === 'ruby') return only(inPlaceFiles(given))
  if (program === 'dd') return only(given.flatMap(outputOfDd))
  if (program === 'git') return gitFiles(given)
  if (/^(mv|cp|install|ln)$/.test(program)) return movedFiles(program, given)
  return NONE
}

/** The files that a program puts on the terminal, or some lines of them. */
export function shownBy(program: string, given: readonly ShellWord[]): readonly ShellWord[] {
  if (/^(cat|nl|head|tail|less|more)$/.test(program)) return plainArguments(given, /^-[nc]$/)
  return program === 'sed' && sedFiles(given).length === 0 ? plainArguments(given, undefined).slice(1) : []
}

function only(files: readonly ShellWord[]): ProgramFiles {
  return { files, targets: [] }
}

/** The last word is where the others go. */
function movedFiles(program: string, given: readonly ShellWord[]): ProgramFiles {
  const plain = given.filter((word) => !isOption(word))
  const [target, sources] = [plain.at(-1), plain.slice(0, -1)]
  // With a folder as an option's value nothing is where it usually is.
  const isPlain = !given.some(({ text }) => /^(-[a-zA-Z]*[tTSmog]|--.*)$/.test(text))
  const targets = isPlain && target && sources.length > 0 ? sources.map((source) => ({ target, source })) : []
  return { files: program === 'mv' ? sources : [], targets }
}

function gitFiles(all: readonly ShellWord[]): ProgramFiles {
  if (all[0]?.text === '-C') {
    const [, folder, ...rest] = all
    if (!folder?.isCertain || folder.text === '') return NONE
    return { ...gitFiles(rest), base: folder.text }
  }
  const [command, ...given] = all
  const names = given.map(({ text }) => text)
  if (names.some((name) => name === '-n' || name === '--dry-run')) return NONE
  if (command?.text === 'mv') return movedFiles('mv', given)
  return changesAll(command?.text, names) ? only([HERE]) : only(namedToGit(command?.text, given))
}

const HERE: ShellWord = { text: '.', isCertain: true }

/** Whether it puts the whole work tree back. */
function changesAll(command: string | undefined, names: readonly string[]): boolean {
  switch (command) {
    case 'checkout':
      return names.includes('.') && !names.includes('--')
    case 'reset':
      return names.includes('--hard')
    case 'clean':
      return names.some((name) => /^-[a-zA-Z]*f/.test(name))
    case 'stash':
      return names.length === 0 || /^(push|save|-.*)$/.test(names[0] ?? '')
    default:
      return false
  }
}

function namedToGit(command: string | undefined, given: readonly ShellWord[]): readonly ShellWord[] {
  const has = (...options: string[]) => given.some(({ text }) => options.includes(text))
  switch (command) {
    case 'rm':
      return has('--cached') ? [] : plainArguments(given, undefined)
    case 'restore':
      // Without -W the work tree stays as it is.
      return has('-S', '--staged') && !has('-W', '--worktree') ? [] : plainArguments(given, /^(-s|--source)$/)
    case 'checkout':
      return has('--') ? given.slice(given.findIndex(({ text }) => text === '--') + 1) : []
    default:
      return []
  }
}

function outputOfDd({ text, isCertain }: ShellWord): ShellWord[] {
  return text.startsWith('of=') ? [{ text: text.slice(3), isCertain }] : []
}

function plainArguments(given: readonly ShellWord[], takesValue: RegExp | undefined): ShellWord[] {
  return given.filter(
    (word, at) => !isOption(word) && !(at > 0 && takesValue?.test(given[at - 1]?.text ?? '')),
  )
}

function isOption({ text }: ShellWord): boolean {
  return /^-./.test(text)
}

/** Only `sed -i` writes. Its first word is the script, unless that came with -e or -f. */
function sedFiles(given: readonly ShellWord[]): readonly ShellWord[] {
  const options = given.filter(({ text }) => text.startsWith('-')).map(({ text }) => text)
  if (!options.some((option) => /^(-[a-zA-Z]*i|--in-place)/.test(option))) return []
  const scripted = options.some((option) => /^(-e|-f|--expression|--file)/.test(option))
  // BSD's sed wants an empty word after -i.
  const plain = plainArguments(given, /^(-e|-f|--expression|--file)$/).filter(({ text }) => text !== '')
  return scripted ? plain : plain.slice(1)
}

/** `perl -pi -e '…' a.ts`: with a program on the line, and -i. */
function inPlaceFiles(given: readonly ShellWord[]): readonly ShellWord[] {
  const options = given.filter(({ text }) => /^-[a-zA-Z]/.test(text)).map(({ text }) => text)
  const isInPlace = options.some((option) => /^-[a-df-zA-Z]*i/.test(option))
  const isOnLine = options.some((option) => /^-[a-zA-Z.0]*e$/.test(option))
  return isInPlace && isOnLine ? plainArguments(given, /^-[a-zA-Z.0]*e$/) : []
}
