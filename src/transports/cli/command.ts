import type { z } from 'zod'
import type { CommandIo } from './io.ts'

export type Given = Readonly<Record<string, unknown>>

/** A whole line, with what is to be said of it. */
export type Example = readonly [line: string, comment: string]

/** One command as data: reading, errors, help and completion are made from it. */
export interface Command {
  /** What stands after `agent-memory`. */
  readonly words: readonly string[]
  readonly summary: string
  /** What else its help says. */
  readonly about?: string
  /** Each property is an option. Of `meta`, `short`, `value` and `isSecret` count (arguments/schema.ts). */
  readonly input: z.ZodObject
  /** Options whose values may stand as mere words, in order. */
  readonly positional: readonly string[]
  readonly examples: readonly Example[]
  /** A value of - is read from stdin; elsewhere the command decides what it means. */
  readonly readsStdin?: true
  /** The exit code: 0 done, 1 refused, 2 not understood; may throw an AppError (1) or a UsageError (2). */
  readonly run: (given: Given, io: CommandIo) => Promise<number>
}

/** A word that another one must follow: the program itself, or a tool. */
export interface Branch {
  readonly words: readonly string[]
  readonly summary: string
  /** Not a tool, whose actions are operations. */
  readonly isOwn?: true
  /** What may follow, by every spelling of it. */
  readonly next: ReadonlyMap<string, Branch | Command>
}

export function isBranch(place: Branch | Command): place is Branch {
  return 'next' in place
}

/** What may follow, each once, under the name that help shows. */
export function nextOf({ next }: Branch): readonly (readonly [name: string, place: Branch | Command])[] {
  return [...new Set(next.values())].map((place) => [place.words.at(-1) ?? '', place])
}

/** The words that lead there, as they are typed. */
export function lineOf({ words }: Pick<Command, 'words'>): string {
  return ['agent-memory', ...words].join(' ')
}

/** How the command line writes a name: with dashes, whatever it was written with. */
export function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll(/[_.]/g, '-')
}
