/** A word of a command line. Certain is one that means just its text: without variables, patterns or programs in it. */
export interface ShellWord {
  readonly text: string
  readonly isCertain: boolean
  /** The word as a glob, where patterns are all that is uncertain in it; of quoted characters each stands for itself. */
  readonly glob?: string
}

/** A character that stands without quotes, or a piece of the word. */
export interface Part {
  readonly text: string
  readonly isCertain: boolean
  /** Undefined where it is no text and no pattern. */
  readonly glob: string | undefined
  /** The character, where it could mean something within braces; quoted ones do not. */
  readonly sign?: string
}

export const NOTHING: Part = { text: '', isCertain: true, glob: '' }

export function certain(text: string): Part {
  return { text, isCertain: true, glob: text.replace(/[\\*?[\]!(){}]/g, '\\$&') }
}
