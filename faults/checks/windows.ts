import type { Line } from '../history.ts'

interface Window {
  readonly kind: string
  readonly begin: number
  end: number
}

/** How long after its end a fault may still be the cause of something. */
const AFTERMATH_US = 2_000_000
const REMEMBERED = 32
const LAG_US = 5_000_000

/** Which faults there were, and how late the machine was with its timers. */
export class Windows {
  #windows: Window[] = []
  #lags: { readonly t: number; readonly lagMs: number }[] = []

  take(line: Line): void {
    if (line.op === 'fault' && line.phase === 'begin') {
      this.#windows.push({ kind: line.kind, begin: line.t, end: Number.POSITIVE_INFINITY })
      this.#windows = this.#windows.slice(-REMEMBERED)
    }
    if (line.op === 'fault' && line.phase === 'end')
      for (const window of this.#windows)
        if (window.kind === line.kind) window.end = Math.min(window.end, line.t + AFTERMATH_US)
    // A process that does nothing but wait shows how busy the machine is; a frozen instance would show
    // something else.
    if (line.op === 'counts' && line.by === 'run')
      this.#lags = [...this.#lags.filter(({ t }) => t > line.t - LAG_US), line]
  }

  /** The kinds of the faults that reach into this time. */
  between(begin: number, end: number): string[] {
    const kinds = this.#windows.filter((window) => window.begin <= end && window.end >= begin)
    return [...new Set(kinds.map((window) => window.kind))]
  }

  /** What a bound may be exceeded by: the machine itself was so late of late, twice over. */
  slackUs(): number {
    return 2_000 * Math.max(0, ...this.#lags.map(({ lagMs }) => lagMs))
  }
}
