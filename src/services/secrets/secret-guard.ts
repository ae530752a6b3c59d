import { AppError } from '../../domain/errors.ts'
import { type Found, findByPattern } from './find.ts'
import { HINTED } from './rule-hints.ts'
import { type PlacedText, textsIn, withTexts } from './texts.ts'

/** What becomes of a text that is to be stored and holds a likely secret. */
export type SecretsMode = 'refuse' | 'mask' | 'allow'

/** A likely secret, without its words: where it stands and what it seems to be. */
export interface SecretPlace {
  /** `content, line 3`, `entries[4].metadata.token`. */
  readonly place: string
  readonly kind: string
}

/** A value as it may be stored. */
export interface Admitted<T> {
  readonly value: T
  /** What was masked in it. */
  readonly masked: readonly SecretPlace[]
}

const MAX_SHOWN = 5
/** No secret goes on over an empty line. */
const BETWEEN = '\n\n'

/** Keeps likely secrets out of what is stored: everything that is written passes here, whichever way it comes in. */
export class SecretGuard {
  readonly mode: SecretsMode

  constructor(mode: SecretsMode) {
    this.mode = mode
  }

  /** The value, masked where that is asked for. Throws SECRET_REFUSED with the places; `where` begins the sentence ('Line 3: '). */
  async admit<T>(value: T, where = ''): Promise<Admitted<T>> {
    if (this.mode === 'allow') return { value, masked: [] }
    const found = await placesIn(value)
    if (found.size === 0) return { value, masked: [] }
    const places = [...found.values()].flatMap(({ places }) => places)
    // Another name is the name of something else: the lock of a masked path keeps no agent from the file.
    if (this.mode === 'refuse' || [...found.keys()].some(isOfName)) throw refused(places, where)
    const change = (text: string, name: string) => maskedText(text, found.get(keyOf({ text, name }))?.found)
    return { value: withTexts(value, change) as T, masked: places }
  }
}

interface InText {
  readonly found: readonly Found[]
  readonly places: readonly SecretPlace[]
}

/** Short texts that hold none, under their names: times, agents and tags come again in every entry. */
const innocent = new Set<string>()
const INNOCENT_CHARACTERS = 80
const MOST_INNOCENT = 10_000

/** What was found in each text, by the text and its name: the same text is looked at once. */
async function placesIn(value: unknown): Promise<Map<string, InText>> {
  const texts = new Map<string, PlacedText[]>()
  for (const placed of textsIn(value)) {
    const key = keyOf(placed)
    if (innocent.has(key)) continue
    const same = texts.get(key)
    if (same) same.push(placed)
    else texts.set(key, [placed])
  }
  const first = [...texts.values()].flatMap(([placed]) => placed ?? [])
  const byRules = await findInAll(first.map(({ text }) => text).filter((text) => HINTED.test(text)))
  const result = new Map<string, InText>()
  for (const [key, places] of texts) {
    const [placed] = places
    const found = placed ? inOrder([...findOurs(placed), ...(byRules.get(placed.text) ?? [])]) : []
    if (found.length === 0) {
      remember(key)
      continue
    }
    const shown = found.slice(0, MAX_SHOWN)
    result.set(key, {
      found,
      places: places.flatMap((each) =>
        shown.map(({ kind, start }) => ({ place: placeOf(each, start), kind })),
      ),
    })
  }
  return result
}

function remember(key: string): void {
  if (key.length > INNOCENT_CHARACTERS) return
  if (innocent.size >= MOST_INNOCENT) innocent.clear()
  innocent.add(key)
}

/** All texts as one, for each run of the rules takes as long as many texts. */
async function findInAll(texts: readonly string[]): Promise<Map<string, Found[]>> {
  const result = new Map<string, Found[]>()
  if (texts.length === 0) return result
  const { findByRules } = await import('./rule-set.ts')
  const all = await findByRules(texts.join(BETWEEN))
  let from = 0
  for (const text of texts) {
    const end = from + text.length
    const inside = all.filter((found) => found.start >= from && found.start < end)
    const own = inside.map(({ kind, start, end: to }) => ({
      kind,
      start: start - from,
      end: Math.min(to, end) - from,
    }))
    if (own.length > 0) result.set(text, own)
    from = end + BETWEEN.length
  }
  return result
}

function findOurs(placed: PlacedText): Found[] {
  const found = findByPattern(placed.text)
  return found.length > 0 ? found : findNamed(placed)
}

/** `{"password": "…"}` is read as `password=…`. */
function findNamed({ text, name }: Pick<PlacedText, 'text' | 'name'>): Found[] {
  if (!/^\S{8,256}$/.test(text)) return []
  const [found] = findByPattern(`${name}=${text}`)
  return found ? [{ kind: found.kind, start: 0, end: text.length }] : []
}

/** By place, those that overlap made one. */
function inOrder(all: readonly Found[]): Found[] {
  const result: Found[] = []
  for (const found of all.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (!last || found.start >= last.end) result.push(found)
    else if (found.end > last.end) result.splice(-1, 1, { ...last, end: found.end })
  }
  return result
}

function placeOf({ place, text }: PlacedText, start: number): string {
  if (!text.includes('\n')) return place
  return `${place}, line ${text.slice(0, start).split('\n').length}`
}

function maskedText(text: string, found: readonly Found[] = []): string {
  let shown = ''
  let at = 0
  for (const { kind, start, end } of found) {
    shown += `${text.slice(at, start)}[${kind} masked]`
    at = end
  }
  return shown + text.slice(at)
}

function keyOf({ text, name }: Pick<PlacedText, 'text' | 'name'>): string {
  return `${name}\n${text}`
}

function isOfName(key: string): boolean {
  return NAMES.has(key.slice(0, key.indexOf('\n')))
}

/** Arguments that stand for one file or one agent, and for no other. */
const NAMES = new Set(['file_path', 'file_paths', 'agent_id'])

function refused(places: readonly SecretPlace[], where: string): AppError {
  const [first] = places
  const rest = places.length > 1 ? `, and ${places.length - 1} more` : ''
  return new AppError(
    'SECRET_REFUSED',
    `${where}${first?.place} looks like it holds a secret (${first?.kind}${rest}). Nothing was stored.`,
    {
      details: { secrets: places.slice(0, MAX_SHOWN) },
      suggestion:
        'Take the secret out and say where it is kept instead. AGENT_MEMORY_SECRETS=mask stores such texts without it, allow as they are.',
    },
  )
}
