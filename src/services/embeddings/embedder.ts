import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { textField } from '../../domain/entries/types/entry-type.ts'
import { encodeVector } from '../../domain/words/vectors/embedding.ts'
import {
  activate,
  beginIndex,
  changedSince,
  claimIndex,
  dropOthers,
  type EmbeddingIndex,
  entriesBelow,
  listIndexes,
  putVectors,
  releaseIndex,
  setProgress,
  withoutVector,
} from '../../store/embeddings.ts'
import { findEntries } from '../../store/entries/entries.ts'
import type { Store } from '../../store/store.ts'
import type { Embeddings } from './embeddings.ts'
import { EmbeddingError, type EmbeddingModel } from './model.ts'

const TEXTS_AT_ONCE = 32
const ENTRIES_AT_ONCE = 256
const DROPPED_AT_ONCE = 5_000
const TEXT_CHARACTERS = 8_000
const BATCH_MS = 60_000
/** One instance works on an index; when it is gone another one goes on after this. */
const CLAIM_MS = 2 * BATCH_MS
/** Writes of other processes are seen after this. */
const LOOK_MS = 2_000
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000

interface Work {
  readonly ids: readonly string[]
  /** What is true of the index when these have their vectors. */
  readonly progress: { readonly log_id?: number; readonly rebuild_seq?: number }
}

/** Gives entries their vectors, after the write and beside it. Killed at any time, the next one goes on where it was. */
export class Embedder {
  readonly #store: Store
  readonly #embeddings: Embeddings
  readonly #clock: Clock
  readonly #instanceId: string
  readonly #shutdown: AbortSignal
  #done: Promise<void> | undefined
  #wake = () => {}
  /** Something was committed since the last look began. */
  #isNew = false
  #hasBegun = false
  #hasClaimed = false

  constructor(
    store: Store,
    options: { embeddings: Embeddings; clock: Clock; instanceId: string; shutdown: AbortSignal },
  ) {
    this.#store = store
    this.#embeddings = options.embeddings
    this.#clock = options.clock
    this.#instanceId = options.instanceId
    this.#shutdown = options.shutdown
  }

