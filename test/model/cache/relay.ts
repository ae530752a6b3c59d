import { afterTold, loggedAfter, tell } from './events.ts'
import { has, isReader, isRefused, learnt, nameOf, refuse, step, type Turn } from './turn.ts'
import { isBelow } from './vectors.ts'

/** Finds in the log what no instance published, and publishes it. */
export function relaySteps(turn: Turn): void {
  const { self } = turn
  if (has(turn, 'no relay')) return
  if (self.relayed < 0) begin(turn)
  else if (self.round !== null) tellRound(turn, self.round)
  else if (wouldTell(turn) || (isReader(turn) && !self.isCaughtUp)) look(turn)
}

/** So far back that what the others may have left out is in it, and not after the start. */
function begin(turn: Turn): void {
  const { self, state } = turn
  if (!self.isLinked) return
  const untold = state.log.findIndex((_, place) => !state.published.includes(place + 1))
  const end = has(turn, 'the relay begins where the log ends') ? state.log.length : self.startedAt
  step(turn, 'begins its relay', { ...self, relayed: untold < 0 ? end : Math.min(untold, end) })
}

function look(turn: Turn): void {
  const { self, state } = turn
  const end = state.log.length
  if (end === self.relayed) {
    const isCaughtUp = self.isCaughtUp || self.isFed
    if (isCaughtUp && !self.isCaughtUp)
      step(turn, 'finds that all is told', { ...self, looked: end, isCaughtUp })
    return
  }
  const known = learnt(turn, self.known, loggedAfter(state, self.relayed))
  if (isReader(turn)) step(turn, 'reads the log', { ...self, known, looked: end, round: end })
  else tellRound({ ...turn, self: { ...self, looked: end } }, end)
}

function tellRound(turn: Turn, upTo: number): void {
  const { self, at, emit } = turn
  if (!self.isLinked) step(turn, 'cannot relay', { ...self, round: null })
  else if (isRefused(turn)) refuse(turn)
  else {
    const seqs = Array.from({ length: upTo - self.relayed }, (_, place) => self.relayed + 1 + place)
    const after = { ...self, relayed: upTo, round: null }
    emit(`${nameOf(at)} relays up to event ${upTo}`, afterTold(turn, tell(turn, seqs), after))
  }
}

/** A round that would tell nothing new only makes its own instance know more: that is left to the end of the second. */
function wouldTell({ state, self }: Turn): boolean {
  const { told, versions, hints } = state.redis
  const isUntold = state.log.some((_, place) => place >= self.relayed && !told.includes(place + 1))
  const known = versions.map((version, key) => Math.max(version, hints[key] ?? -1))
  return isUntold || isBelow(known, loggedAfter(state, self.relayed))
}
