/** How much each instance does. */
export interface Load {
  /** Agents that take and give back locks, all at once. */
  readonly agents: number
  /** How many files most of the locks are about. */
  readonly paths: number
  /** The longest pause of an agent between two locks. */
  readonly thinkMs: number
  readonly readsPerSecond: number
  /** Loops that change entries, all at once, and how often each of them does. */
  readonly writers: number
  readonly writesPerSecond: number
  /** How many of their rounds add several entries at once; the others change one. */
  readonly addsShare: number
}

/** An entry that all workers read and change; `word` finds it and nothing else. */
export interface SharedEntry {
  readonly id: string
  readonly word: string
  readonly projectId: string
}

/** What a run gives to each of its workers, as JSON in FAULTS_WORKER: no setting of the product. */
export interface WorkerSettings {
  readonly by: string
  readonly seed: number
  readonly history: string
  readonly counters: string
  readonly entries: readonly SharedEntry[]
  readonly load: Load
  /** Whether it subscribes to all events: each subscriber reads the whole log. */
  readonly listens: boolean
  /** Other people's cache and locks in the place of ours, on the same database. */
  readonly usesLibraries: boolean
}

export type Order =
  | { readonly id: number; readonly do: 'pause' | 'go' | 'die after commit' | 'rss' }
  | { readonly id: number; readonly do: 'start'; readonly entries: readonly SharedEntry[] }
  | {
      readonly id: number
      readonly do: 'read at once'
      readonly query: string
      readonly projectId: string
      readonly readers: number
    }
  | { readonly id: number; readonly do: 'measure'; readonly entry: SharedEntry }
  | { readonly id: number; readonly do: 'loads of'; readonly query: string }
  | { readonly id: number; readonly do: 'make entries'; readonly count: number; readonly projects: number }
