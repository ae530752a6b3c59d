import { columnsOf } from './document.ts'
import { newerFirst } from './newer-first.ts'
import type { Question, QuestionWord } from './question.ts'

export interface Candidate {
  readonly id: string
  /** As `documentText` made it. */
  readonly terms: string
  /** -1 to 1; null where one of the two has no vector. */
  readonly likeness: number | null
  /** When it was last written (ISO 8601). */
  readonly updatedAt: string
  readonly group: string
}

export interface Counts {
  /** Entries in the database. */
  readonly total: number
  /** In how many of them a term stands. */
  readonly of: ReadonlyMap<string, number>
}

export interface Scored {
  readonly id: string
  readonly rank: number
  /** The share of what was asked that the entry holds, 0 to 1. */
  readonly score: number
}

export const P = {"col":[2.3,1.6,1,0.9,1.1],"usual":[3,2,30,4,0],"b":[0.35,0.2,0.4,0.3,0],"k1":4,"cov":0.4,"vec":3.8,"vecFrom":0.15,"pair":0.25,"maxIdf":5,"idfPow":0.95,"xSyn":1.35,"xDist":0.18,"xSoft":0,"softFrom":0.55}

export function worthOf(word: QuestionWord, { total, of }: Counts): number {
  const exact = word.members.filter(({ weight }) => weight === 1)
  const n = Math.max(0, ...exact.map(({ term }) => of.get(term) ?? 0))
  const known = Math.max(0, ...word.members.map(({ term, weight }) => (of.get(term) ?? 0) * weight))
  return idf(n > 0 ? n : known, total)
}

function idf(n: number, total: number): number {
  return Math.min(P.maxIdf, Math.log(1 + (total - n + 0.5) / (n + 0.5))) ** P.idfPow
}

export function rankCandidates(question: Question, candidates: readonly Candidate[], counts: Counts): Scored[] {
  const worths = question.words.map((word) => worthOf(word, counts))
  const asked = question.words.reduce((sum, word, at) => sum + word.weight * (worths[at] ?? 0), 0) || 1
  const scored = candidates.map((candidate) => scoreOne(question, candidate, { worths, counts, asked }))
  return newerFirst(scored.filter(({ rank }) => rank > 0).sort((a, b) => b.rank - a.rank)) as any
}

function scoreOne(
  question: Question,
  candidate: Candidate,
  { worths, counts, asked }: { worths: readonly number[]; counts: Counts; asked: number },
): Scored & {updatedAt: string} {
  const columns = columnsOf(candidate.terms)
  const lengths = columns.map((words, at) => {
    const b = P.b[at] ?? 0
    return 1 - b + (b * words.length) / (P.usual[at] || 1)
  })
  const places = new Map<string, number>()
  for (const [at, words] of columns.entries()) {
    const share = (P.col[at] ?? 1) / (lengths[at] ?? 1)
    for (const word of words) places.set(word, (places.get(word) ?? 0) + share)
  }
  for (const { columns: around, weight } of (candidate as any).context ?? []) {
    const words = around[2] ?? []
    const length = 1 - P.b[2]! + (P.b[2]! * words.length) / 30
    for (const word of words) places.set(word, (places.get(word) ?? 0) + weight / length)
  }
  let sum = 0
  let held = 0
  for (const [at, word] of question.words.entries()) {
    const worth = worths[at] ?? 0
    let best = 0
    let bestWeight = 0
    for (const { term, weight } of word.members) {
      const tf = places.get(term)
      if (tf === undefined) continue
      const own = weight === 1 ? worth : Math.min(worth, idf(counts.of.get(term) ?? 0, counts.total))
      const value = ((weight === 1 ? 1 : weight * P.xSyn) * own * tf * (P.k1 + 1)) / (tf + P.k1)
      if (value > best) { best = value; bestWeight = weight }
    }
    const weight = word.weight === 0 ? P.pair * (word.members[0]!.weight < 1 ? 2 : 1) : word.weight
    sum += weight * best
    held += word.weight * worth * bestWeight
  }
  const score = Math.min(1, held / asked)
  const like = Math.max(0, ((candidate.likeness ?? 0) - P.vecFrom) / (1 - P.vecFrom))
  const soft = (candidate as any).soft
  if (soft) sum += soft(question, worths, places)
  const lexical = sum * (1 - P.cov + P.cov * score)
  return { id: candidate.id, score, rank: (lexical + P.vec * like) * (1 - P.xDist * ((candidate as any).distance ?? 0)), updatedAt: candidate.updatedAt, group: candidate.group, columns, likenessTo: (o: any) => (candidate as any).cos?.(o) ?? null } as any
}
