import type { Instance, Kept, Need, Vector } from './state.ts'
import { has, type Turn } from './turn.ts'
import { isBelow, isCurrent, isSame, maxima } from './vectors.ts'

/** What every answer must keep. */
const CACHE_PROMISES = {
  own: 'an instance reads its own writes',
  shown: 'reads on one instance never go backwards',
  heard: 'nothing older than a received event',
  due: 'nothing older than a second',
  strong: 'a strong read sees every commit before it',
  stored: 'an answer shows the rows of its stamp',
} as const

/** R2 and the rows' own promise, for an answer that a caller is about to get. */
export function brokenBy({ value, stamp }: Kept, need: Need): string | undefined {
  if (isBelow(value, need.own)) return CACHE_PROMISES.own
  if (isBelow(value, need.shown)) return CACHE_PROMISES.shown
  if (isBelow(value, need.heard)) return CACHE_PROMISES.heard
  if (isBelow(value, need.due)) return need.isStrong ? CACHE_PROMISES.strong : CACHE_PROMISES.due
  return isSame(value, stamp) ? undefined : CACHE_PROMISES.stored
}

/** What the instance may serve: R2. */
export function isUsable(turn: Turn, { known }: Instance, { stamp }: Kept): boolean {
  if (has(turn, 'no R2: an answer is served whatever is known')) return true
  if (has(turn, 'answers are deleted instead of compared')) return true
  if (has(turn, 'only the first dependency is compared'))
    return isCurrent(known.slice(0, 1), stamp.slice(0, 1))
  return isCurrent(known, stamp)
}

/** The instance after it gave that answer. */
export function afterShowing(self: Instance, { value }: { readonly value: Vector }): Instance {
  return { ...self, shown: maxima(self.shown, value) }
}
