// Values as texts: JSON, the literals of Python that models write in its place, and words beside one another.

/** The value of a text that is JSON, in a box since it may be null. */
export function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** A JSON value that comes back as it was written: no number that JavaScript has to round. */
export function exactJsonIn(text: string): { readonly value: unknown } | undefined {
  const json = jsonIn(text)
  return json && isExact(json.value) ? json : undefined
}

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact)
}

const LITERAL = /'((?:[^'\\]|\\.)*)'|("(?:[^"\\]|\\.)*")|\b(True|False|None)\b/g
const WORDS: Readonly<Record<string, string>> = { True: 'true', False: 'false', None: 'null' }

/** A list or an object, as JSON or as Python prints one. */
export function containerIn(text: string): { readonly value: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined
  const json = jsonIn(text)
  if (json) return json
  return jsonIn(
    text.replaceAll(LITERAL, (_, single?: string, double?: string, word = '') => {
      if (double !== undefined) return double
      return single === undefined ? (WORDS[word] ?? word) : asJson(single)
    }),
  )
}

function asJson(single: string): string {
  return `"${single.replaceAll("\\'", "'").replaceAll(/(?<!\\)"/g, '\\"')}"`
}

/** What stands between commas that are not inside of braces, as in a glob. */
export function partsOf(text: string): string[] {
  return text
    .split(/,(?![^{]*\})/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
