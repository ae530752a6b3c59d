import type { ToolWrites } from './event.ts'
import { patchWrites } from './patch.ts'
import { type ShellCommand, type ShellWord, shellCommands } from './shell-words.ts'

/** Programs of which every argument that is no option is a file that they change. */
const CHANGES_ALL = new Set(['rm', 'touch', 'tee', 'truncate', 'unlink', 'shred'])
/** Programs whose options take a value that names no file. */
const VALUES: Readonly<Record<string, RegExp>> = { truncate: /^-[sr]$/, touch: /^-[tdr]$/, shred: /^-[ns]$/ }

/**
 * The files that a command line writes, where that is certain: redirections, and a few common programs, with
 * names that stand there letter for letter. What comes out of a variable, a pattern or a program is not
 * guessed; after `cd` a relative name means nothing.
 */
export function shellWrites(line: string): ToolWrites {
  const paths: string[] = []
  const texts = [line]
  let isMoved = false
  for (const command of shellCommands(line)) {
    const written = writtenBy(command)
    paths.push(...written.filter((path) => !isMoved || path.startsWith('/')))
    const patch = /^(apply_patch|applypatch)$/.test(command.words[0]?.text ?? '')
      ? patchIn(command)
      : undefined
    if (patch !== undefined && !isMoved) paths.push(...patchWrites(patch).paths)
    isMoved ||= /^(cd|pushd|popd)$/.test(command.words[0]?.text ?? '')
  }
  return { paths: [...new Set(paths)].filter((path) => !path.startsWith('/dev/')), texts }
}

function patchIn({ hereText, words }: ShellCommand): string | undefined {
  return hereText ?? words[1]?.text
}

function writtenBy({ words, targets }: ShellCommand): string[] {
  const [program, ...given] = withoutPrefix(words)
  const files = program ? filesOf(program.text.split('/').at(-1) ?? '', given) : []
  return [...targets, ...files].flatMap(({ text, isCertain }) => (isCertain && text !== '' ? text : []))
}

/** `FOO=bar sudo env …` before the program. */
function withoutPrefix(words: readonly ShellWord[]): readonly ShellWord[] {
  const at = words.findIndex(
    ({ text }) => !/^([A-Za-z_]\w*=.*|sudo|env|command|exec|nohup|time|do|then|else|!)$/s.test(text),
  )
  return at < 0 ? [] : words.slice(at)
}

function filesOf(program: string, given: readonly ShellWord[]): readonly ShellWord[] {
  const isFlag = ({ text }: ShellWord) => /^-./.test(text)
  if (CHANGES_ALL.has(program)) return plainArguments(given, VALUES[program])
  if (program === 'sed') return sedFiles(given)
  const files = given.filter((word) => !isFlag(word))
  if (program === 'mv') return files.length === 2 && !given.some(isFlag) ? files : files.slice(0, -1)
  if (program === 'cp' || program === 'install' || program === 'ln')
    return files.length === 2 && given.length === 2 ? files.slice(-1) : []
  if (program === 'git' && given[0] && /^(rm|mv)$/.test(given[0].text)) return files.slice(1)
  return []
}

function plainArguments(given: readonly ShellWord[], takesValue: RegExp | undefined): ShellWord[] {
  return given.filter(
    ({ text }, at) => !/^-./.test(text) && !(at > 0 && takesValue?.test(given[at - 1]?.text ?? '')),
  )
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
