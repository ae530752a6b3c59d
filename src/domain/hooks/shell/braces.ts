import { certain, NOTHING, type Part, type ShellWord } from './parts.ts'

/** Of more names than that their folder is meant, as with patterns. */
const MOST_WORDS = 100
/** A longer word is no list of files that somebody has in mind. */
const MOST_PARTS = 4_096
const MOST_BRACES = 64

/**
 * The words that bash makes of one with braces, in their order: lists (`{a,b}`), nested ones, ranges of numbers or letters, with a
 * step. `{a}` and `{}` stand for themselves. More than 100 are one word: the folder in front of the first brace.
 */
export function expanded(parts: readonly Part[]): readonly ShellWord[] {
  const braces = parts.filter((part) => part.sign === '{').length
  if (braces === 0) return [wordOf(parts)]
  const words = braces > MOST_BRACES || parts.length > MOST_PARTS ? undefined : expansions(parts)
  if (!words) return [folderBefore(parts)]
  // A word of which nothing is left is none, unless quotes stand there.
  return words.filter((word) => word.length > 0).map(wordOf)
}

type Parts = readonly Part[]

/** Undefined for more than `MOST_WORDS`. */
function expansions(parts: Parts): readonly Parts[] | undefined {
  const group = firstGroup(parts)
  if (!group) return [merged(parts)]
  const { start, end } = group
  const body = parts.slice(start + 1, end)
  const rest = expansions(parts.slice(end + 1))
  const middle = body.some(({ sign }) => sign === ',')
    ? listed(parts, group)
    : (range(body) ?? [parts.slice(start, end + 1)])
  if (!rest || middle === 'many' || middle.length * rest.length > MOST_WORDS) return undefined
  const before = merged(parts.slice(0, start))
  return middle.flatMap((each) => rest.map((after) => merged([...before, ...each, ...after])))
}

interface Group {
  readonly start: number
  readonly end: number
  /** Where commas part its alternatives; none in a range. */
  readonly commas: readonly number[]
}

function firstGroup(parts: Parts): Group | undefined {
  for (let start = 0; start < parts.length; start++) {
    const group = parts[start]?.sign === '{' ? groupAt(parts, start) : undefined
    if (group) return group
  }
  return undefined
}

/** A closing brace ends a group that has a comma or dots in it; another one is a character. */
function groupAt(parts: Parts, start: number): Group | undefined {
  const commas: number[] = []
  let hasDots = false
  let depth = 0
  for (let at = start + 1; at < parts.length; at++) {
    const sign = parts[at]?.sign
    if (sign === '}' && depth === 0 && (commas.length > 0 || hasDots)) return { start, end: at, commas }
    if (sign === '{') depth++
    else if (sign === '}' && depth > 0) depth--
    else if (sign === ',' && depth === 0) commas.push(at)
    else hasDots ||= depth === 0 && areDots(parts.slice(at, at + 3))
  }
  return undefined
}

/** The two of a range, with something behind them. */
function areDots([first, second, third]: Parts): boolean {
  return first?.sign === '.' && second?.sign === '.' && third?.sign !== '}'
}

function listed(parts: Parts, { start, end, commas }: Group): readonly Parts[] | 'many' {
  const ends = [...commas, end]
  const found: Parts[] = []
  for (const [n, stop] of ends.entries()) {
    const words = expansions(parts.slice((ends[n - 1] ?? start) + 1, stop))
    if (!words || found.push(...words) > MOST_WORDS) return 'many'
  }
  return found
}

const RANGE = /^(?:([-+]?\d{1,15})\.\.([-+]?\d{1,15})|([a-zA-Z])\.\.([a-zA-Z]))(?:\.\.([-+]?\d{1,15}))?$/

/** Undefined for what is no range. */
function range(body: Parts): readonly Parts[] | 'many' | undefined {
  if (body.some(({ sign }) => sign === undefined)) return undefined
  const [, first, last, from, to, step] = RANGE.exec(body.map(({ text }) => text).join('')) ?? []
  const by = Math.abs(Number(step ?? 1)) || 1
  if (first !== undefined && last !== undefined) {
    const width = [first, last].some((text) => /^-?0\d/.test(text)) ? Math.max(first.length, last.length) : 0
    return counted(Number(first), Number(last), by, (number) => padded(number, width))
  }
  if (from === undefined || to === undefined) return undefined
  return counted(from.charCodeAt(0), to.charCodeAt(0), by, (code) => String.fromCharCode(code))
}

function counted(first: number, last: number, by: number, textOf: (number: number) => string) {
  const count = Math.floor(Math.abs(last - first) / by) + 1
  if (count > MOST_WORDS) return 'many' as const
  const step = last < first ? -by : by
  return Array.from({ length: count }, (_, n) => [certain(textOf(first + n * step))])
}

function padded(number: number, width: number): string {
  const sign = number < 0 ? '-' : ''
  return sign + String(Math.abs(number)).padStart(width - sign.length, '0')
}

/** As one part, so that copies are short; a brace that was looked at is a character now. */
function merged(parts: Parts): Parts {
  return parts.length > 1 ? [joined(parts)] : parts
}

function joined(parts: Parts): Part {
  let { text, isCertain, glob, lister } = NOTHING
  for (const part of parts) {
    text += part.text
    isCertain &&= part.isCertain
    glob = glob === undefined || part.glob === undefined ? undefined : glob + part.glob
    lister ??= part.lister
  }
  return { text, isCertain, glob, ...(lister && { lister }) }
}

function wordOf(parts: Parts): ShellWord {
  const { text, isCertain, glob, lister } = joined(parts)
  if (text.startsWith('~')) return { text, isCertain: false }
  return { text, isCertain, ...(!isCertain && glob !== undefined && { glob }), ...(lister && { lister }) }
}

function folderBefore(parts: Parts): ShellWord {
  const first = parts.findIndex(({ sign }) => sign === '{')
  const { text, isCertain } = wordOf(parts.slice(0, first))
  return { text: `${text.slice(0, text.lastIndexOf('/') + 1)}.`, isCertain: isCertain || text === '' }
}
