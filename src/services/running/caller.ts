import type { Rights } from '../../domain/access/rights.ts'
import type { RepositoryMarks } from '../../domain/places/repository.ts'
import type { ScopeType } from '../../domain/scope.ts'

/** The agent that calls, and from where. A transport makes one for each connection. */
export interface Caller {
  readonly agentId: string
  /**
   * True when a key names the agent: an `agent_id` among the arguments is ignored then. False for a caller
   * that came over a network without a key; left out for the one that started this process.
   */
  readonly isAuthenticated?: boolean
  /** Calls again and again, also to read: it is at work between its writes. */
  readonly stays?: boolean
  /** May do everything, whatever was granted: the caller has the key of the settings. */
  readonly isAdministrator?: true
  /** The caller's rights; left out where rights are not checked. */
  readonly rights?: Rights
  /** The project that a call without a scope means; null where nothing may be guessed (HTTP). */
  readonly workspace: Workspace | null
}

/** What a connection knows of its surroundings. */
export interface Workspace {
  /** AGENT_MEMORY_PROJECT, or null. */
  readonly project: string | null
  /** Root that identifies the project (the main work tree of a Git repository), or null outside of any. */
  readonly root: string | null
  /** Root that relative file paths mean: this work tree, else the working directory. */
  readonly pathRoot: string
  /** True in the home folder and in /, where a relative path means nothing. */
  readonly isOutside?: boolean
  /** Knows what the repository is known by elsewhere; null or left out where there is none. */
  readonly repository?: { readonly remotes: readonly string[]; marks(): Promise<RepositoryMarks> } | null
  /**
   * Paths come from a program on this machine, not from a model: nothing in them is mended or refused as a pattern, and links are
   * followed wherever they lead.
   */
  readonly isExact?: boolean
  /** What `~/` stands for. */
  readonly home?: string
}

/** A scope as an argument names it. */
export interface ScopeArgument {
  readonly scope_type?: ScopeType | undefined
  readonly scope_id?: string | undefined
}
