import { afterShowing, brokenBy, isUsable } from './answers.ts'
import { join, loadSteps, newLoad, putSteps } from './loads.ts'
import type { Instance, Kept, Need, Read, Vector } from './state.ts'
import { has, isReader, isRefused, learnt, puts, refuse, show, step, type Turn, versionsOf } from './turn.ts'
import { isComplete } from './vectors.ts'

/** `RedisCache.get` and all that it leads to, one stretch between two awaits a step. */
export function readSteps(turn: Turn): void {
  const { setup, self, at } = turn
  if (self.reads.length < (setup.reads[at] ?? 0)) {
    begin(turn)
    if (setup.isStrong) beginStrong(turn)
  }
  self.reads.forEach((read, place) => {
    goOn(turn, read, place)
  })
  if (self.load) loadSteps(turn, self.load)
  // Some read of an instance that is not looked at closely.
  else if (!isReader(turn) && self.isLinked && !self.put) loadSteps(turn, newLoad(true))
  if (self.put) putSteps(turn, self.put)
}

function needOf({ state, self }: Turn, isStrong: boolean): Need {
  const { own, shown, heard } = self
  return { own, shown, heard, due: isStrong ? versionsOf(state) : state.due, isStrong }
}

function begun(turn: Turn, need: Need, stage: Read['stage']): Instance {
  const none = turn.state.due.map(() => -1)
  const read: Read = { stage, need, answer: null, versions: none, shares: false, floor: null }
  return { ...turn.self, reads: [...turn.self.reads, read] }
}

function begin(turn: Turn): void {
  const { self } = turn
  const isFresh = self.isCaughtUp && self.isProven
  const mayAnswerAlone = isFresh || has(turn, 'no R6: L1 is trusted without a heartbeat')
  const need = needOf(turn, false)
  if (mayAnswerAlone && self.l1 && isUsable(turn, self, self.l1)) {
    serve(turn, { need, self, from: 'L1', answer: self.l1 })
    return
  }
  step(turn, 'begins to read', begun(turn, need, self.isCaughtUp ? 'peek' : 'versions'))
}

function beginStrong(turn: Turn): void {
  const stage = has(turn, 'strong asks nobody') ? 'peek' : 'versions'
  step(turn, 'begins a strong read', begun(turn, needOf(turn, true), stage))
}

function serve(
  turn: Turn,
  { need, self, from, answer }: { need: Need; self: Instance; from: string; answer: Kept },
): void {
  step(turn, `reads ${show(answer)} from ${from}`, afterShowing(self, answer), brokenBy(answer, need))
}

function goOn(turn: Turn, read: Read, place: number): void {
  if (read.stage === 'versions') askVersions(turn, read, place)
  if (read.stage === 'peek') peek(turn, read, place)
  if (read.stage === 'peeked') peeked(turn, read, place)
  if (read.stage === 'unknown') decide(knowingAll(turn), read, place)
}

/** After the database was asked for versions. */
function knowingAll(turn: Turn): Turn {
  const { self, state } = turn
  return { ...turn, self: { ...self, known: learnt(turn, self.known, versionsOf(state)) } }
}

function askVersions(turn: Turn, read: Read, place: number): void {
  const asked = knowingAll(turn)
  const { self } = asked
  if (read.need.isStrong && self.l1 && isUsable(asked, self, self.l1)) decide(asked, read, place)
  else step(asked, 'asks the database for versions', become(self, { ...read, stage: 'peek' }, place))
}

function become(self: Instance, read: Read, place: number): Instance {
  return { ...self, reads: self.reads.with(place, read) }
}

/** read.lua */
function peek(turn: Turn, read: Read, place: number): void {
  const { self, state, setup } = turn
  const { answer, versions } = state.redis
  if (!self.isLinked) step(turn, 'does without Redis', become(self, { ...read, stage: 'unknown' }, place))
  else if (isRefused(turn)) refuse(turn)
  else {
    const found: Read = { ...read, stage: 'peeked', answer, versions, shares: puts(turn) }
    const what = answer ? `the answer ${show(answer)}` : 'no answer'
    if (setup.hasLateReplies) step(turn, `finds ${what} in Redis`, become(self, found, place))
    else peeked(turn, found, place)
  }
}

function peeked(turn: Turn, read: Read, place: number): void {
  const { self } = turn
  const isBlind = has(turn, 'no R4: a version that Redis lacks counts as 0')
  const versions = isBlind ? read.versions.map((version) => Math.max(version, 0)) : read.versions
  const next = { ...self, known: learnt(turn, self.known, versions) }
  if (has(turn, 'no R5: what a read finds is not merged')) compareAlone(turn, { read, next, place })
  else if (isComplete(versions) && !isNews(self, versions)) decide(turn, read, place)
  else {
    const unknown: Read = { ...read, stage: 'unknown', versions: versions.map(() => -1) }
    step(turn, 'learns that Redis lacks versions, or says what is news', become(self, unknown, place))
  }
}

/** Any client may have put it there: only the database's word counts. */
function isNews({ known }: Instance, versions: Vector): boolean {
  return versions.some((version, key) => version > (known[key] ?? -1))
}

/** Only with that mistake: served by what is known now, which is forgotten again. */
function compareAlone(
  turn: Turn,
  { read, next, place }: { read: Read; next: Instance; place: number },
): void {
  const { self } = turn
  const { answer, need } = read
  const rest = { ...self, reads: self.reads.toSpliced(place, 1) }
  if (answer && isUsable(turn, next, answer)) serve(turn, { need, self: rest, from: 'Redis', answer })
  else decide({ ...turn, self }, { ...read, answer: null }, place)
}

/** L1 validated, L2, a second look, or the rows. */
function decide(turn: Turn, read: Read, place: number): void {
  const { self } = turn
  const { need, answer } = read
  const rest = { ...self, reads: self.reads.toSpliced(place, 1) }
  if (self.l1 && isUsable(turn, self, self.l1)) {
    serve(turn, { need, self: rest, from: 'L1', answer: self.l1 })
    return
  }
  if (answer && isUsable(turn, self, answer)) {
    const known = learnt(turn, self.known, answer.stamp)
    serve(turn, { need, self: { ...rest, known, l1: answer }, from: 'Redis', answer })
    return
  }
  const anew: Read = { ...read, answer: null, versions: read.versions.map(() => -1) }
  // Another instance reads the rows, perhaps: it waits, and gives up at some time.
  step(turn, 'looks again', become(self, { ...anew, stage: 'peek', shares: false }, place))
  join(turn, { ...anew, stage: 'joined' }, place)
}
