/** A word of a command line. Certain is one that means just its text: without variables, patterns or programs in it. */
export interface ShellWord {
  readonly text: string
  readonly isCertain: boolean
  /** The word as a glob, where patterns are all that is uncertain in it; of quoted characters each stands for itself. */
  readonly glob?: string
  /** The command whose output stands in it. */
  readonly lister?: Lister | undefined
}

/** What prints the names that a variable takes, or that stand in a word; of a loop it may follow behind its body. */
export interface Lister {
  command: ShellCommand | undefined
}

/** One simple command of a line. */
export interface ShellCommand {
  readonly words: readonly ShellWord[]
  /** What its output is written to. */
  readonly targets: readonly ShellWord[]
  /** What it reads. */
  readonly input?: ShellWord | undefined
  /** The text of its here-document. */
  readonly hereText: string | undefined
  /** The one before it in a pipe. */
  readonly source?: ShellCommand | undefined
  /** A bracket instead: what comes until the one that closes runs in a shell of its own. */
  readonly bracket?: '(' | ')'
}

/** A character that stands without quotes, or a piece of the word. */
export interface Part {
  readonly text: string
  readonly isCertain: boolean
  /** Undefined where it is no text and no pattern. */
  readonly glob: string | undefined
  /** The character, where it could mean something within braces; quoted ones do not. */
  readonly sign?: string
  readonly lister?: Lister | undefined
}

export const NOTHING: Part = { text: '', isCertain: true, glob: '' }

export function certain(text: string): Part {
  return { text, isCertain: true, glob: text.replace(/[\\*?[\]!(){}]/g, '\\$&') }
}

export function unknown(text: string, lister?: Lister): Part {
  return { text, isCertain: false, glob: undefined, ...(lister && { lister }) }
}

/**
 * Of a line with more words and brackets, those that its variables stand for and those of shells in it too, only the beginning is
 * looked at: a hook holds up the client that waits for it.
 */
const MOST_WORDS = 20_000

/** How much of a line may still be read. */
export interface Work {
  left: number
}

export const workOfLine = (): Work => ({ left: MOST_WORDS })
