import { isTrial, movedFiles, NONE, only, type ProgramFiles, plainArguments, textAfter } from './files.ts'
import type { ShellWord } from './parts.ts'

/** Of programs that rewrite what they are given: formatters, awk, rsync and such. */
export function rewritten(program: string, given: readonly ShellWord[]): ProgramFiles {
  if (/^[gmn]?awk$/.test(program)) return only(awkFiles(given))
  if (program === 'unzip') return unzipped(given)
  if (/^(bsd|g)?tar$/.test(program)) return unpacked(given)
  if (program === 'sd') return only(plainArguments(given, /^-[fn]$/).slice(2))
  if (program === 'rsync') return syncedFiles(given)
  return Object.hasOwn(FIXERS, program) ? only(fixedFiles(program, given)) : NONE
}

interface Fixer {
  /** Without it nothing is written. */
  readonly option?: RegExp
  /** With it nothing is. */
  readonly not?: RegExp
  /** Words before the files. */
  readonly words?: RegExp
}

const CHECKS = /^(--check|--diff|--check-only|-d|-l)$/
const FIX = /^(--fix|--write|--apply(-unsafe)?|--unsafe)$/

/** Formatters and the like, which rewrite the files that they are given. */
const FIXERS: Readonly<Record<string, Fixer>> = {
  prettier: { option: /^(--write|-w)$/ },
  eslint: { option: FIX },
  stylelint: { option: FIX },
  oxlint: { option: FIX },
  standard: { option: FIX },
  xo: { option: FIX },
  biome: { option: FIX, words: /^(check|format|lint)$/ },
  black: { not: CHECKS },
  isort: { not: CHECKS },
  ruff: { option: /^(format|--fix|--fix-only)$/, not: CHECKS, words: /^(check|format)$/ },
  autopep8: { option: /^(-[a-z]*i|--in-place)$/ },
  yapf: { option: /^(-[a-z]*i|--in-place)$/ },
  gofmt: { option: /^-w$/ },
  gofumpt: { option: /^-w$/ },
  goimports: { option: /^-w$/ },
  rustfmt: { not: CHECKS },
  'clang-format': { option: /^-i$/ },
  shfmt: { option: /^-w$/ },
  yq: { option: /^(-[a-z]*i|--inplace)$/, words: /^(e|eval)$/ },
  rubocop: { option: /^(-a|-A|--autocorrect(-all)?)$/ },
  ed: {},
  ex: {},
}

const FIXER_VALUES =
  /^(--(config|ignore-path|parser|plugin|ext|rule|line-length|edition|style|cache-location)|-c|-S)$/

function fixedFiles(program: string, given: readonly ShellWord[]): readonly ShellWord[] {
  const { option, not, words } = FIXERS[program] ?? {}
  const has = (pattern: RegExp) => given.some(({ text }) => pattern.test(text))
  if ((option && !has(option)) || (not && has(not))) return []
  const plain = plainArguments(given, FIXER_VALUES)
  const files = words?.test(plain[0]?.text ?? '') ? plain.slice(1) : plain
  return program === 'yq' ? files.slice(1) : files
}

/** `gawk -i inplace '…' a.ts`, and what its script prints into: `{ print > "a.ts" }`. */
function awkFiles(given: readonly ShellWord[]): readonly ShellWord[] {
  const plain = plainArguments(given, /^-[iFvf]$/)
  const script = given.some(({ text }) => text === '-f') ? '' : (plain[0]?.text ?? '')
  const printed = Array.from(script.matchAll(PRINTED), ([, text = '']) => ({ text, isCertain: true }))
  return [...printed, ...inPlaceFiles(given)]
}

/** A whole name, to which nothing is added. What stands in brackets is compared. Bounded: it is tried at each `print`. */
const PRINTED =
  /\bprintf?\b(?:[^;{}\n"()>]|"(?:[^"\\\n]|\\.)*"|\([^()\n]*\)){0,200}>>?\s*"([^"\\\n]+)"\s*(?=[;}\n]|$)/g

function inPlaceFiles(given: readonly ShellWord[]): readonly ShellWord[] {
  const isInPlace = given.some(({ text }, at) => /^-i$/.test(text) && given[at + 1]?.text === 'inplace')
  const hasFile = given.some(({ text }) => text === '-f')
  return isInPlace ? plainArguments(given, /^-[iFvf]$/).slice(hasFile ? 0 : 1) : []
}

/** `rsync -a from/ to`; what is on another machine has a colon. */
function syncedFiles(given: readonly ShellWord[]): ProgramFiles {
  const plain = plainArguments(given, /^-(e|-rsh|-exclude|-include|-filter)$/)
  const [target, sources] = [plain.at(-1), plain.slice(0, -1)]
  if (
    !target ||
    /^[^/]*:/.test(target.text) ||
    isTrial(given) ||
    given.some(({ text }) => /^-[a-zA-Z]*n/.test(text))
  )
    return NONE
  const whole = sources.some(({ text }) => text.endsWith('/'))
  return whole ? { ...NONE, below: [{ folder: target }] } : movedFiles('cp', plain)
}

const HERE: ShellWord = { text: '.', isCertain: true }

/** The members that are named, or whatever the archive holds. */
function membersIn(folder: ShellWord | undefined, members: readonly ShellWord[]): ProgramFiles {
  if (members.length === 0 || !folder?.isCertain) return { ...NONE, below: [{ folder: folder ?? HERE }] }
  return { ...only(members), base: folder.text }
}

function unzipped(given: readonly ShellWord[]): ProgramFiles {
  if (given.some(({ text }) => /^-[a-zA-Z]*[ltpzZvcT]/.test(text))) return NONE
  const [archive, ...members] = plainArguments(given, /^-[dxP]$/)
  const at = given.findIndex(({ text }) => text === '-d')
  return archive ? membersIn(at < 0 ? HERE : given[at + 1], members) : NONE
}

const TAR_VALUES =
  /^(-[a-zA-Z]*[fCTXIb]|--(file|directory|exclude|files-from|exclude-from|use-compress-program))$/

/** `tar xf a.tar`, `tar -xzf a.tgz -C to`, `tar --extract --file=a.tar`. */
function unpacked(given: readonly ShellWord[]): ProgramFiles {
  const [first, ...rest] = given
  // The letters without a hyphen take their values from the words behind them.
  const letters = first && !first.text.startsWith('-') ? first.text : ''
  const options = letters === '' ? given : rest
  const has = (short: RegExp, long: RegExp) =>
    short.test(letters) ||
    options.some(({ text }) => long.test(text) || (/^-[a-zA-Z]+$/.test(text) && short.test(text)))
  if (!has(/x/, /^--(extract|get)$/) || has(/[tcO]/, /^--(list|create|to-stdout)$/)) return NONE
  const plain = plainArguments(options, TAR_VALUES)
  const members = letters.includes('f') ? plain.slice(1) : plain
  const at = options.findIndex(({ text }) => /^(-[a-zA-Z]*C|--directory)$/.test(text))
  const folder = at < 0 ? (textAfter(options, '--directory=') ?? HERE) : options[at + 1]
  const isRenamed = options.some(({ text }) => /^--(strip|transform|xform|files-from|wildcards)/.test(text))
  return membersIn(folder, isRenamed ? [] : members)
}
