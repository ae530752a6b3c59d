// Finding texts that share most of their words without comparing them all, after A. Broder, 'On the resemblance and
// containment of documents', 1997. A hash puts all words in one random order. The first three words of a text in that order
// are its key; a text that shares most words with it very likely has them among its own first four. So one index look-up
// for each way to take three of four finds it. Two orders make up for each other's bad luck.

const KEY_WORDS = 3
const PROBED_WORDS = 4
/** All ways to take three of four. */
const CHOICES = Array.from({ length: PROBED_WORDS }, (_, left) => [0, 1, 2, 3].filter((at) => at !== left))
/** So many keys at most are looked for in one place. */
export const PROBES = CHOICES.length

/** What a text is found by, one number for each order; null for a text without words. */
export type SketchKeys = readonly [number | null, number | null]

/** The hashes of a text's first words, for each order. */
export type Sketch = readonly [readonly number[], readonly number[]]

export function sketchOf(words: Iterable<string>): Sketch {
  const hashes = Array.from(words, (word) => hash(word, 0))
  const [one, other] = ORDERS
  return [firstOf(hashes, one), firstOf(hashes, other)]
}

/** The keys under which a text stands; `place` keeps those of different scopes and types apart. */
export function sketchKeys(sketch: Sketch, place: string): SketchKeys {
  const seeds = seedsOf(place)
  const [one = null, other = null] = sketch.map((first) =>
    first.length === 0 ? null : key(inOrder(first.slice(0, KEY_WORDS)), seeds),
  )
  return [one, other]
}

/** The keys under which texts that share most of its words may stand in these places, for each order. */
export function sketchProbes(sketch: Sketch, places: readonly string[]): [number[], number[]] {
  const seeds = places.map(seedsOf)
  const [one = [], other = []] = sketch.map((first) => {
    const choices = choicesOf(inOrder(first))
    return seeds.flatMap((seed) => choices.map((chosen) => key(chosen, seed)))
  })
  return [one, other]
}

/** Fewer words than a key takes make one key. */
function choicesOf(first: readonly number[]): number[][] {
  if (first.length === 0) return []
  if (first.length <= KEY_WORDS) return [[...first]]
  return CHOICES.map((choice) => choice.map((at) => first[at] ?? 0))
}

const ORDERS = [0x9e3779b9, 0x85ebca6b] as const

/** The few that come first in that order, and of them the first; of two of one rank the earlier one. */
function firstOf(hashes: readonly number[], order: number): number[] {
  const [values, ranks]: [number[], number[]] = [[], []]
  for (const value of hashes) {
    const rank = mixed(value ^ order)
    let place = ranks.length
    while (place > 0 && (ranks[place - 1] ?? 0) > rank) place--
    if (place === PROBED_WORDS) continue
    for (let at = Math.min(values.length, PROBED_WORDS - 1); at > place; at--) {
      values[at] = values[at - 1] ?? 0
      ranks[at] = ranks[at - 1] ?? 0
    }
    values[place] = value
    ranks[place] = rank
  }
  return values
}

type Seeds = readonly [number, number]

function seedsOf(place: string): Seeds {
  return [hash(place, 1), hash(place, 2)]
}

const inOrder = (hashes: readonly number[]): number[] => hashes.toSorted((a, b) => a - b)

/** A whole number below 2^53 of the words' hashes, which are in order. */
function key(sorted: readonly number[], [seedOfHigh, seedOfLow]: Seeds): number {
  let high = seedOfHigh
  let low = seedOfLow
  for (const value of sorted) {
    high = mixed(Math.imul(high, 31) ^ value)
    low = mixed(Math.imul(low, 31) ^ value)
  }
  return (high & 0x1fffff) * 2 ** 32 + low
}

/** FNV-1a over the text's code units, well mixed. */
function hash(text: string, seed: number): number {
  let value = 0x811c9dc5 ^ seed
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return mixed(value)
}

/** The final mix of MurmurHash3: every bit of the input moves every bit of the result. */
function mixed(value: number): number {
  let mix = value
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b)
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35)
  return (mix ^ (mix >>> 16)) >>> 0
}