  start(): void {
    const { model } = this.#embeddings
    if (!model) return
    this.#store.onCommit(({ events }) => {
      if (events.length === 0) return
      this.#isNew = true
      this.#wake()
    })
    this.#shutdown.addEventListener('abort', () => this.#wake())
    model.open?.()
    this.#done ??= this.#run(model)
  }

  /** Another instance may go on at once. */
  async end(): Promise<void> {
    await this.#done
    const { model } = this.#embeddings
    if (!model || !this.#hasClaimed) return
    const claim = { model: model.id, instanceId: this.#instanceId }
    // Without a database the claim ends by itself, a little later.
    await this.#store.write(({ db }) => releaseIndex(db, claim), { changes: 'own rows' }).catch(() => {})
  }

  async #run(model: EmbeddingModel): Promise<void> {
    let pause = FIRST_PAUSE_MS
    while (!this.#shutdown.aborted) {
      try {
        this.#isNew = false
        const isMore = await this.#step(model)
        pause = FIRST_PAUSE_MS
        if (!isMore && !this.#isNew) await this.#sleep(LOOK_MS)
      } catch (error) {
        if (this.#shutdown.aborted) return
        this.#embeddings.note(error)
        await this.#sleep(pause, { isWoken: false })
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS)
      }
    }
  }

  /** True where there may be more to do. */
  async #step(model: EmbeddingModel): Promise<boolean> {
    const index = await this.#indexOf(model)
    if (!index) return false
    const work = await this.#nextWork(index)
    if (work) {
      if (!(await this.#claim(model))) return false
      await this.#embed(model, index, work)
      return true
    }
    if (index.is_active === 1) return false
    return this.#takeOver(model)
  }

  /** Begun where it is not there. Gone, another instance went over to another model: this one leaves it at that. */
  async #indexOf({ id }: EmbeddingModel): Promise<EmbeddingIndex | undefined> {
    const find = async () => (await this.#store.read(listIndexes)).find(({ model }) => model === id)
    const found = await find()
    if (found || this.#hasBegun) {
      this.#hasBegun = true
      return found
    }
    const now = isoTime(this.#clock.now())
    await this.#store.write(({ db }) => beginIndex(db, { model: id, now }))
    this.#hasBegun = true
    return find()
  }

  #claim({ id: model }: EmbeddingModel): Promise<boolean> {
    this.#hasClaimed = true
    const claim = { model, instanceId: this.#instanceId, now: this.#clock.now(), forMs: CLAIM_MS }
    return this.#store.write(({ db }) => claimIndex(db, claim), { changes: 'own rows' })
  }

  /** What has changed goes first, then what was there before. */
  async #nextWork(index: EmbeddingIndex): Promise<Work | undefined> {
    const changed = await this.#store.read((db) => changedSince(db, index.log_id, ENTRIES_AT_ONCE))
    if (changed === null) {
      // The log has forgotten some changes: all entries are looked at again, those that have their vector are passed over.
      await this.#store.write(async ({ db }) => {
        const { model, started_at: startedAt } = index
        await beginIndex(db, { model, now: startedAt, isAnew: true })
      })
      return { ids: [], progress: {} }
    }
    if (changed.ids.length > 0) return { ids: changed.ids, progress: { log_id: changed.logId } }
    if (index.rebuild_seq === 0) return undefined
    const below = await this.#store.read((db) => entriesBelow(db, index, ENTRIES_AT_ONCE))
    return { ids: below.ids, progress: { rebuild_seq: below.next } }
  }

  async #embed(model: EmbeddingModel, index: EmbeddingIndex, { ids, progress }: Work): Promise<void> {
    const entries = await this.#store.read((db) => findEntries(db, ids))
    const missing = new Set(await this.#store.read((db) => withoutVector(db, index, entries)))
    const waiting = entries.filter(({ id }) => missing.has(id))
    const { textsAtOnce = TEXTS_AT_ONCE } = model
    for (let at = 0; at < waiting.length && !this.#shutdown.aborted; at += textsAtOnce) {
      await this.#embedBatch(model, index, waiting.slice(at, at + textsAtOnce))
    }
    if (this.#shutdown.aborted) return
    await this.#store.write(({ db }) => setProgress(db, model.id, progress), { changes: 'own rows' })
    this.#embeddings.noteSuccess()
  }

  async #embedBatch(model: EmbeddingModel, index: EmbeddingIndex, entries: readonly Entry[]): Promise<void> {
    const vectors = await this.#vectorsOf(model, entries)
    const [some] = vectors.flatMap((vector) => vector ?? [])
    const dimensions = (await this.#indexOf(model))?.dimensions ?? some?.length ?? null
    if (vectors.some((vector) => vector && vector.length !== dimensions))
      throw new EmbeddingError(
        `The model gives vectors of another length than before (${dimensions} numbers).`,
      )
    const now = isoTime(this.#clock.now())
    const rows = entries.map(({ id, version }, at) => {
      const vector = vectors[at]
      return { id, version, vector: vector ? encodeVector(vector) : '' }
    })
    await this.#store.write(
      async ({ db }) => {
        await putVectors(db, { model: model.id, now }, rows)
        if (index.dimensions === null && dimensions !== null) await setProgress(db, model.id, { dimensions })
      },
      { changes: 'own rows' },
    )
    await this.#claim(model)
  }

  /** A text that the model refuses holds up no other: by itself it is refused again, and has no vector. */
  async #vectorsOf(model: EmbeddingModel, entries: readonly Entry[]): Promise<(Float32Array | undefined)[]> {
    const signal = model.isHere
      ? this.#shutdown
      : AbortSignal.any([this.#shutdown, AbortSignal.timeout(BATCH_MS)])
    try {
      return await model.embed(entries.map(textOf), { signal })
    } catch (error) {
      const isRefusal = error instanceof EmbeddingError && error.isRefusal
      if (!isRefusal) throw error
      if (entries.length === 1) {
        // If the model takes no text at all, it is not this one's fault.
        await model.embed(['text'], { signal })
        return [undefined]
      }
      const half = Math.ceil(entries.length / 2)
      const first = await this.#vectorsOf(model, entries.slice(0, half))
      return [...first, ...(await this.#vectorsOf(model, entries.slice(half)))]
    }
  }

  /** Searches go over to the finished index; the ones before it are taken away piece by piece. */
  async #takeOver({ id }: EmbeddingModel): Promise<boolean> {
    await this.#store.write(({ db }) => activate(db, id))
    while (!this.#shutdown.aborted) {
      const isMore = await this.#store.write(({ db }) => dropOthers(db, id, DROPPED_AT_ONCE), {
        changes: 'own rows',
      })
      if (!isMore) break
    }
    return false
  }

  #sleep(ms: number, { isWoken = true } = {}): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#wake = () => {
        if (!isWoken && !this.#shutdown.aborted) return
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

function textOf(entry: Entry): string {
  const speaker = textField(entry, 'speaker')
  const head = speaker === '' ? entry.name : speaker
  return `${head}\n${entry.content}`.slice(0, TEXT_CHARACTERS).toWellFormed().replaceAll('\0', ' ')
}
