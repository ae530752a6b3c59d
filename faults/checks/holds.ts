import type { Line, LineOf } from '../history.ts'
import { type Check, ms, ROUNDING_US, type Violation } from './check.ts'

interface Hold {
  readonly agent: string
  readonly token: number
  /** Until then the holder may count on it. */
  end: number
  readonly line: Line
}

type Granted = LineOf<'granted'>

/**
 * A force may arrive long after its caller has stopped waiting. It ends nothing that was granted since it was
 * asked for, but its instance knows Redis' clock only as well as its last answer came quickly.
 */
const FORCE_GRACE_US = 2_000_000

/** Locks of different agents on one path never overlap, as their holders know them. */
export class HoldsCheck implements Check {
  readonly #holds = new Map<string, Hold[]>()
  /** Path → until when a force may still strike. */
  readonly #forced = new Map<string, number>()

  take(line: Line): readonly Violation[] {
    switch (line.op) {
      case 'granted':
        return this.#grant(line)
      case 'renewed':
        for (const hold of this.#live(line.path))
          if (hold.agent === line.agent && hold.token === line.token) hold.end = Math.max(hold.end, line.ends)
        return []
      case 'releasing':
        for (const { path } of line.locks) this.#drop(path, (hold) => hold.agent === line.agent)
        return []
      case 'verified':
        if (!line.valid)
          this.#drop(line.path, ({ agent, token }) => agent === line.agent && token === line.token)
        return []
      case 'forcing':
        this.#forced.set(line.path, line.t + FORCE_GRACE_US)
        this.#holds.delete(line.path)
        return []
      case 'forced':
        this.#forced.set(line.path, line.t)
        return []
      default:
        return []
    }
  }

  #grant(line: Granted): Violation[] {
    // An answer that took longer than the lock lasts gives its caller nothing.
    if (line.ends <= line.t) return []
    // A force that struck before the answer came may have ended it already.
    const unforced = line.locks.filter(({ path }) => line.sent > (this.#forced.get(path) ?? 0))
    const violations = unforced.flatMap(({ path, token }) =>
      this.#live(path)
        .filter((hold) => hold.agent !== line.agent && hold.end - ROUNDING_US > line.t)
        .map((hold) => overlap(path, { hold, line, token })),
    )
    for (const { path, token } of unforced) this.#keep(path, token, line)
    return violations
  }

  /**
   * The end of a lock that is kept alive is unknown: FencesCheck sees at its verifications that it stands.
   */
  #keep(path: string, token: number, line: Granted): void {
    if (line.kept) return
    const rest = this.#live(path).filter((hold) => hold.end > line.t && hold.agent !== line.agent)
    this.#holds.set(path, [...rest, { agent: line.agent, token, end: line.ends, line }])
  }

  #live(path: string): Hold[] {
    return this.#holds.get(path) ?? []
  }

  #drop(path: string, isOver: (hold: Hold) => boolean): void {
    this.#holds.set(
      path,
      this.#live(path).filter((hold) => !isOver(hold)),
    )
  }
}

function overlap(
  path: string,
  { hold, line, token }: { hold: Hold; line: Granted; token: number },
): Violation {
  return {
    rule: 'holds are disjoint',
    message: `${path} was granted to ${line.agent} (token ${token}) while ${hold.agent} (token ${hold.token}) held it for another ${ms(hold.end - line.t)}`,
    lines: [hold.line, line],
  }
}
