/** How one call is made. */
export interface Call {
  /** Gives the call up. */
  readonly signal?: AbortSignal
  /** Changes only that version of an entry: where it has moved on, the call is refused (CONFLICT) and nothing is merged. */
  readonly ifVersion?: number
}

/** What may stand beside any answer. */
export interface Told {
  /** News for the agent that called: somebody wants its file, or has decided something. */
  readonly notices?: readonly string[]
  readonly hint?: string
  /** Where secrets were masked in what was stored. */
  readonly secrets_masked?: readonly Readonly<Record<string, unknown>>[]
}

/** One operation, as the catalogue names it and REST asks for it. */
export interface Spec {
  readonly tool: string
  readonly action: string | null
  readonly routes: readonly string[]
  readonly reads: boolean
}

export type Arguments = Readonly<Record<string, unknown>>

/** Which events to follow. */
export interface FollowRequest {
  /** Those after this number; from now on without. */
  readonly since?: number
  /** Types or groups of them (`lock.*`). */
  readonly types?: readonly string[]
  readonly scope_type?: 'global' | 'org' | 'project' | 'session'
  readonly scope_id?: string
  /** Ends the loop. */
  readonly signal?: AbortSignal
}

/** Events were lost: read again what you rely on. */
export interface Resync {
  readonly type: 'resync'
  readonly last_seq: number
}
