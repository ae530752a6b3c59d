import type { Line, LineOf } from '../history.ts'
import type { Check, Violation } from './check.ts'

interface Grant {
  readonly agent: string
  readonly token: number
  readonly line: LineOf<'granted'>
}

interface PathTokens {
  /** By the time that they were known, oldest first; of each only if it is larger than all before. */
  readonly peaks: Grant[]
  /** The largest token whose release was confirmed. */
  released: { token: number; line: Line } | undefined
}

const REMEMBERED = 64

/** Tokens of a path grow in real time, whatever restarts; a lock that was given back or overtaken never stands again. */
export class FencesCheck implements Check {
  readonly #paths = new Map<string, PathTokens>()

  take(line: Line): readonly Violation[] {
    if (line.op === 'granted') return line.locks.flatMap((lock) => this.#grant(lock, line))
    if (line.op === 'verified' && line.valid) return this.#verified(line)
    if (line.op === 'released') for (const lock of line.locks) this.#release(lock, line)
    return []
  }

  #grant({ path, token }: { path: string; token: number }, line: LineOf<'granted'>): Violation[] {
    const tokens = this.#of(path)
    const before = known(tokens.peaks, line.sent)
    const violations: Violation[] = []
    // What an agent has already it is given again, with the same token.
    if (before && (token < before.token || (token === before.token && before.agent !== line.agent))) {
      violations.push({
        rule: 'fences grow',
        message: `${path}: token ${token} for ${line.agent} after token ${before.token} for ${before.agent}`,
        lines: [before.line, line],
      })
    }
    const { released } = tokens
    if (released && released.line.t < line.sent && token <= released.token) {
      violations.push({
        rule: 'no lock lives after its release',
        message: `${path}: token ${token} was granted again after its release was confirmed`,
        lines: [released.line, line],
      })
    }
    if (token > (tokens.peaks.at(-1)?.token ?? 0)) tokens.peaks.push({ agent: line.agent, token, line })
    if (tokens.peaks.length > REMEMBERED) tokens.peaks.splice(0, REMEMBERED / 2)
    return violations
  }

  #verified(line: LineOf<'verified'>): Violation[] {
    const { peaks, released } = this.#of(line.path)
    const later = known(peaks, line.sent)
    if (later && later.token > line.token) {
      return [
        {
          rule: 'only one lock stands',
          message: `${line.path}: token ${line.token} of ${line.agent} was found valid after ${later.agent} had got token ${later.token}`,
          lines: [later.line, line],
        },
      ]
    }
    if (!released || released.line.t >= line.sent || line.token > released.token) return []
    return [
      {
        rule: 'no lock lives after its release',
        message: `${line.path}: token ${line.token} of ${line.agent} was found valid after its release was confirmed`,
        lines: [released.line, line],
      },
    ]
  }

  #release({ path, token }: { path: string; token: number }, line: Line): void {
    const tokens = this.#of(path)
    if (token > (tokens.released?.token ?? 0)) tokens.released = { token, line }
  }

  #of(path: string): PathTokens {
    const found = this.#paths.get(path) ?? { peaks: [], released: undefined }
    this.#paths.set(path, found)
    return found
  }
}

/** The largest token that an agent knew before that time. */
function known(peaks: readonly Grant[], before: number): Grant | undefined {
  return peaks.findLast(({ line }) => line.t < before)
}
