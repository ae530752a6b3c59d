import { isTrial, movedFiles, NONE, only, type ProgramFiles, plainArguments } from './files.ts'
import type { ShellWord } from './parts.ts'

/** Of programs that rewrite what they are given: formatters, awk, rsync and such. */
export function rewritten(program: string, given: readonly ShellWord[]): ProgramFiles {
  if (/^g?awk$/.test(program)) return only(awkFiles(given))
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

/** `gawk -i inplace '…' a.ts`. */
function awkFiles(given: readonly ShellWord[]): readonly ShellWord[] {
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
