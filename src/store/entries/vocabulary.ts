import type { Kysely } from 'kysely'
import { KnownTerms } from '../../domain/words/known-terms.ts'
import type { Schema } from '../schema.ts'

// All terms of entries stand in a table of their own, for words that are mistyped (search/vocabulary.ts). A trigger keeps it, which
// looks each term up; a transaction that remembers which are there does it with a fraction of the work.

/** Brings the terms of rows that are about to be inserted into the table. */
export type TermWriter = (texts: readonly string[]) => Promise<unknown>

const writers = new WeakMap<object, TermWriter>()

/** From now on the terms that this transaction adds are written so, and not by the trigger; undefined: by the trigger. */
export function writeTermsBy(db: Kysely<Schema>, writer: TermWriter | undefined): void {
  if (writer) writers.set(db, writer)
  else writers.delete(db)
}

/** To be asked for before the rows themselves. */
export function writeTerms(db: object, texts: readonly string[]): Promise<unknown> | undefined {
  return writers.get(db)?.(texts)
}

/** More new terms of one transaction are forgotten, and looked up again. */
const MOST_REMEMBERED = 250_000
/** Of so many new terms it is worth knowing them by their place, which takes no copy of each word that is met again. */
const MANY = 2_000

/** The terms that one transaction brings: known to it, and to others once it is committed. */
export class BroughtTerms {
  readonly #known: KnownTerms
  readonly #brought = new Set<string>()
  /** What is known and what was brought, once that is much. */
  #near: KnownTerms | undefined

  constructor(known: KnownTerms) {
    this.#known = known
  }

  /** Those of these texts that may be new. */
  newIn(texts: readonly string[]): string[] {
    const fresh: string[] = []
    const known = this.#near ?? this.#known
    for (const text of texts)
      known.eachUnknown(text, (term) => {
        // It may have lost its place to another.
        this.#near?.add(term)
        if (this.#brought.has(term)) return
        this.#brought.add(term)
        fresh.push(term)
      })
    if (this.#brought.size > MOST_REMEMBERED) this.#brought.clear()
    if (this.#brought.size > MANY) this.#near ??= this.#all()
    return fresh
  }

  #all(): KnownTerms {
    const all = new KnownTerms(this.#known)
    for (const term of this.#brought) all.add(term)
    return all
  }

  committed(): void {
    for (const term of this.#brought) this.#known.add(term)
  }
}
