/** Constant of reciprocal rank fusion: how little the first places count for more than the next ones. */
const RANK_CONSTANT = 60

/** One index' finds, best first. */
export interface RankList {
  readonly weight: number
  readonly ids: readonly string[]
}

/** An id and its fused score: 1 for what every list has first, falling towards 0. */
export interface Fused {
  readonly id: string
  readonly score: number
}

/**
 * Joins lists by rank positions, since scores of two indexes don't compare: weighted reciprocal rank fusion (Cormack, Clarke
 * and Büttcher, SIGIR 2009). Equal scores keep the order of the first list that has them.
 */
export function fuseRanks(lists: readonly RankList[]): Fused[] {
  const scores = new Map<string, number>()
  for (const { weight, ids } of lists) {
    for (const [place, id] of ids.entries()) {
      scores.set(id, (scores.get(id) ?? 0) + weight / (RANK_CONSTANT + place + 1))
    }
  }
  const best = lists.reduce((sum, { weight }) => sum + weight, 0) / (RANK_CONSTANT + 1)
  const ranked = [...scores].map(([id, score]) => ({ id, score: Math.round((score / best) * 1e6) / 1e6 }))
  return ranked.sort((a, b) => b.score - a.score)
}
