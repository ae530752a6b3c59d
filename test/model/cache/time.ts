import { loggedAfter } from './events.ts'
import type { Instance, State } from './state.ts'
import { has, isReader, learnt, nameOf, type Turn, versionsOf } from './turn.ts'

type World = Pick<Turn, 'setup' | 'state' | 'emit'>

/**
 * A second passes. Until its end every relay has had its round; where all was told, an instance may be frozen instead. A feed
 * has answered its heartbeat only if it has delivered everything.
 */
export function seconds(world: World): void {
  const { setup, state, emit } = world
  const end = state.log.length
  const isTold = state.redis.told.length === end
  if (!isTold && !has(world, 'no relay') && state.instances.some((each) => isBehind(each, end))) return
  const relayed = (each: Instance, at: number) => afterRelay(world, at, each)
  emit('a second passes', after(state, state.instances.map(relayed)))
  if (!isTold) return
  state.instances.forEach((frozen, at) => {
    if (!isReader({ setup, at })) return
    const instances = state.instances.map(relayed).with(at, { ...frozen, isProven: false })
    emit(`a second passes in which ${nameOf(at)} is frozen`, after(state, instances))
  })
}

/** An instance that has never reached Redis has nothing to relay. */
function isBehind({ relayed, looked, round }: Instance, end: number): boolean {
  return relayed >= 0 && (looked < end || round !== null)
}

function after(state: State, instances: readonly Instance[]): State {
  return { ...state, instances, due: versionsOf(state) }
}

function afterRelay({ setup, state }: World, at: number, each: Instance): Instance {
  const isProven = each.isProven && each.isFed && each.inbox.length === 0
  if (each.relayed < 0 || has({ setup }, 'no relay')) return { ...each, isProven }
  const known = learnt({ setup, at }, each.known, loggedAfter(state, each.relayed))
  const end = state.log.length
  const hasTold = state.redis.told.length === end && each.round === null
  return { ...each, isProven, known, looked: end, relayed: hasTold ? end : each.relayed }
}
