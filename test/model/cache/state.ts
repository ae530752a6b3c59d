/** A version of each scope key; -1 where it is unknown. The number of writes to a key is its version. */
export type Vector = readonly number[]

/** An answer: what its rows showed (a version is all that a row holds here) and the stamp that says how new it is. */
export interface Kept {
  readonly stamp: Vector
  readonly value: Vector
}

/** What a read must reach, as it was when the read began. Only the proof knows it; the protocol does not. */
export interface Need {
  /** Writes of this instance that were answered. */
  readonly own: Vector
  /** Answers that this instance gave. */
  readonly shown: Vector
  /** Events that this instance received. */
  readonly heard: Vector
  /** Writes of any instance that are older than a second, or of any age where the read is strong. */
  readonly due: Vector
  readonly isStrong: boolean
}

/** Where a read that waits for something has got to. */
export type Stage =
  /** Asks the database for versions before anything else. */
  | 'versions'
  /** Its script is on the way to Redis. */
  | 'peek'
  /** The answer of the script is on the way back. */
  | 'peeked'
  /** Asks the database for versions since Redis lacks some, or is away. */
  | 'unknown'
  /** Waits for the load of this process. */
  | 'joined'

export interface Read {
  readonly stage: Stage
  readonly need: Need
  /** What the script found. */
  readonly answer: Kept | null
  readonly versions: Vector
  /** Redis has not lost its versions since it was asked: it takes what will be read. */
  readonly shares: boolean
  /** What a joiner must reach. Null for the caller that began the load. */
  readonly floor: Vector | null
}

/** A read of the rows under way, for all who wait for it. */
export interface Load {
  /** As of the read that began it. */
  readonly shares: boolean
  /** Null until the database has answered. */
  readonly kept: Kept | null
  /** With two statements instead of one snapshot: what the first one saw. */
  readonly half: Vector | null
}

/** A write that has not been answered. */
export interface Write {
  readonly seq: number
  readonly key: number
  readonly isCommitted: boolean
  readonly isMerged: boolean
}

export interface Instance {
  readonly known: Vector
  readonly l1: Kept | null
  /** The connection for commands, and the one for messages and heartbeats. */
  readonly isLinked: boolean
  readonly isFed: boolean
  readonly epoch: number
  readonly isCaughtUp: boolean
  /** The feed's last heartbeat is less than a second old. */
  readonly isProven: boolean
  /** Numbers of events that the feed will deliver. */
  readonly inbox: readonly number[]
  /** Where the log ended when the instance started. */
  readonly startedAt: number
  /** How far the relay has told the log; -1 before its first round. */
  readonly relayed: number
  /** How far it has read the log. */
  readonly looked: number
  /** The last event of the log that a round under way tells. */
  readonly round: number | null
  readonly load: Load | null
  /** An answer on its way to Redis. */
  readonly put: Kept | null
  readonly write: Write | null
  readonly reads: readonly Read[]
  readonly own: Vector
  readonly shown: Vector
  readonly heard: Vector
}

export interface Redis {
  /** 0: emptied, and no instance has begun an epoch since. */
  readonly epoch: number
  /** Another server than the one that the epoch was begun on. */
  readonly isOther: boolean
  readonly versions: Vector
  /** Versions that were told where none was known: there may be later ones. */
  readonly hints: Vector
  readonly answer: Kept | null
  /** Numbers of the events that were published. */
  readonly told: readonly number[]
}

export interface State {
  /** The key that each event moved, in the order of the commits. */
  readonly log: readonly number[]
  /** Events that were told at some time, though Redis may have forgotten it. */
  readonly published: readonly number[]
  /** The versions that are older than a second. */
  readonly due: Vector
  /** Epochs that the database has given. */
  readonly epochs: number
  readonly redis: Redis
  readonly instances: readonly Instance[]
  readonly faultsLeft: number
}
