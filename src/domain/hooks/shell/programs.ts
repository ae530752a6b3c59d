import { isTrial, movedFiles, NONE, only, type ProgramFiles, plainArguments, textAfter } from './files.ts'
import { gitFiles } from './git.ts'
import type { ShellWord } from './parts.ts'
import { rewritten } from './rewriting.ts'

/** Programs of which every argument that is no option is a file that they change. */
const CHANGES_ALL = new Set(['rm', 'rmdir', 'touch', 'tee', 'truncate', 'unlink', 'shred', 'sponge'])
/** Programs whose options take a value that names no file. */
const VALUES: Readonly<Record<string, RegExp>> = { truncate: /^-[sr]$/, touch: /^-[tdr]$/, shred: /^-[ns]$/ }
/** Programs with an option that names the file which they write. */
const OUTPUTS: Readonly<Record<string, RegExp>> = {
  curl: /^(-[a-zA-Z]*o|--output)$/,
  wget: /^(-[a-zA-Z]*O|--output-document)$/,
  sort: /^(-[a-zA-Z]*o|--output)$/,
}

/** Programs that run another one: their options that take a value, and how many words stand before that program. */
const RUNS: Readonly<Record<string, Runs>> = {
  sudo: { values: /^-[a-zA-Z]*[ughpCrtT]$/ },
  doas: { values: /^-[uC]$/ },
  env: { values: /^-u$/ },
  timeout: { values: /^-[ks]$/, words: 1 },
  nice: { values: /^-n$/ },
  ionice: { values: /^-[cn]$/ },
  stdbuf: { values: /^-[ioe]$/ },
  time: { values: /^-[of]$/ },
  exec: { values: /^-a$/ },
  command: {},
  builtin: {},
  nohup: {},
  busybox: {},
  npx: { values: /^(-p|-w|--package|--workspace)$/ },
  bunx: {},
  pnpx: {},
  npm: { values: /^(-w|--workspace|--prefix)$/, isPackages: true },
  pnpm: { values: /^(-C|--filter|--dir)$/, isPackages: true },
  yarn: { isPackages: true },
  bun: { isPackages: true },
  uv: { isPackages: true },
  uvx: {},
  pipx: { isPackages: true },
  poetry: { isPackages: true },
  bundle: { isPackages: true },
}

interface Runs {
  readonly values?: RegExp
  readonly words?: number
  /** Only behind a word that says so. */
  readonly isPackages?: boolean
}

/** Words of `npm exec -- prettier`, where one runs a program of a package. */
const RUN_WORDS = /^(exec|run|x|dlx|tool)$/

const WORD_BEFORE = /^([A-Za-z_]\w*=.*|if|while|until|do|then|else|!)$/s

/** `FOO=bar sudo -u bob env …` before the program. */
export function withoutPrefix(words: readonly ShellWord[]): readonly ShellWord[] {
  let at = 0
  for (;;) {
    const text = words[at]?.text
    if (text === undefined) return []
    if (WORD_BEFORE.test(text)) {
      at++
      continue
    }
    const runs = Object.hasOwn(RUNS, text) ? RUNS[text] : undefined
    const behind = runs && behindOptions(words, at + 1, runs)
    const next = behind !== undefined && runs?.isPackages ? behindRunWords(words, behind) : behind
    if (next === undefined) return words.slice(at)
    at = next
  }
}

function behindOptions(
  words: readonly ShellWord[],
  start: number,
  { values, words: skipped = 0 }: Runs,
): number {
  let at = start
  while (words[at]?.text.startsWith('-')) at += values?.test(words[at]?.text ?? '') ? 2 : 1
  return at + skipped
}

/** Undefined where no program follows such a word. */
function behindRunWords(words: readonly ShellWord[], start: number): number | undefined {
  let at = start
  while (at < words.length && (RUN_WORDS.test(words[at]?.text ?? '') || words[at]?.text === '--')) at++
  return at > start && at < words.length ? at : undefined
}

export function filesOf(program: string, given: readonly ShellWord[]): ProgramFiles {
  if (CHANGES_ALL.has(program)) return only(plainArguments(given, VALUES[program]))
  if (program === 'sed' || program === 'gsed') return only(sedFiles(given))
  if (program === 'perl' || program === 'ruby') return only(inPlaceFiles(given))
  if (program === 'dd') return only([textAfter(given, 'of=')].flatMap((file) => file ?? []))
  if (program === 'git') return gitFiles(given)
  if (program === 'patch') return patched(given)
  if (Object.hasOwn(OUTPUTS, program)) return only(outputOf(given, OUTPUTS[program]))
  if (/^(mv|cp|install|ln)$/.test(program)) return movedFiles(program, given)
  return rewritten(program, given)
}

/** The files that a program puts on the terminal, or some lines of them. */
export function shownBy(program: string, given: readonly ShellWord[]): readonly ShellWord[] {
  if (/^(cat|nl|head|tail|less|more)$/.test(program)) return plainArguments(given, /^-[nc]$/)
  return program === 'sed' && sedFiles(given).length === 0 ? plainArguments(given, undefined).slice(1) : []
}

/** The file that it names, and the folder that it goes to first. */
function patched(given: readonly ShellWord[]): ProgramFiles {
  const at = given.findIndex(({ text }) => /^(-d|--directory)$/.test(text))
  const folder = at < 0 ? textAfter(given, '--directory=') : given[at + 1]
  if (isTrial(given) || (folder && !folder.isCertain)) return NONE
  const files = only(plainArguments(given, PATCH_VALUES).slice(0, 1))
  return folder ? { ...files, base: folder.text } : files
}

const PATCH_VALUES = /^-[pdiorBDFgVYz]$/

/** `-` is the terminal. */
function outputOf(given: readonly ShellWord[], option: RegExp | undefined): ShellWord[] {
  const at = given.findIndex(({ text }) => option?.test(text))
  const file =
    at < 0 ? (textAfter(given, '--output=') ?? textAfter(given, '--output-document=')) : given[at + 1]
  return file && file.text !== '-' ? [file] : []
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
  const options = given.filter(({ text }) => /^-[a-zA-Z\d]/.test(text)).map(({ text }) => text)
  const isInPlace = options.some((option) => /^-[\da-df-zA-Z]*i/.test(option))
  const isOnLine = options.some((option) => /^-[a-zA-Z.\d]*e$/.test(option))
  return isInPlace && isOnLine ? plainArguments(given, /^-[a-zA-Z.\d]*e$/) : []
}
