import { type Scope, type ScopeRef, scopeRef } from '../../../domain/scope.ts'
import { SIMILAR_FROM, similarityTo } from '../../../domain/words/ranking/similarity.ts'
import type { AlikeText } from '../../../store/entries/alike.ts'

/** A near-duplicate: perhaps it should be updated instead. */
export interface SimilarEntry extends ScopeRef {
  readonly id: string
  readonly name: string
  /** 0 to 1, where 1 is the same words. */
  readonly similarity: number
}

const MOST_SHOWN = 3

/**
 * Of what was found (`findAlike`) the entries that say nearly the same as a new one: the most similar first, three at most. Hints: some
 * may be missing.
 */
export function mostSimilar(
  candidates: readonly AlikeText[],
  chain: readonly Scope[],
  entry: { name: string; content: string },
): SimilarEntry[] {
  if (candidates.length === 0) return []
  const scopes = new Map(chain.map((scope) => [scope.id, scope]))
  const similarity = similarityTo(entry)
  return candidates
    .map((other) => ({ ...other, similarity: Math.round(similarity(other) * 100) / 100 }))
    .filter((other) => other.similarity >= SIMILAR_FROM)
    .sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? 1 : -1))
    .slice(0, MOST_SHOWN)
    .map(({ id, name, scopeId, similarity: share }) => {
      const scope = scopes.get(scopeId) ?? { type: 'global', id: scopeId }
      return { id, name, ...scopeRef(scope), similarity: share }
    })
}
