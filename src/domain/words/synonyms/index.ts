import { fold } from '../fold.ts'
import { stemOf } from '../stems/stem.ts'
import { KINDS } from './kinds.ts'
import { SAME } from './same.ts'
import { SHORT } from './short.ts'
import { TRANSLATED } from './translated.ts'

/** What a word counts that stands in for the one that was asked. */
const WEIGHTS = { synonym: 0.68, kind: 0.8, abbreviation: 0.95, translation: 0.95 } as const

/** Another word for a question's word, as the index holds it. */
export interface OtherWord {
  readonly term: string
  readonly weight: number
  readonly by: 'synonym' | 'kind' | 'abbreviation' | 'translation'
}

interface Table {
  /** The nearest first. */
  readonly others: ReadonlyMap<string, readonly OtherWord[]>
  readonly byLetter: ReadonlyMap<string, readonly string[]>
}

const NONE: readonly never[] = []

let table: Table | undefined

/** What else may be meant by a stem, the nearest first. */
export function otherWords(stem: string): readonly OtherWord[] {
  return theTable().others.get(stem) ?? NONE
}

/** The words of the table that begin with a letter. */
export function knownWordsFrom(letter: string): readonly string[] {
  return theTable().byLetter.get(letter) ?? NONE
}

function theTable(): Table {
  table ??= tableOf(new Builder().built())
  return table
}

/** Looked up for every word of every question, so sorted once. */
function tableOf(made: ReadonlyMap<string, ReadonlyMap<string, OtherWord>>): Table {
  const others = [...made].map(([word, weights]) => {
    return [word, [...weights.values()].sort((a, b) => b.weight - a.weight)] as const
  })
  return { others: new Map(others), byLetter: Map.groupBy(made.keys(), (word) => word.charAt(0)) }
}

class Builder {
  readonly #made = new Map<string, Map<string, OtherWord>>()

  built(): ReadonlyMap<string, ReadonlyMap<string, OtherWord>> {
    for (const words of linesOf(SAME)) this.#each(words, words, 'synonym')
    for (const line of KINDS.trim().split('\n')) {
      const [kinds = [], names = []] = line.split(':').map((part) => linesOf(part).flat())
      this.#both(kinds, names, 'kind')
    }
    this.#shortForms()
    for (const [english = '', ...other] of linesOf(TRANSLATED)) this.#both([english], other, 'translation')
    return this.#made
  }

  /** A short form stands also for what its long form stands for. */
  #shortForms(): void {
    const lines = linesOf(SHORT)
    const further = lines.map(([, ...long]) =>
      long.flatMap((word) => [...(this.#made.get(word)?.values() ?? [])]),
    )
    for (const [short = '', ...long] of lines) this.#both([short], long, 'abbreviation')
    for (const [at, [short = '']] of lines.entries())
      for (const { term, weight } of further[at] ?? [])
        this.#put(short, { term, weight: weight * WEIGHTS.abbreviation, by: 'abbreviation' })
  }

  #both(some: readonly string[], others: readonly string[], by: OtherWord['by']): void {
    this.#each(some, others, by)
    this.#each(others, some, by)
  }

  #each(from: readonly string[], to: readonly string[], by: OtherWord['by']): void {
    // One object for all words of a line: there are many lines, and each word of one stands beside all others.
    const others = to.map((term) => ({ term, weight: WEIGHTS[by], by }))
    for (const one of from) for (const other of others) this.#put(one, other)
  }

  #put(from: string, other: OtherWord): void {
    if (from === other.term) return
    const others = this.#made.get(from) ?? new Map<string, OtherWord>()
    if (other.weight > (others.get(other.term)?.weight ?? 0)) others.set(other.term, other)
    this.#made.set(from, others)
  }
}

function linesOf(text: string): string[][] {
  const lines = text.trim().split('\n')
  return lines.map((line) => [
    ...new Set(
      line
        .trim()
        .split(/\s+/)
        .map((word) => stemOf(fold(word), 'english')),
    ),
  ])
}
