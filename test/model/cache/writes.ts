import { afterTold, tell, versionAt } from './events.ts'
import type { Instance, Write } from './state.ts'
import { has, isReader, isRefused, learnt, nameOf, refuse, step, type Turn, withSelf } from './turn.ts'
import { maxima } from './vectors.ts'

/** A write, from its transaction to its answer. */
export function writeSteps(turn: Turn): void {
  const { self, state, setup, at } = turn
  if (self.write) goOn(turn, self.write)
  else if (state.log.length < setup.writes && setup.writers.includes(at)) {
    for (let key = 0; key < setup.keys; key++) begin(turn, key)
  }
}

function begin(turn: Turn, key: number): void {
  const { state, self, at, emit } = turn
  const seq = state.log.length + 1
  const write = { seq, key, isCommitted: true, isMerged: !isReader(turn) }
  if (!has(turn, 'the event goes out before the commit')) {
    const next = withSelf(turn, { ...self, write })
    emit(`${nameOf(at)} commits event ${seq}`, { ...next, log: [...state.log, key] })
    return
  }
  if (state.instances.some((each) => each.write?.isCommitted === false)) return
  const told = tell(turn, [seq], [...state.log, key])
  const next = { ...self, write: { ...write, isCommitted: false } }
  emit(`${nameOf(at)} tells of event ${seq}`, afterTold(turn, told, next))
}

function goOn(turn: Turn, write: Write): void {
  const { state, self, at, emit } = turn
  const become = (next: Write): Instance => ({ ...self, write: next })
  if (!write.isCommitted) {
    const next = withSelf(turn, become({ ...write, isCommitted: true }))
    emit(`${nameOf(at)} commits event ${write.seq}`, { ...next, log: [...state.log, write.key] })
  } else if (!write.isMerged) {
    const isForgotten = has(turn, 'a write is not merged before its answer')
    const known = isForgotten ? self.known : learnt(turn, self.known, versionAt(state, write.seq))
    step(turn, 'learns the version of its write', { ...become({ ...write, isMerged: true }), known })
  } else answer(turn, write)
}

/** Tells the others, if that is possible, and answers the writer either way. */
function answer(turn: Turn, { seq }: Write): void {
  const { state, self, at, emit } = turn
  const own = isReader(turn) ? maxima(self.own, versionAt(state, seq)) : self.own
  const answered = { ...self, write: null, own }
  if (!self.isLinked) step(turn, 'answers its writer and can tell nobody', answered)
  else if (isRefused(turn)) refuse(turn)
  else emit(`${nameOf(at)} tells of event ${seq} and answers`, afterTold(turn, tell(turn, [seq]), answered))
}
