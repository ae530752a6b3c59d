import { isTrial, plainArguments } from './files.ts'
import type { ShellWord } from './parts.ts'

interface DiffFile {
  readonly file: string
  /** The shell opens it, in its own folder and not in the one that the program was told. */
  readonly isShells: boolean
  readonly strip: number | undefined
}

/** How many folders a program takes off the names in a diff, undefined for all; null where it applies none. */
export function stripOf(program: string, given: readonly ShellWord[]): number | undefined | null {
  const isGit = appliedAt(program, given) >= 0
  if (isTrial(given) || given.some(({ text }) => SHOWS.test(text)) || !(isGit || program === 'patch'))
    return null
  const at = given.findIndex(({ text }) => /^(-p\d*|--strip=\d+)$/.test(text))
  const strip = /\d+/.exec(given[at]?.text ?? '')?.[0] ?? (at < 0 ? undefined : given[at + 1]?.text)
  return strip === undefined && !isGit ? undefined : Number(strip ?? 1)
}

const SHOWS = /^--(numstat|summary|cached|abort|quit|continue|skip|show-current-patch)\b/

/** The files with diffs that a command applies, where it names them. */
export function diffFiles(
  program: string,
  given: readonly ShellWord[],
  input: ShellWord | undefined,
): readonly DiffFile[] {
  const strip = stripOf(program, given)
  if (strip === null) return []
  const named = program === 'patch' ? namedToPatch(given) : namedToGit(program, given)
  const files = named.map((word) => ({ word, isShells: false }))
  if (files.length === 0 && input) files.push({ word: input, isShells: true })
  return files.flatMap(({ word: { text, isCertain }, isShells }) =>
    isCertain && text !== '' ? [{ file: text, isShells, strip }] : [],
  )
}

function appliedAt(program: string, given: readonly ShellWord[]): number {
  return program === 'git' ? given.findIndex(({ text }) => /^(apply|am)$/.test(text)) : -1
}

const namedToGit = (program: string, given: readonly ShellWord[]) =>
  plainArguments(given.slice(appliedAt(program, given) + 1), /^(-[pC]|--(directory|exclude|include))$/)

function namedToPatch(given: readonly ShellWord[]): readonly ShellWord[] {
  const at = given.findIndex(({ text }) => /^(-i|--input)$/.test(text))
  const [, joined] = given.flatMap(({ text }) => /^--input=(.+)$/s.exec(text) ?? [])
  if (joined !== undefined) return [{ text: joined, isCertain: true }]
  return given.slice(at + 1, at < 0 ? 0 : at + 2)
}
