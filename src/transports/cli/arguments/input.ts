import { type Command, dashed, type Given } from '../command.ts'
import type { CommandLine } from './command-line.ts'
import { type Flag, flagsOf, isList } from './schema.ts'
import { givenTwice, tooManyWords, UsageError } from './usage.ts'
import { toValue } from './values.ts'

/** The value that means "read it from stdin". */
const STDIN = '-'

type Texts = ReadonlyMap<Flag, readonly string[]>

/** The input that a command's options and words make. `readStdin` is called once at most. */
export async function inputOf(
  command: Command,
  { texts, words }: Pick<CommandLine, 'texts' | 'words'>,
  readStdin: () => Promise<string>,
): Promise<Given> {
  const all = withWords(command, texts, words)
  const filled = command.readsStdin ? await withStdin(all, readStdin) : all
  const input: Record<string, unknown> = {}
  for (const [flag, given] of filled) place(input, flag, toValue(flag, given))
  return input
}

/** Words go to the positional options; a list takes all that are left, and several for one go to its plural. */
function withWords(command: Command, texts: Texts, words: readonly string[]): Texts {
  const flags = new Map(flagsOf(command.input).map((flag) => [flag.name, flag]))
  const all = new Map(texts)
  const slots = command.positional.flatMap((name) => flags.get(dashed(name)) ?? [])
  const last = slots.at(-1)
  const plural = slots.length === 1 && words.length > 1 ? flags.get(`${last?.name}s`) : undefined
  for (const [at, word] of words.entries()) {
    const flag = plural ?? slots[at] ?? last
    if (!flag || (at >= slots.length && !isList(flag.schema))) throw tooManyWords(word, command)
    all.set(flag, [...(all.get(flag) ?? []), word])
  }
  return all
}

async function withStdin(texts: Texts, readStdin: () => Promise<string>): Promise<Texts> {
  const waiting = [...texts].flatMap(([flag, given]) =>
    given.filter((text) => text === STDIN).map(() => flag),
  )
  const [flag, ...more] = waiting
  if (!flag) return texts
  if (more.length > 0)
    throw new UsageError('INVALID_PARAMETER', 'Only one value can be read from stdin.', 'Use - once.')
  const read = await readStdin()
  const given = texts.get(flag) ?? []
  return new Map(texts).set(flag, given.with(given.indexOf(STDIN), read))
}

function place(input: Record<string, unknown>, flag: Flag, value: unknown): void {
  const [argument = '', part] = flag.path
  const whole = input[argument]
  if (part === undefined && whole === undefined) input[argument] = value
  else if (part === undefined || (whole !== undefined && !isOpen(whole, part))) throw givenTwice(flag)
  else input[argument] = { ...whole, [part]: value }
}

function isOpen(whole: unknown, part: string): whole is object {
  return typeof whole === 'object' && whole !== null && !(part in whole)
}
