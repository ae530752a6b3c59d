import type { Clock } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { maskedJson } from '../../domain/text/secrets.ts'

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy'

/** What is looked at, in the order in which it is shown. */
export const HEALTH_PARTS = ['database', 'redis', 'cache', 'locks', 'events', 'search'] as const
export type HealthPart = (typeof HEALTH_PARTS)[number]

/** A part of the server as it shows itself. Never a secret, never stored text. */
export type PartReport = Readonly<Record<string, unknown>>

/** How one part is looked at. Every backend brings its own. */
export interface Probe {
  /** Without a vital part nothing works: its trouble is `unhealthy`, that of another `degraded`. */
  readonly isVital: boolean
  /** What the part shows when the check throws or does not end. */
  readonly down: PartReport
  /** `problem` says in plain words what is wrong although the check went through; `isVital` that this one is. */
  readonly check: () => Promise<{
    readonly report: PartReport
    readonly problem?: string
    readonly isVital?: boolean
  }>
}

export type Probes = Readonly<Record<HealthPart, Probe>>

export interface HealthReport extends Readonly<Record<HealthPart, PartReport>> {
  readonly status: HealthStatus
  /** What is wrong, one sentence a part; empty when healthy. */
  readonly problems: readonly string[]
  readonly version: string
  readonly instance_id: string
  readonly uptime_ms: number
}

interface Outcome {
  readonly part: HealthPart
  readonly isVital: boolean
  readonly report: PartReport
  readonly problem?: string | undefined
}

const CHECK_LIMIT_MS = 2000

/** The state of this instance. Answers in bounded time, whatever is broken. */
export class Health {
  readonly #identity: { readonly version: string; readonly instanceId: string }
  readonly #probes: Probes
  readonly #clock: Clock
  readonly #limitMs: number
  readonly #startedAt: number

  constructor(
    identity: { readonly version: string; readonly instanceId: string },
    options: { readonly probes: Probes; readonly clock: Clock; readonly limitMs?: number },
  ) {
    this.#identity = identity
    this.#probes = options.probes
    this.#clock = options.clock
    this.#limitMs = options.limitMs ?? CHECK_LIMIT_MS
    this.#startedAt = options.clock.monotonic()
  }

  async check(): Promise<HealthReport> {
    const outcomes = await Promise.all(HEALTH_PARTS.map((part) => this.#look(part)))
    const troubled = outcomes.filter((outcome) => outcome.problem !== undefined)
    const reports = Object.fromEntries(outcomes.map(({ part, report }) => [part, report]))
    return maskedJson({
      status: statusOf(troubled),
      problems: troubled.map(({ part, problem }) => `${part}: ${problem}`),
      version: this.#identity.version,
      instance_id: this.#identity.instanceId,
      uptime_ms: this.#clock.monotonic() - this.#startedAt,
      // One outcome for each part.
      ...(reports as Record<HealthPart, PartReport>),
    })
  }

  async #look(part: HealthPart): Promise<Outcome> {
    const { isVital, down, check } = this.#probes[part]
    try {
      return { part, isVital, ...(await within(this.#limitMs, check)) }
    } catch (error) {
      const problem = error instanceof AppError ? error.message : 'The check failed unexpectedly.'
      return { part, isVital, report: { ...down, error: problem }, problem }
    }
  }
}

function statusOf(troubled: readonly Outcome[]): HealthStatus {
  if (troubled.length === 0) return 'healthy'
  return troubled.some((outcome) => outcome.isVital) ? 'unhealthy' : 'degraded'
}

async function within<T>(limitMs: number, run: () => Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const error = () => new AppError('INTERNAL_ERROR', `It did not answer within ${limitMs} ms.`)
  const timer = setTimeout(() => reject(error()), limitMs)
  try {
    return await Promise.race([run(), late])
  } finally {
    clearTimeout(timer)
  }
}
