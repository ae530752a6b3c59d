import type { Emit } from '../checker.ts'
import type { LockMistake, LockSetup } from './setup.ts'
import type { Agent, Instance, Server, State } from './state.ts'

export interface World {
  readonly setup: LockSetup
  readonly state: State
  readonly emit: Emit<State>
}

export function has({ setup }: Pick<World, 'setup'>, mistake: LockMistake): boolean {
  return setup.mistake === mistake
}

export function agentName(agent: number): string {
  return ['ann', 'bob', 'cid'][agent] ?? '?'
}

export function instanceName(at: number): string {
  return `I${at + 1}`
}

export function pathNames(paths: readonly number[]): string {
  return paths.map((path) => 'pqr'[path] ?? '?').join(' and ')
}

export function withAgent(state: State, at: number, agent: Agent): State {
  return { ...state, agents: state.agents.with(at, agent) }
}

export function withInstance(state: State, at: number, instance: Instance): State {
  return { ...state, instances: state.instances.with(at, instance) }
}

export function withServer(state: State, at: number, server: Server): State {
  return { ...state, servers: state.servers.with(at, server) }
}

/** Tokens of an epoch are above all of those before. */
export function tokenOf(epoch: number, count: number): number {
  return epoch * 16 + count
}
