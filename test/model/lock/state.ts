/** A lease as the store keeps it. Times are in ticks; 0 is over. */
export interface Lease {
  readonly agent: number
  readonly token: number
  readonly left: number
  /** The instance that puts it back should the store forget it. */
  readonly via: number
  /** The call that granted, extended or renewed it last. Those of one agent count down. */
  readonly request: number
}

export interface Waiter {
  readonly agent: number
  readonly request: number
  readonly paths: readonly number[]
  readonly ticket: number
  /** Ticks since it tried last. */
  readonly age: number
}

/** One Redis server. */
export interface Server {
  /** 0: emptied, and no instance has begun an epoch since. */
  readonly epoch: number
  /** Another server than the one that the epoch was begun on. */
  readonly isOther: boolean
  /** The instance that is beginning an epoch; -1 for none. Forgotten after a while. */
  readonly beginner: number
  /** Grants of this memory. */
  readonly count: number
  /** So long no agent is granted anything. */
  readonly recovery: number
  /** For each path; one that has ended stays until an agent takes the path. */
  readonly leases: readonly (Lease | null)[]
  readonly waiters: readonly Waiter[]
}

/** What an instance has granted, to put it back. */
export type Granted = Pick<Lease, 'agent' | 'token' | 'left' | 'request'>

/** The message that another instance looks after a lease now. */
export interface Gone {
  readonly path: number
  readonly token: number
}

export interface Instance {
  /** Which server it is connected to, or was. */
  readonly server: number
  readonly stage: 'linked' | 'away' | 'beginning' | 'reasserting'
  readonly epoch: number
  /** The recovery time that the epoch it begins shall have, once it was read. */
  readonly recovery: number | null
  readonly granted: readonly (Granted | null)[]
  /** What this instance has written down, and in which epoch. */
  readonly until: number
  readonly untilEpoch: number
  readonly inbox: readonly Gone[]
}

export type Reply =
  | {
      readonly kind: 'granted' | 'renewed'
      readonly leases: readonly (Granted & { readonly path: number })[]
    }
  | { readonly kind: 'queued' | 'refused' | 'done' }

export interface Call {
  readonly kind: 'acquire' | 'renew' | 'release'
  readonly via: number
  readonly paths: readonly number[]
  /** Names it in all its tries. */
  readonly request: number
  readonly waits: boolean
  /** The epoch in which it was answered. */
  readonly epoch: number
  readonly reply: Reply | null
  /** Tokens that an earlier try got, whose answer was lost. */
  readonly before: readonly number[]
}

/** What an agent was told and has no reason to doubt. */
export interface Hold {
  readonly token: number
  readonly left: number
}

export interface Agent {
  readonly call: Call | null
  readonly calls: number
  readonly holds: readonly (Hold | null)[]
}

/** What the database keeps for the locks. */
export interface Database {
  /** The latest epoch that it gave. */
  readonly latest: number
  /** So long some lease may live. */
  readonly noted: number
}

/** A release that its agent has given up, on its way still. */
export interface LateRelease {
  readonly agent: number
  readonly path: number
  readonly request: number
  readonly via: number
  readonly server: number
  readonly epoch: number
}

export interface State {
  readonly agents: readonly Agent[]
  readonly instances: readonly Instance[]
  /** The last one is where new connections go. */
  readonly servers: readonly Server[]
  readonly database: Database
  /** The largest token that any agent got, for each path, and that agent. */
  readonly tokens: readonly number[]
  readonly owners: readonly number[]
  readonly late: LateRelease | null
  readonly faultsLeft: number
}
