// What was said just before and after a turn of a session belongs to it: an answer seldom repeats the question.

export type Columns = readonly (readonly string[])[]

/** A turn as the ranking takes it. */
export interface Turn {
  readonly around: readonly Around[]
  /** The turns up to five places away. */
  readonly passage: readonly string[]
  /** True where the question names the speaker. */
  readonly isSaidByNamed: boolean
  readonly isAsking: boolean
}

export interface Around {
  readonly columns: Columns
  /** The part of a word that stands there. */
  readonly weight: number
}

/** A turn as it was logged. */
export interface Logged {
  readonly id: string
  readonly scopeId: string
  readonly type: string
  /** The beginning and the end of its text. */
  readonly said: string
  readonly columns: Columns
}

const AROUND = [
  { step: -1, weight: 0.4 },
  { step: -2, weight: 0.3 },
  { step: -3, weight: 0.1 },
  { step: 1, weight: 0.3 },
  { step: 2, weight: 0.1 },
] as const
/** What answers a question says what the question is about. */
const AFTER_A_QUESTION = 2
export const PASSAGE = 5
const PASSAGE_WEIGHT = 0.6
const CONTENT = 2
const MORE = 3
const QUESTION = /[?？؟]/
const ENDS_ASKING = /[?？؟][\s"')\]]*$/

/** What stands around each of these turns, which are in the order in which they were logged, session by session. */
export function turnsAmong(turns: readonly Logged[], names: ReadonlySet<string>): Map<string, Turn> {
  const read = turns.map((turn, at) => {
    const inPassage = turns
      .slice(Math.max(0, at - PASSAGE), at + PASSAGE + 1)
      .filter(({ id, scopeId }) => scopeId === turn.scopeId && id !== turn.id)
    const isAsking = ENDS_ASKING.test(turn.said)
    const read = { around: aroundOf(turns, at), passage: inPassage.map(({ id }) => id), isAsking }
    return [turn.id, { ...read, isSaidByNamed: isSaidBy(turn, names) }] as const
  })
  return new Map(read)
}

function aroundOf(turns: readonly Logged[], at: number): Around[] {
  const turn = turns[at]
  return AROUND.flatMap(({ step, weight }) => {
    const other = turns[at + step]
    if (!turn || other?.scopeId !== turn.scopeId || dayOf(other) !== dayOf(turn)) return []
    const isAnswered = step === -1 && QUESTION.test(other.said)
    return [{ columns: other.columns, weight: isAnswered ? weight * AFTER_A_QUESTION : weight }]
  })
}

/** The date stands last in what is known of a turn beside its text, after the words for its kind. */
function dayOf({ columns }: Logged): string {
  const words = columns[MORE] ?? []
  return words.slice(words.lastIndexOf('log') + 1).join(' ')
}

/** A logged turn has its speaker beside its text; in a note of a conversation he stands before it ("Ada: …"). */
function isSaidBy({ type, columns }: Logged, names: ReadonlySet<string>): boolean {
  const [first = ''] = columns[type === 'observation' ? MORE : CONTENT] ?? []
  return names.has(first)
}

/** A turn in the midst of others that answer too gains by them. */
export function withPassages<T extends { id: string; rank: number; turn: Turn | null }>(
  ranked: readonly T[],
): T[] {
  const ranks = new Map(ranked.map(({ id, rank }) => [id, rank]))
  return ranked.map((each) => {
    if (!each.turn) return each
    const sum = each.turn.passage.reduce((total, id) => total + (ranks.get(id) ?? 0), 0)
    return { ...each, rank: each.rank + (PASSAGE_WEIGHT * sum) / (2 * PASSAGE) }
  })
}
