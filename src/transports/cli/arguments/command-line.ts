import { unknownFlag } from './globals.ts'
import { UsageError } from './usage-error.ts'

interface Wanted {
  /** What a word of the command line stands for, in order, for messages. */
  readonly words: readonly string[]
  readonly flags: readonly string[]
  /** The command that explains it all. */
  readonly help: string
}

/** The words and switches of a command that is no tool; each word is needed, no switch has a value. */
export function readCommandLine(
  argv: readonly string[],
  { words: wanted, flags: known, help }: Wanted,
): { words: readonly string[]; flags: ReadonlySet<string> } {
  const flags = new Set<string>()
  const words: string[] = []
  for (const arg of argv) {
    const name = arg.replace(/^--/, '')
    if (!arg.startsWith('-') || arg === '-') words.push(arg)
    else if (known.includes(name)) flags.add(name)
    else throw unknownFlag(arg, known, `See ${help}.`)
  }
  const missing = wanted[words.length]
  if (missing !== undefined) throw new UsageError('MISSING_FIELD', `${missing} is missing.`, `See ${help}.`)
  const extra = words[wanted.length]
  if (extra === undefined) return { words, flags }
  throw new UsageError('INVALID_PARAMETER', `'${extra.slice(0, 64)}' is one word too many.`, `See ${help}.`)
}

export function isHelp(argv: readonly string[]): boolean {
  return argv.includes('--help') || argv.includes('-h')
}
