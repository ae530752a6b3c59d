import { LRUCache } from 'lru-cache'
import { type Clock, isoTime } from '../../domain/clock.ts'
import { AppError } from '../../domain/errors.ts'
import { callReads } from '../../domain/reading/call-reads.ts'
import type { Meaning } from '../../domain/words/vectors/embedding.ts'
import { beginIndex, countVectors, type EmbeddingIndex, listIndexes } from '../../store/embeddings.ts'
import { countEntries } from '../../store/entries/counts.ts'
import type { SearchMode, SearchRequest } from '../../store/search/index.ts'
import type { Store } from '../../store/store.ts'
import { EmbeddingError, type EmbeddingModel } from './model.ts'

/** The part of a search that vectors decide. */
export type Vectors = Pick<SearchRequest, 'mode' | 'meaning'>

export type EmbeddingKind = 'off' | 'words' | 'openai' | 'local'

/** How the vectors are, as health and `reindex` show it. */
export interface EmbeddingState {
  readonly kind: EmbeddingKind
  readonly model?: string
  readonly state: 'off' | 'ready' | 'building' | 'failing'
  /** Entries that have their vector, of so many. */
  readonly embedded?: number
  readonly entries?: number
  readonly dimensions?: number
  /** The model whose vectors are searched while those of this one are made. */
  readonly searched?: string
  readonly error?: string
}

const KEPT_QUESTIONS = 500
/** A service may be slow, and a model on this machine is loaded first. */
const TRY_MS = 30_000
/** After a failure no call waits for the model for so long. */
const REST_MS = 10_000
/** What is known of the indexes is read anew so often. */
const FRESH_MS = 1_000
const QUESTION_CHARACTERS = 4_000

/** Vectors of a model beside the words: of questions here, of entries in the background (embedder.ts). */
export class Embeddings {
  readonly kind: EmbeddingKind
  readonly model: EmbeddingModel | null
  readonly #store: Store
  readonly #clock: Clock
  readonly #waitMs: number
  readonly #questions = new LRUCache<string, Float32Array>({ max: KEPT_QUESTIONS })
  #restsUntil = 0
  #error: string | undefined
  #known: { readonly at: number; readonly searched: EmbeddingIndex | undefined } | undefined

  constructor(
    store: Store,
    options: { kind: EmbeddingKind; model: EmbeddingModel | null; clock: Clock; waitMs: number },
  ) {
    this.#store = store
    this.kind = options.kind
    this.model = options.model
    this.#clock = options.clock
    this.#waitMs = options.waitMs
  }

  /** How a question is to be looked for: by words alone where vectors are off, by meaning alone only where there are some. */
  async vectorsFor(query: string, mode: 'auto' | SearchMode = 'auto'): Promise<Vectors> {
    if (mode === 'lexical') return { mode, meaning: null }
    if (this.kind !== 'off')
      return { mode: mode === 'semantic' ? mode : 'hybrid', meaning: await this.meaningOf(query) }
    if (mode === 'auto') return { mode: 'lexical', meaning: null }
    throw new AppError('INVALID_PARAMETER', `mode: ${mode} needs vectors, which are off here.`, {
      suggestion: 'Use mode auto, which takes what there is, or set AGENT_MEMORY_EMBEDDINGS.',
    })
  }

  /** What the question means to the model whose vectors are searched. Null where there is none, or none in time: then words answer. */
  async meaningOf(query: string): Promise<Meaning | null> {
    if (!this.model || query.trim() === '') return null
    // No version says how far the vectors have come.
    callReads()?.spoil()
    try {
      const searched = await this.#searched()
      if (!searched) return null
      const text = query.slice(0, QUESTION_CHARACTERS)
      const known = this.#questions.get(`${searched.model}\n${text}`)
      const vector = known ?? (await this.#ask(text, searched))
      const progress = `${searched.log_id} ${searched.rebuild_seq}`
      return vector ? { model: searched.model, vector, progress } : null
    } catch {
      return null
    }
  }

  /** What went wrong last, until something goes well again. */
  note(error: unknown): void {
    this.#error = error instanceof EmbeddingError ? error.message : 'The vectors could not be stored.'
  }

  noteSuccess(): void {
    this.#error = undefined
  }

  /** How the vectors are, after the model was asked for one. */
  async tried(): Promise<EmbeddingState> {
    try {
      await this.model?.embed(['text'], { signal: AbortSignal.timeout(TRY_MS) })
    } catch (error) {
      this.note(error)
    }
    return this.state()
  }

  async state(): Promise<EmbeddingState> {
    const { kind, model } = this
    if (!model) return { kind, state: kind === 'off' ? 'off' : 'ready' }
    const { indexes, embedded, entries } = await this.#store.snapshot(async (db) => ({
      indexes: await listIndexes(db),
      embedded: await countVectors(db, model.id),
      ...(await countEntries(db)),
    }))
    const index = indexes.find((each) => each.model === model.id)
    const searched = this.#choose(indexes)
    const isReady = index?.is_active === 1 && index.rebuild_seq === 0
    return {
      kind,
      model: model.id,
      state: this.#error === undefined ? (isReady ? 'ready' : 'building') : 'failing',
      embedded,
      entries,
      ...(index?.dimensions && { dimensions: index.dimensions }),
      ...(searched && searched.model !== model.id && { searched: searched.model }),
      ...(this.#error !== undefined && { error: this.#error }),
    }
  }

  /** Begins to make all vectors anew; those that there are stay in use meanwhile. */
  async beginAnew(): Promise<void> {
    const { model } = this
    if (!model) return
    const now = isoTime(this.#clock.now())
    await this.#store.write(({ db }) => beginIndex(db, { model: model.id, now, isAnew: true }))
  }

  /** The model's answer is kept even when it comes late: the next caller with the same text has it. */
  async #ask(text: string, { model: id, dimensions }: EmbeddingIndex): Promise<Float32Array | undefined> {
    const now = this.#clock.monotonic()
    if (!this.model || now < this.#restsUntil) return undefined
    const answer = this.model
      .embed([text], { signal: AbortSignal.timeout(this.#waitMs * 20), id })
      .then(([vector]) => {
        if (dimensions !== null && vector?.length !== dimensions)
          throw new EmbeddingError('The model gave a vector of another length than before.')
        if (vector) this.#questions.set(`${id}\n${text}`, vector)
        return vector
      })
    const inTime = await Promise.race([
      answer.catch((error: unknown) => this.#rest(error)),
      after(this.#waitMs),
    ])
    if (inTime === undefined && !this.model.isHere) this.#restsUntil = this.#clock.monotonic() + REST_MS
    // No caller waits for a later failure any more.
    answer.catch(() => {})
    return inTime
  }

  #rest(error: unknown): undefined {
    this.note(error)
    this.#restsUntil = this.#clock.monotonic() + REST_MS
    return undefined
  }

  async #searched(): Promise<EmbeddingIndex | undefined> {
    const now = this.#clock.monotonic()
    if (!this.#known || now - this.#known.at > FRESH_MS) {
      this.#known = { at: now, searched: this.#choose(await this.#store.read(listIndexes)) }
    }
    return this.#known.searched
  }

  /** The finished index, if its model still answers; else the one that is being made. */
  #choose(indexes: readonly EmbeddingIndex[]): EmbeddingIndex | undefined {
    const active = indexes.find(({ model, is_active }) => is_active === 1 && this.model?.speaks(model))
    return active ?? indexes.find(({ model }) => model === this.model?.id)
  }
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, ms, undefined).unref())
}
