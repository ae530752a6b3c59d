import { type Speaks, speaksFor } from './stems/language.ts'
import { stemOf } from './stems/stem.ts'
import { STOP_WORDS } from './stems/stop-words.ts'
import { rankOfInflected } from './vectors/inflected.ts'
import type { WordRanks } from './vectors/word-ranks.ts'

/** Of a longer word only so much is indexed. */
export const MOST_TERM_CHARACTERS = 64

/** A folded word, and what is known of it in every text: looked up once, for most words come again. */
export class Word {
  readonly folded: string
  readonly isStopWord: boolean
  /** What it says of the language of its text. */
  readonly speaksFor: Speaks
  #stem: string | undefined
  #ranks: WordRanks | undefined
  #rank = -1

  constructor(folded: string) {
    this.folded = folded
    this.isStopWord = STOP_WORDS.has(folded)
    this.speaksFor = speaksFor(folded)
  }

  /** As far as it is indexed. */
  get indexed(): string {
    return this.folded.length > MOST_TERM_CHARACTERS
      ? this.folded.slice(0, MOST_TERM_CHARACTERS)
      : this.folded
  }

  get englishStem(): string {
    this.#stem ??= stemOf(this.indexed, 'english')
    return this.#stem
  }

  /** Its place in a table of words, or that of its base form; -1 where the table has neither. */
  rankIn(ranks: WordRanks): number {
    if (this.#ranks !== ranks) {
      this.#ranks = ranks
      this.#rank = rankOfInflected(this.folded, ranks)
    }
    return this.#rank
  }
}
