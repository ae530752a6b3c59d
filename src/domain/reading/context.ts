import type { Entry } from '../entries/entry.ts'
import { ENTRY_TYPE_NAMES, entryType } from '../entries/types/index.ts'
import { BYTES_PER_TOKEN, tokensOf } from '../tokens.ts'
import { jsonLayout, type Layout, markdownLayout } from './context-layout.ts'
import { fuseRanks } from './search.ts'

export const CONTEXT_FORMATS = ['markdown', 'json'] as const
export type ContextFormat = (typeof CONTEXT_FORMATS)[number]

/** What the order of a context looks at. */
export interface Valued {
  readonly id: string
  readonly type: string
  readonly priority: number
  /** Steps from the scope that was asked about: 0 is that scope itself. */
  readonly distance: number
  readonly updatedAt: string
}

/** Highest value first: priority; guidelines before knowledge before tools; the nearer scope; the newer. A total order. */
export function byValue(a: Valued, b: Valued): number {
  return (
    b.priority - a.priority ||
    typeRank(a) - typeRank(b) ||
    a.distance - b.distance ||
    compareText(b.updatedAt, a.updatedAt) ||
    compareText(b.id, a.id)
  )
}

/** By value alone, or fused with the places that a search gave (`hits`: ids, best first). */
export function rankForContext<R extends Valued>(
  candidates: readonly R[],
  hits: readonly string[] = [],
): R[] {
  const ranked = [...candidates].sort(byValue)
  if (hits.length === 0) return ranked
  const ids = ranked.map(({ id }) => id)
  const known = new Set(ids)
  const fused = fuseRanks([
    { weight: 1, ids },
    { weight: 1, ids: hits.filter((id) => known.has(id)) },
  ])
  const byId = new Map(ranked.map((each) => [each.id, each]))
  return fused.flatMap(({ id }) => byId.get(id) ?? [])
}

function typeRank({ type }: Valued): number {
  return ENTRY_TYPE_NAMES.indexOf(type)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What an entry takes at least beside its content; less room holds none at all. */
const SMALLEST_BLOCK_BYTES = 10
/** A shortened entry below this says nothing. */
const SMALLEST_PART_BYTES = 160

interface Chosen {
  readonly entry: Entry
  readonly block: string
  readonly isShortened: boolean
}

/** A packed context. Sizes are of `text`, which is what an agent reads. */
export interface PackedContext {
  readonly text: string
  readonly tokens: number
  readonly included: readonly Entry[]
  readonly shortened: readonly string[]
  /** The same words of the same authority (type, scope) as an included one: left out, and not missed. */
  readonly duplicates: readonly Entry[]
}

/** Takes entries in order of value and keeps what fits the budget, never a byte more. */
export class ContextPacker {
  readonly #layout: Layout
  readonly #budgetBytes: number
  readonly #chosen: Chosen[] = []
  readonly #types = new Set<string>()
  readonly #words = new Set<string>()
  readonly #duplicates: Entry[] = []
  #usedBytes = 0

  constructor(options: {
    tokenBudget: number
    format: ContextFormat
    title: string
    scopeId: string | null
  }) {
    this.#layout = options.format === 'json' ? jsonLayout : markdownLayout(options)
    this.#budgetBytes = options.tokenBudget * BYTES_PER_TOKEN
  }

  get isFull(): boolean {
    return this.#room < SMALLEST_BLOCK_BYTES
  }

  /** False when an entry with so much content need not even be offered. */
  mayTake(contentBytes: number): boolean {
    return (
      contentBytes + SMALLEST_BLOCK_BYTES <= this.#room ||
      (contentBytes > this.#budgetBytes && this.#partRoom >= SMALLEST_PART_BYTES)
    )
  }

  /** One too large for the rest is left out whole; one too large for the whole budget is shortened. */
  offer(entry: Entry): void {
    const said = [entry.content, ...entryType(entry.type).contextLines(entry)].join(' ')
    const words = [entry.type, entry.scope_id, said.replace(/\s+/g, ' ').trim()].join('\n')
    if (this.#words.has(words)) {
      this.#duplicates.push(entry)
      return
    }
    const whole = this.#layout.block(entry)
    const bytes = Buffer.byteLength(whole)
    if (bytes + this.#overhead(entry) <= this.#room) this.#take({ entry, block: whole, isShortened: false })
    else if (bytes + this.#layout.overhead(entry.type, NO_TYPES) <= this.#budgetBytes) return
    else if (!this.#takePart(entry)) return
    this.#words.add(words)
  }

  finish(): PackedContext {
    this.#growFirstPart()
    const text = this.#layout.render(this.#chosen)
    return {
      text,
      tokens: tokensOf(Buffer.byteLength(text)),
      included: this.#chosen.map(({ entry }) => entry),
      shortened: this.#chosen.filter(({ isShortened }) => isShortened).map(({ entry }) => entry.id),
      duplicates: this.#duplicates,
    }
  }

  get #room(): number {
    return this.#budgetBytes - this.#usedBytes
  }

  /** Half of the rest: a giant must not crowd out all that comes after it. */
  get #partRoom(): number {
    return Math.floor(this.#room / 2)
  }

  #overhead(entry: Entry): number {
    return this.#layout.overhead(entry.type, this.#types)
  }

  #take(chosen: Chosen): void {
    this.#usedBytes += Buffer.byteLength(chosen.block) + this.#overhead(chosen.entry)
    this.#types.add(chosen.entry.type)
    this.#chosen.push(chosen)
  }

  #takePart(entry: Entry): boolean {
    const block = this.#shorten(entry, this.#partRoom - this.#overhead(entry))
    if (block === undefined) return false
    this.#take({ entry, block, isShortened: true })
    return true
  }

  /** The budget that is left goes to the first shortened entry. */
  #growFirstPart(): void {
    const place = this.#chosen.findIndex(({ isShortened }) => isShortened)
    const part = this.#chosen[place]
    if (!part) return
    const bytes = Buffer.byteLength(part.block)
    const block = this.#shorten(part.entry, bytes + this.#room) ?? part.block
    this.#usedBytes += Buffer.byteLength(block) - bytes
    this.#chosen[place] = { ...part, block }
  }

  /** The largest beginning of the entry whose block fits, found by halving. */
  #shorten(entry: Entry, room: number): string | undefined {
    let best: string | undefined
    let [low, high] = [0, Math.min(Buffer.byteLength(entry.content), room)]
    while (low <= high) {
      const keep = Math.floor((low + high) / 2)
      const block = this.#layout.block(entry, keep)
      const bytes = Buffer.byteLength(block)
      if (bytes <= room) [best, low] = [bytes >= SMALLEST_PART_BYTES ? block : best, keep + 1]
      else high = keep - 1
    }
    return best
  }
}

const NO_TYPES: ReadonlySet<string> = new Set()
