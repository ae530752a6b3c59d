import { LRUCache } from 'lru-cache'
import { GLOBAL_SCOPE_ID, type Scope } from '../../domain/scope.ts'
import type { Caller, ScopeArgument } from '../running/caller.ts'

const MOST_REMEMBERED = 1_000

/** A scope and those that it inherits from, nearest first, by their ids. */
export type ChainOfIds = readonly { readonly id: string }[]

/**
 * What calls with the same words for a scope meant last. A guess: by it a write asks for what it will need together with the question
 * of where it goes, and asks anew where the answer is another one.
 */
export class LastChains {
  readonly #byWords = new LRUCache<string, ChainOfIds>({ max: MOST_REMEMBERED })
  /** What the write of a call has read: the names in its answer are there. */
  readonly #byCall = new WeakMap<Caller, readonly Scope[]>()

  chain(caller: Caller, argument: ScopeArgument): ChainOfIds | undefined {
    return this.#byWords.get(wordsFor(caller, argument))
  }

  /** The scope that is likely meant; undefined where nothing is known. */
  target(caller: Caller, argument: ScopeArgument): string | undefined {
    if (argument.scope_type === 'global') return GLOBAL_SCOPE_ID
    return argument.scope_id ?? this.chain(caller, argument)?.[0]?.id
  }

  keep(caller: Caller, argument: ScopeArgument, chain: readonly Scope[]): void {
    this.#byWords.set(
      wordsFor(caller, argument),
      chain.map(({ id }) => ({ id })),
    )
    this.read(caller, chain)
  }

  /** The write of a call has read this chain. */
  read(caller: Caller, chain: readonly Scope[]): void {
    this.#byCall.set(caller, chain)
  }

  /** Names of these scopes, where the call has read all of them. */
  names(caller: Caller, ids: readonly string[]): ReadonlyMap<string, string> | undefined {
    const chain = this.#byCall.get(caller)
    if (!chain) return undefined
    const names = new Map(chain.map(({ id, name }) => [id, name]))
    return ids.every((id) => names.has(id)) ? names : undefined
  }
}

/** All that the scope of a call depends on, beside the rows. */
function wordsFor({ workspace }: Caller, { scope_type: type, scope_id: id }: ScopeArgument): string {
  const { project, root, pathRoot, repository } = workspace ?? {}
  return JSON.stringify([
    type,
    id,
    ...(id === undefined ? [project, root, pathRoot, repository?.remotes] : []),
  ])
}
