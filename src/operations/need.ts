import type { Permission } from '../domain/access/grant.ts'
import type { Scope } from '../domain/scope.ts'

/** What a call must have been granted to its agent. */
export interface Need {
  readonly permission: Permission
  /** Nearest first; undefined where there is nothing of that id. */
  readonly chain: readonly Scope[] | undefined
  /** Entries of one of these types; null: all that stands in the scope; `any`: something in it. */
  readonly types: readonly string[] | null | 'any'
  /**
   * How the caller named it, where that was by an id: a caller that may not read it gets the answer that it
   * does not exist.
   */
  readonly named?: { readonly what: string; readonly id: string; readonly isScope?: true }
  /** It was found by a path: not every caller may know which project has that folder. */
  readonly isByPath?: true
}
