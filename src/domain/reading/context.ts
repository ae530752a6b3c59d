import type { Entry } from '../entries/entry.ts'
import { entryType } from '../entries/types/index.ts'
import { BYTES_PER_TOKEN, tokensOf } from '../text/tokens.ts'
import { jsonLayout, type Layout, markdownLayout } from './context-layout.ts'
import { fuseRanks } from './search.ts'
import type { SituationLine } from './situation.ts'

export const CONTEXT_FORMATS = ['markdown', 'json'] as const
export type ContextFormat = (typeof CONTEXT_FORMATS)[number]

/** What the order of a context looks at. */
export interface Valued {
  readonly id: string
  readonly type: string
  readonly isDecision: boolean
  readonly priority: number
  /** Steps from the scope that was asked about: 0 is that scope itself. */
  readonly distance: number
  readonly updatedAt: string
}

/** Highest value first: priority; guidelines before decisions, tools, other knowledge; the nearer scope; the newer. A total order. */
export function byValue(a: Valued, b: Valued): number {
  return (
    b.priority - a.priority ||
    kindRank(a) - kindRank(b) ||
    a.distance - b.distance ||
    compareText(b.updatedAt, a.updatedAt) ||
    compareText(b.id, a.id)
  )
}

/** So many of what answers a question go before everything else: mixed with what is worth most, small budgets often lack the answer. */
const FIRST_HITS = 5

/** What brings an entry forward, by ids. */
export interface Asked {
  /** What answers the question, best first. */
  readonly hits: readonly string[]
  /** Guidelines of the files at hand. */
  readonly applying: ReadonlySet<string>
  /** Guidelines of other files than those at hand: they are like any other entry then. */
  readonly elsewhere: ReadonlySet<string>
}

export const NOTHING_ASKED: Asked = { hits: [], applying: new Set(), elsewhere: new Set() }

/**
 * Guidelines of the files at hand; the first hits; the guidelines that hold whatever the question is, so that no fact takes their
 * room, however high its priority; then the rest by value and by hits.
 */
export function rankForContext<R extends Valued>(
  candidates: readonly R[],
  { hits, applying, elsewhere }: Asked = NOTHING_ASKED,
): R[] {
  const ranked = [...candidates].sort(byValue)
  const byId = new Map(ranked.map((each) => [each.id, each]))
  const ids = [...byId.keys()]
  const found = hits.filter((id) => byId.has(id))
  const guidelines = ranked.filter(({ type, id }) => type === 'guideline' && !elsewhere.has(id))
  const fused = fuseRanks([
    { weight: 1, ids },
    { weight: 1, ids: found },
  ])
  const order = new Set([
    ...guidelines.filter(({ id }) => applying.has(id)).map(({ id }) => id),
    ...found.slice(0, FIRST_HITS),
    ...guidelines.map(({ id }) => id),
    ...(found.length === 0 ? ids : fused.map(({ id }) => id)),
  ])
  return [...order].flatMap((id) => byId.get(id) ?? [])
}

function kindRank({ type, isDecision }: Valued): number {
  return isDecision ? KINDS.indexOf('decision') : KINDS.indexOf(type)
}

/** Decisions are knowledge that more depends on. */
const KINDS = ['guideline', 'decision', 'tool', 'knowledge', 'observation']

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** What an entry takes at least beside its content; less room holds none at all. */
const SMALLEST_BLOCK_BYTES = 10
/** A shortened entry below this says nothing. */
const SMALLEST_PART_BYTES = 160

/** What goes on takes no more of the budget than this. */
const SITUATION_SHARE = 0.2

interface Chosen {
  readonly entry: Entry
  readonly why: string | undefined
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
  /** As much of it as had room. */
  readonly situation: readonly SituationLine[]
}

/** Takes entries in order of value and keeps what fits the budget, never a byte more. */
export class ContextPacker {
  readonly #layout: Layout
  readonly #wholeBytes: number
  /** Of entries. */
  readonly #budgetBytes: number
  readonly #chosen: Chosen[] = []
  readonly #types = new Set<string>()
  readonly #words = new Set<string>()
  readonly #duplicates: Entry[] = []
  readonly #situation: readonly SituationLine[]
  /** Of the situation where it stands beside the text. */
  readonly #besideBytes: number
  #usedBytes = 0

