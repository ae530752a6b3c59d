import { jsonBytes } from '../../domain/text/tokens.ts'

/** What names something is worth nothing in part. */
const WHOLE = /^(?:id|name|file_path|hint|.*_id|.*_cursor)$/
/** Characters of a text that are kept, from much to little. */
const STEPS = [4_000, 1_000, 200, 60]
const MOST_ITEMS = 20

/** The value with its long texts and lists cut to their beginnings; the same value where nothing was to cut. */
export function shortened<T>(value: T, mostCharacters: number): T
export function shortened(value: unknown, mostCharacters: number): unknown {
  if (typeof value === 'string') return beginning(value, mostCharacters)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.slice(0, MOST_ITEMS).map((item) => shortened(item, mostCharacters))
    return items.length === value.length && items.every((item, at) => item === value[at]) ? value : items
  }
  const before = Object.entries(value)
  const after = before.map(([key, item]) => [
    key,
    typeof item === 'string' && WHOLE.test(key) ? item : shortened(item, mostCharacters),
  ])
  return after.every(([, item], at) => item === before[at]?.[1]) ? value : Object.fromEntries(after)
}

/** The value as far as so many bytes of JSON hold it; `isWhole` says whether nothing was cut. */
export function withinBytes<T>(value: T, bytes: number): { value: T; isWhole: boolean } {
  if (jsonBytes(value) <= bytes) return { value, isWhole: true }
  let cut = value
  for (const characters of STEPS) {
    cut = shortened(value, characters)
    if (jsonBytes(cut) <= bytes) break
  }
  return { value: cut, isWhole: false }
}

function beginning(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, wholeCharacter(text, characters))}…`
}

/** The longest part of the text from `offset` on that takes no more bytes as JSON, cut between characters. */
export function partOf(text: string, offset: number, bytes: number): { part: string; end: number } {
  const start = wholeCharacter(text, Math.min(offset, text.length))
  let [low, high] = [start, Math.min(text.length, start + Math.max(0, bytes))]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (jsonBytes(text.slice(start, middle)) - '""'.length <= bytes) low = middle
    else high = middle - 1
  }
  const end = wholeCharacter(text, low)
  return { part: text.slice(start, end), end }
}

/** The place itself, or the one before it where it would cut a character in half. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return at > 0 && code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
}
