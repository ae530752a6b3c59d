import { fold } from '../fold.ts'
import { stemOf } from '../stems/stem.ts'
import { KINDS } from './kinds.ts'
import { SAME } from './same.ts'
import { SHORT } from './short.ts'
import { TRANSLATED } from './translated.ts'

/** What a word counts that stands in for the one that was asked. */
const WEIGHTS = { same: 0.68, kind: 0.8, short: 0.95, translated: 0.95 } as const

/** Another word for a question's word, as the index holds it. */
export interface OtherWord {
  readonly term: string
  readonly weight: number
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
function tableOf(made: ReadonlyMap<string, ReadonlyMap<string, number>>): Table {
  const others = [...made].map(([word, weights]) => {
    const list = [...weights].map(([term, weight]) => ({ term, weight }))
    return [word, list.sort((a, b) => b.weight - a.weight)] as const
  })
  return { others: new Map(others), byLetter: Map.groupBy(made.keys(), (word) => word.charAt(0)) }
}

class Builder {
  readonly #made = new Map<string, Map<string, number>>()

  built(): ReadonlyMap<string, ReadonlyMap<string, number>> {
    for (const words of linesOf(SAME)) this.#each(words, words, WEIGHTS.same)
    for (const line of KINDS.trim().split('\n')) {
      const [kinds = [], names = []] = line.split(':').map((part) => linesOf(part).flat())
      this.#both(kinds, names, WEIGHTS.kind)
    }
    this.#shortForms()
    for (const [english = '', ...other] of linesOf(TRANSLATED))
      this.#both([english], other, WEIGHTS.translated)
    return this.#made
  }

  /** A short form stands also for what its long form stands for. */
  #shortForms(): void {
    const lines = linesOf(SHORT)
    const further = lines.map(([, ...long]) => long.flatMap((word) => [...(this.#made.get(word) ?? [])]))
    for (const [short = '', ...long] of lines) this.#both([short], long, WEIGHTS.short)
    for (const [at, [short = '']] of lines.entries())
      for (const [word, weight] of further[at] ?? []) this.#put(short, word, weight * WEIGHTS.short)
  }

  #both(some: readonly string[], others: readonly string[], weight: number): void {
    this.#each(some, others, weight)
    this.#each(others, some, weight)
  }

  #each(from: readonly string[], to: readonly string[], weight: number): void {
    for (const one of from) for (const other of to) this.#put(one, other, weight)
  }

  #put(from: string, to: string, weight: number): void {
    if (from === to) return
    const others = this.#made.get(from) ?? new Map<string, number>()
    others.set(to, Math.max(weight, others.get(to) ?? 0))
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
