import { type Member, type QuestionWord, WAYS } from '../asked/question.ts'

// Why an entry stands where it stands, in the numbers that put it there.

/** The parts of an entry, in the order of its columns. */
export const COLUMNS = ['name', 'tags', 'content', 'fields', 'forms'] as const
/** And what was said around a turn. */
export const PLACES = [...COLUMNS, 'around'] as const
export type Place = (typeof PLACES)[number]

/** How a word of the question is there: as itself, in another form, or by something that stands for it. */
export const WHY_WAYS = ['exact', 'stem', ...WAYS] as const
export type WhyWay = (typeof WHY_WAYS)[number]

export interface WhyWord {
  /** Of the question. */
  readonly word: string
  /** What of the entry stands for it, as it is indexed. */
  readonly found: string
  /** How the one came to stand for the other. */
  readonly by: WhyWay
  /** How often it stands in each part of the entry, weighed by that part and its length. */
  readonly in: Readonly<Partial<Record<Place, number>>>
  readonly adds: number
}

/** `rank` is (the sum of what words add × coverage + what vectors add) × scope × turn + around. */
export interface Why {
  readonly words: readonly WhyWord[]
  /** Words of the question that nothing in the entry stands for. */
  readonly missing: readonly string[]
  readonly vectors?: { readonly of: 'words' | 'model'; readonly likeness: number; readonly adds: number }
  readonly factors: { readonly coverage: number; readonly scope: number; readonly turn?: number }
  /** What turns around this one that answer too add. */
  readonly around?: number
  /** Entries that it stands above because they speak of the same and are older. */
  readonly newer_than?: readonly string[]
  readonly rank: number
}

/** What an entry's rank is made of. */
export interface Parts {
  /** What the question's words gain in it. */
  readonly sum: number
  /** And those by their vectors that it holds less well, or not at all. */
  readonly alike: number
  readonly covered: number
  readonly like: number
  readonly scored: number
  readonly weight: number
  /** Factors: how much of the question it holds, how near its scope is, what kind of turn it is. */
  readonly coverage: number
  readonly scope: number
  readonly turn: number
}

/** A word of the question that an entry holds. */
export interface Matched {
  readonly word: QuestionWord
  readonly member: Member
  readonly gained: number
}

interface Explained {
  readonly words: readonly QuestionWord[]
  readonly matched: readonly Matched[]
  readonly parts: Parts
  readonly places: (term: string) => Readonly<Partial<Record<Place, number>>>
  readonly likeness: number | null
  readonly meaning: number | null
  readonly turn: unknown
  readonly rank: number
}

export function whyOf({ words, matched, parts, places, likeness, meaning, turn, rank }: Explained): Why {
  const held = new Set(matched.map(({ word }) => word))
  const found = matched.map(
    ({ word, member, gained }): WhyWord => ({
      word: word.text,
      found: member.term,
      by: member.by ?? (member.term === word.text ? 'exact' : 'stem'),
      in: places(member.term),
      adds: gained,
    }),
  )
  const alike = meaning ?? likeness
  return {
    words: found.sort((a, b) => b.adds - a.adds),
    missing: words.filter((word) => !word.isExtra && !held.has(word)).map(({ text }) => text),
    ...(alike !== null && {
      vectors: {
        of: meaning === null ? 'words' : 'model',
        likeness: alike,
        adds: parts.alike * parts.coverage + parts.weight * parts.like,
      },
    }),
    factors: { coverage: parts.coverage, scope: parts.scope, ...(turn !== null && { turn: parts.turn }) },
    rank,
  }
}
