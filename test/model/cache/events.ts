import type { Instance, Redis, State, Vector } from './state.ts'
import { has, learnt, step, type Turn, versionsOf } from './turn.ts'
import { maxima, only } from './vectors.ts'

type Log = Pick<State, 'log' | 'due'>

/** The version that an event carries. */
export function versionAt({ log, due }: Log, seq: number): Vector {
  const key = log[seq - 1] ?? 0
  return only(key, log.slice(0, seq).filter((each) => each === key).length, due.length)
}

/** The versions of the events after a number. */
export function loggedAfter(state: Log, after: number): Vector {
  return versionsOf(state).map((version, key) => (state.log.slice(after).includes(key) ? version : -1))
}

/** publish.lua, and what pub/sub does with its messages. The log is that of the sender. */
export function tell(turn: Turn, seqs: readonly number[], log = turn.state.log): State {
  const { state } = turn
  const { told } = state.redis
  const fresh = seqs.filter((seq) => !told.includes(seq))
  const instances = state.instances.map((each) =>
    each.isFed && fresh.length > 0 ? { ...each, inbox: [...each.inbox, ...fresh].sort() } : each,
  )
  const published = [...new Set([...state.published, ...fresh])].sort()
  const redis = { ...afterTelling(turn, seqs, log), told: [...told, ...fresh].sort() }
  return { ...state, redis, instances, published }
}

function afterTelling(turn: Turn, seqs: readonly number[], log: readonly number[]): Redis {
  const { redis, due } = turn.state
  const answer = has(turn, 'answers are deleted instead of compared') ? null : redis.answer
  const carried = seqs.map((seq) => versionAt({ log, due }, seq))
  const news = carried.reduce(
    maxima,
    due.map(() => -1),
  )
  const isSure = (key: number) =>
    redis.versions[key] !== -1 || has(turn, 'a told version counts where none was known')
  const versions = redis.versions.map((version, key) =>
    isSure(key) ? Math.max(version, news[key] ?? -1) : version,
  )
  const hints = redis.hints.map((hint, key) => (isSure(key) ? -1 : Math.max(hint, news[key] ?? -1)))
  return { ...redis, answer, versions, hints }
}

/** The state of that telling after which `self` is another, but for what it was told itself. */
export function afterTold(turn: Turn, told: State, self: Instance): State {
  const inbox = told.instances[turn.at]?.inbox ?? []
  return { ...told, instances: told.instances.with(turn.at, { ...self, inbox }) }
}

/** Messages may come in any order here, though on one connection they do not. */
export function hear(turn: Turn, seq: number): void {
  const { state, self } = turn
  const event = versionAt(seq <= state.log.length ? state : announced(turn), seq)
  const known = learnt(turn, self.known, event)
  const l1 = has(turn, 'answers are deleted instead of compared') ? null : self.l1
  const inbox = self.inbox.filter((each) => each !== seq)
  step(turn, `hears of event ${seq}`, { ...self, known, heard: maxima(self.heard, event), l1, inbox })
}

/** With the event of a write that is not committed yet: only with that mistake. */
function announced({ state }: Turn): Log {
  const coming = state.instances.find(({ write }) => write?.isCommitted === false)?.write
  return { due: state.due, log: [...state.log, coming?.key ?? 0] }
}
