import { fold } from '../words/fold.ts'

const MOST_NEAR = 5
/** Below this two names have hardly more in common than any two. */
const NEAR_FROM = 0.5

/** The candidates whose names read most like this one, the likest first; case, accents and signs don't count. */
export function nearNames<T extends { readonly name: string }>(name: string, candidates: readonly T[]): T[] {
  const asked = pairsOf(name)
  return candidates
    .map((candidate) => ({ candidate, likeness: likeness(asked, pairsOf(candidate.name)) }))
    .filter((each) => each.likeness >= NEAR_FROM)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, MOST_NEAR)
    .map(({ candidate }) => candidate)
}

/** Dice's coefficient: the share of the letter pairs that both have. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0
  for (const pair of a) if (b.has(pair)) both++
  return (2 * both) / (a.size + b.size)
}

function pairsOf(name: string): Set<string> {
  const letters = [...` ${fold(name).replace(/[^\p{L}\p{M}\p{N}]+/gu, '')} `]
  return new Set(letters.slice(1).map((letter, at) => `${letters[at]}${letter}`))
}
