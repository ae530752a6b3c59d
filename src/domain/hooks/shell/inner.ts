import type { ShellWord } from './parts.ts'

export interface InnerLine {
  readonly line: string
  /** What `$0`, `$1` … stand for in it. */
  readonly given: readonly ShellWord[]
}

const SHELL = /^(ba|z|da|k)?sh$/

export function isShell(program: ShellWord | undefined): boolean {
  const name = program?.text.split('/').at(-1) ?? ''
  return name === 'eval' || SHELL.test(name)
}

/** Of `bash -lc '…'`, of `eval`, or of a shell that reads its lines from a here-document. */
export function innerLine(
  program: string,
  given: readonly ShellWord[],
  hereText?: string | undefined,
): InnerLine | undefined {
  if (program === 'eval') return evaluated(given)
  if (!SHELL.test(program)) return undefined
  const at = given.findIndex(({ text }) => /^-[a-z]*c$/.test(text))
  if (at >= 0) {
    const line = given[at + 1]
    return line?.isCertain ? { line: line.text, given: given.slice(at + 2) } : undefined
  }
  const isRead = hereText !== undefined && given.every(({ text }) => /^-[a-z]*$/.test(text))
  return isRead ? { line: hereText, given: [] } : undefined
}

function evaluated(given: readonly ShellWord[]): InnerLine | undefined {
  if (!given.every(({ isCertain }) => isCertain)) return undefined
  return { line: given.map(({ text }) => text).join(' '), given: [] }
}