  constructor(options: {
    tokenBudget: number
    format: ContextFormat
    title: string
    scopeId: string | null
    situation?: readonly SituationLine[]
  }) {
    this.#layout = options.format === 'json' ? jsonLayout : markdownLayout(options)
    this.#wholeBytes = options.tokenBudget * BYTES_PER_TOKEN
    this.#situation = this.#thatFit(options.situation ?? [], this.#wholeBytes * SITUATION_SHARE)
    const taken = Buffer.byteLength(this.#layout.situation(this.#situation))
    this.#besideBytes = options.format === 'json' ? taken : 0
    this.#budgetBytes = this.#wholeBytes - taken
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
  offer(entry: Entry, why?: string): void {
    const said = [entry.content, ...entryType(entry.type).contextLines(entry)].join(' ')
    const words = [entry.type, entry.scope_id, said.replace(/\s+/g, ' ').trim()].join('\n')
    if (this.#words.has(words)) {
      this.#duplicates.push(entry)
      return
    }
    const whole = this.#layout.block(entry, { why })
    const bytes = Buffer.byteLength(whole)
    if (bytes + this.#overhead(entry) <= this.#room)
      this.#take({ entry, why, block: whole, isShortened: false })
    else if (bytes + this.#layout.overhead(entry.type, NO_TYPES) <= this.#budgetBytes) return
    else if (!this.#takePart(entry, why)) return
    this.#words.add(words)
  }

  finish(): PackedContext {
    this.#growFirstPart()
    const rendered = this.#layout.render(this.#chosen, this.#situation)
    // With no entry the beginning of the text was not counted.
    const isOver = Buffer.byteLength(rendered) + this.#besideBytes > this.#wholeBytes
    const situation = isOver ? [] : this.#situation
    const text = isOver ? this.#layout.render(this.#chosen, []) : rendered
    return {
      text,
      situation,
      tokens: tokensOf(Buffer.byteLength(text) + (isOver ? 0 : this.#besideBytes)),
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

  /** The first of them, in their order. */
  #thatFit(lines: readonly SituationLine[], bytes: number): readonly SituationLine[] {
    return lines.filter(
      (_, place) => Buffer.byteLength(this.#layout.situation(lines.slice(0, place + 1))) <= bytes,
    )
  }

  #overhead(entry: Entry): number {
    return this.#layout.overhead(entry.type, this.#types)
  }

  #take(chosen: Chosen): void {
    this.#usedBytes += Buffer.byteLength(chosen.block) + this.#overhead(chosen.entry)
    this.#types.add(chosen.entry.type)
    this.#chosen.push(chosen)
  }

  #takePart(entry: Entry, why: string | undefined): boolean {
    const block = this.#shorten({ entry, why }, this.#partRoom - this.#overhead(entry))
    if (block === undefined) return false
    this.#take({ entry, why, block, isShortened: true })
    return true
  }

  /** The budget that is left goes to the first shortened entry. */
  #growFirstPart(): void {
    const place = this.#chosen.findIndex(({ isShortened }) => isShortened)
    const part = this.#chosen[place]
    if (!part) return
    const bytes = Buffer.byteLength(part.block)
    const block = this.#shorten(part, bytes + this.#room) ?? part.block
    this.#usedBytes += Buffer.byteLength(block) - bytes
    this.#chosen[place] = { ...part, block }
  }

  /** The largest beginning of the entry whose block fits, found by halving. */
  #shorten({ entry, why }: Pick<Chosen, 'entry' | 'why'>, room: number): string | undefined {
    let best: string | undefined
    let [low, high] = [0, Math.min(Buffer.byteLength(entry.content), room)]
    while (low <= high) {
      const keep = Math.floor((low + high) / 2)
      const block = this.#layout.block(entry, { keepBytes: keep, why })
      const bytes = Buffer.byteLength(block)
      if (bytes <= room) [best, low] = [bytes >= SMALLEST_PART_BYTES ? block : best, keep + 1]
      else high = keep - 1
    }
    return best
  }
}

const NO_TYPES: ReadonlySet<string> = new Set()
