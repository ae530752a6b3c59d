import { afterShowing, brokenBy } from './answers.ts'
import type { Instance, Kept, Load, Read, Redis } from './state.ts'
import {
  has,
  isReader,
  isRefused,
  learnt,
  nameOf,
  refuse,
  show,
  step,
  type Turn,
  versionsOf,
  withSelf,
} from './turn.ts'
import { isCurrent, reachesFloor } from './vectors.ts'

export function newLoad(shares: boolean): Load {
  return { shares, kept: null, half: null }
}

/** One load at a time; a caller that finds one under way waits for it. */
export function join(turn: Turn, read: Read, place: number): void {
  const { self } = turn
  const become = (joined: Read) => self.reads.with(place, { ...joined, shares: false })
  if (self.load)
    step(turn, 'waits for its own load', { ...self, reads: become({ ...read, floor: self.known }) })
  else step(turn, 'begins to load', { ...self, load: newLoad(read.shares), reads: become(read) })
}

export function loadSteps(turn: Turn, load: Load): void {
  const { self, state } = turn
  const now = versionsOf(state)
  const found = (kept: Kept) => ({ ...self, load: { ...load, half: null, kept } })
  if (load.kept) {
    if (!self.put) settle(turn, load.kept)
  } else if (has(turn, 'rows before their stamp')) {
    if (load.half) step(turn, `reads the stamp ${now.join('/')}`, found({ value: load.half, stamp: now }))
    else step(turn, `reads the rows ${now.join('/')}`, { ...self, load: { ...load, half: now } })
  } else if (has(turn, 'stamp and rows in two statements')) {
    if (load.half) step(turn, `reads the rows ${now.join('/')}`, found({ value: now, stamp: load.half }))
    else step(turn, `reads the stamp ${now.join('/')}`, { ...self, load: { ...load, half: now } })
  } else {
    const kept = { value: now, stamp: now }
    if (isReader(turn)) step(turn, `reads rows and stamp ${now.join('/')}`, found(kept))
    else step(turn, `reads rows and stamp ${now.join('/')}`, { ...self, put: kept })
  }
}

/** The load has ended: what it found is merged, kept, put, and given to every caller that may have it. */
function settle(turn: Turn, kept: Kept): void {
  const { self } = turn
  const known = learnt(turn, self.known, kept.stamp)
  const joined = self.reads.filter(({ stage }) => stage === 'joined')
  const served = joined.filter((read) => takes(turn, read, kept))
  const left = joined.filter((read) => !takes(turn, read, kept))
  const others = self.reads.filter(({ stage }) => stage !== 'joined')
  const next: Instance = {
    ...self,
    known,
    l1: isReader(turn) && isCurrent(known, kept.stamp) ? kept : self.l1,
    put: self.load?.shares ? kept : null,
    // The first of those for whom it is too old loads anew, for all of them.
    load: left.length > 0 ? newLoad(false) : null,
    reads: [...others, ...left.map((read, place) => (place === 0 ? { ...read, floor: null } : read))],
  }
  const shown = served.length > 0 ? afterShowing(next, kept) : next
  const broken = served.map(({ need }) => brokenBy(kept, need)).find((promise) => promise !== undefined)
  step(turn, `ends its load: ${served.length} of its reads get ${show(kept)}`, shown, broken)
}

function takes(turn: Turn, { floor }: Read, { stamp }: Kept): boolean {
  return floor === null || has(turn, 'a joiner takes what it gets') || reachesFloor(stamp, floor)
}

export function putSteps(turn: Turn, kept: Kept): void {
  const { self, at, emit } = turn
  if (!self.isLinked) return
  if (isRefused(turn)) refuse(turn)
  else emit(`${nameOf(at)} puts ${show(kept)}`, withSelf(turn, { ...self, put: null }, afterPut(turn, kept)))
}

/** put.lua */
function afterPut(turn: Turn, kept: Kept): Redis {
  const { redis } = turn.state
  if (has(turn, 'put lowers what Redis knows')) return { ...redis, versions: kept.stamp, answer: kept }
  const toldOf = (key: number) => Math.max(redis.versions[key] ?? -1, redis.hints[key] ?? -1)
  const isReached = (version: number, key: number) => toldOf(key) <= version
  const versions = redis.versions.map((version, key) => {
    const stamped = kept.stamp[key] ?? -1
    return isReached(stamped, key) ? stamped : version
  })
  const hints = redis.hints.map((hint, key) => (isReached(kept.stamp[key] ?? -1, key) ? -1 : hint))
  return { ...redis, versions, hints, answer: kept.stamp.every(isReached) ? kept : redis.answer }
}
