/** One text inside a value, and the place where it stands: `entries[3].content`. */
export interface PlacedText {
  readonly place: string
  readonly text: string
  /** The last name on the way there: `password` of `{"password": "…"}` says what the text is. */
  readonly name: string
}

/** Every text in a value that is JSON, keys included. */
export function* textsIn(value: unknown, place = '', name = ''): Generator<PlacedText> {
  if (typeof value === 'string') yield { place, text: value, name }
  if (Array.isArray(value)) {
    for (const [at, part] of value.entries()) yield* textsIn(part, `${place}[${at}]`, name)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) {
    // What an update takes out of a text may be a secret that should not be there.
    if (joined(place, key) === 'replace.old') continue
    if (!isPlainName(key)) yield { place: `${place || 'arguments'} (a key)`, text: key, name: '' }
    yield* textsIn(part, joined(place, key), key)
  }
}

/** The value with each text as `change` has it; keys too. */
export function withTexts(
  value: unknown,
  change: (text: string, name: string) => string,
  name = '',
): unknown {
  if (typeof value === 'string') return change(value, name)
  if (Array.isArray(value)) return value.map((part) => withTexts(part, change, name))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      isPlainName(key) ? key : change(key, ''),
      withTexts(part, change, key),
    ]),
  )
}

/** Short words are names of fields; a longer key of some metadata may be anything. */
function isPlainName(key: string): boolean {
  return /^[\w-]{1,15}$/.test(key)
}

/** A key that could be a secret itself is not repeated. */
function joined(place: string, key: string): string {
  const shown = /^[\w-]{1,32}$/.test(key) ? key : '…'
  return place === '' ? shown : `${place}.${shown}`
}
