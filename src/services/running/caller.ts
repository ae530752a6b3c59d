import type { RepositoryMarks } from '../../domain/repository.ts'
import type { ScopeType } from '../../domain/scope.ts'

/** Who calls, from where. A transport makes one for each connection. */
export interface Caller {
  readonly agentId: string
  /** A key says who it is: an `agent_id` among the arguments is not asked. */
  readonly isAuthenticated?: boolean
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
  /** What `~/` stands for. */
  readonly home?: string
}

/** A scope as an argument names it. */
export interface ScopeArgument {
  readonly scope_type?: ScopeType | undefined
  readonly scope_id?: string | undefined
}
