import { isExact } from '../../domain/text/exact-number.ts'

// Values as texts: JSON, the literals of Python that models write in its place, and words beside one another.

/** The value of a text that is JSON, in a box since it may be null. */
export function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return undefined
  }
}

/** The value of a text that is one exactly, as JSON or in the words of Python. */
export function exactValueIn(text: string): { readonly value: unknown } | undefined {
  const word = text.trim()
  if (/^true$/i.test(word)) return { value: true }
  if (/^false$/i.test(word)) return { value: false }
  if (/^(?:null|none)$/i.test(word)) return { value: null }
  const value = containerIn(word) ?? jsonIn(word)
  return value && isExact(value.value) ? value : undefined
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

/** What stands between commas that are not inside of braces, as in a glob; semicolons and line ends are as good. */
export function partsOf(text: string): string[] {
  const list = /^\s*\[(.*[,;\n].*)\]\s*$/s.exec(text)?.[1] ?? text
  return list
    .split(/[,;\n](?![^{]*\})/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** A text that is one tag or several: hashtags side by side too. */
export function tagsIn(text: string): string[] {
  return partsOf(text).flatMap((part) => (HASHTAGS.test(part) ? part.split(/\s+/) : [part]))
}

const HASHTAGS = /^#\p{L}\S*(?:\s+#\p{L}\S*)+$/u

/** A tag without the sign that marks it as one; a number keeps it, as of an issue. */
export function tagOf(text: string): string {
  return text.trim().replace(/^#(?=\p{L})/u, '')
}
