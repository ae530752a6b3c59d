import type { Line } from '../history.ts'

/** A promise that a history breaks, and the few lines that show it. */
export interface Violation {
  readonly rule: string
  readonly message: string
  readonly lines: readonly Line[]
}

/** Looks at the lines of all processes in the order of their time, with bounded memory. */
export interface Check {
  take(line: Line): readonly Violation[]
}

/** Clocks are read and cut to whole milliseconds on both sides. */
export const ROUNDING_US = 2_000

export const ms = (microseconds: number) => `${(microseconds / 1000).toFixed(1)} ms`
