import type { Emit } from '../checker.ts'
import type { CacheMistake, CacheSetup } from './setup.ts'
import type { Instance, Kept, Redis, State, Vector } from './state.ts'
import { merged } from './vectors.ts'

/** What one instance may do in one state. */
export interface Turn {
  readonly setup: CacheSetup
  readonly state: State
  readonly at: number
  readonly self: Instance
  readonly emit: Emit<State>
}

export function has({ setup }: Pick<Turn, 'setup'>, mistake: CacheMistake): boolean {
  return setup.mistake === mistake
}

/** A step after which `self` is another. */
export function step(turn: Turn, what: string, self: Instance, broken?: string): void {
  turn.emit(`${nameOf(turn.at)} ${what}`, withSelf(turn, self), broken)
}

export function nameOf(at: number): string {
  return 'ABC'[at] ?? '?'
}

export function withSelf(
  { state, at }: Pick<Turn, 'state' | 'at'>,
  self: Instance,
  redis = state.redis,
): State {
  return { ...state, redis, instances: state.instances.with(at, self) }
}

/** It answers reads; see CacheSetup. */
export function isReader({ setup, at }: Pick<Turn, 'setup' | 'at'>): boolean {
  return (setup.reads[at] ?? 0) > 0
}

/** Where there are others, what they put is all that could be put: the reader itself need not. */
export function puts({ setup, at }: Pick<Turn, 'setup' | 'at'>): boolean {
  return !isReader({ setup, at }) || setup.reads.every((most) => most > 0)
}

/** What the database says now. */
export function versionsOf({ log, due }: Pick<State, 'log' | 'due'>, upTo = log.length): Vector {
  const versions = due.map(() => 0)
  for (let seq = 0; seq < upTo; seq++) {
    const key = log[seq] ?? 0
    versions[key] = (versions[key] ?? 0) + 1
  }
  return versions
}

/** R3, or its lack. */
export function learnt(turn: Pick<Turn, 'setup' | 'at'>, known: Vector, versions: Vector): Vector {
  if (!isReader(turn)) return known
  if (!has(turn, 'no R3: the last message wins')) return merged(known, versions)
  return known.map((version, key) => {
    const last = versions[key] ?? -1
    return last < 0 ? version : last
  })
}

/** The script of an instance that missed the beginning of an epoch is refused; the connection is made anew. */
export function isRefused({ self, state }: Turn): boolean {
  return self.epoch !== state.redis.epoch
}

export function refuse(turn: Turn): void {
  step(turn, 'is refused: another epoch began', { ...turn.self, isLinked: false })
}

/**
 * Redis has lost its versions: it takes nothing any more that was read before (the name of its memory, which the code hands
 * from the read to the put, is another).
 */
export function forgetting({ setup, state }: Pick<Turn, 'setup' | 'state'>, redis: Redis): State {
  const none = redis.versions.map(() => -1)
  const lost = { ...state, redis: { ...redis, versions: none, hints: none } }
  if (has({ setup }, 'put of what was read before the versions were lost')) return lost
  return { ...lost, instances: state.instances.map(withoutSharing) }
}

function withoutSharing(each: Instance): Instance {
  const load = each.load?.shares ? { ...each.load, shares: false } : each.load
  const reads = each.reads.some(({ shares }) => shares)
    ? each.reads.map((read) => ({ ...read, shares: false }))
    : each.reads
  return { ...each, load, reads, put: null }
}

export function show({ value }: Kept): string {
  return value.join('/')
}
