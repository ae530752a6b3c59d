import picomatch from 'picomatch'
import { expressionIn } from '../../domain/hooks/rules.ts'

/** Whether a path, relative to the project, is meant. */
export type PathTest = (path: string) => boolean
export type TextTest = (text: string) => boolean

// Any agent that may write to the memory can write a rule, and each rule is tried on every edit: none may
// take long on any text.

/** Longer paths are no files of a project. */
const MOST_PATH = 1_024
/** In one part of a path, and `**` in all: each more multiplies the time on the worst of paths. */
const MOST_STARS = 3

/** A range of more numbers is no list of files that somebody has in mind. */
const MOST_NUMBERS = 1_000

/** What `{8..12}`, `{01..12}` or `{a..f}` stands for, as an expression; throws for what is no range of these. */
function rangeExpression(from: string, to: string, ...rest: readonly unknown[]): string {
  // The last argument is picomatch's options; a third before it is a step.
  if (rest.length > 1) throw new RangeError('a range with a step')
  if (/^[a-z]-[a-z]$|^[A-Z]-[A-Z]$/.test(`${from}-${to}`)) return `[${[from, to].toSorted().join('-')}]`
  if (![from, to].every((text) => /^\d{1,9}$/.test(text)))
    throw new RangeError('no range of numbers or letters')
  const [least = 0, most = 0] = [Number(from), Number(to)].toSorted((a, b) => a - b)
  if (most - least >= MOST_NUMBERS) throw new RangeError('a range of too many numbers')
  const width = [from, to].some((text) => /^0\d/.test(text)) ? Math.max(from.length, to.length) : 0
  const numbers = Array.from({ length: most - least + 1 }, (_, i) => String(least + i).padStart(width, '0'))
  return `(?:${numbers.join('|')})`
}

/** A glob without the forms that a matcher can get lost in; undefined for one that is beyond that. */
export function globTest(glob: string): PathTest | undefined {
  const parts = glob.split('/')
  const isTame =
    parts.filter((part) => part === '**').length <= MOST_STARS &&
    parts.every((part) => part === '**' || (part.match(/[*?]+/g)?.length ?? 0) <= MOST_STARS) &&
    (glob.match(/[{(]/g)?.length ?? 0) <= MOST_STARS
  if (!isTame || glob.length > MOST_PATH) return undefined
  // A name without a folder means files of that name anywhere, as in .gitignore.
  const whole = glob.includes('/') ? glob.replace(/^\.?\//, '') : `**/${glob}`
  const folder = whole.endsWith('/') ? `${whole}**` : whole
  try {
    // Without `posix` it takes `[!a]` for `!` and `a` (findings/picomatch-negated-class.sh).
    // Without `expandRange` it takes `{8..12}` for `[8-12]` (findings/tinyglobby-number-range.sh).
    const options = {
      dot: true,
      noextglob: true,
      nonegate: true,
      posix: true,
      maxLength: MOST_PATH,
      expandRange: rangeExpression,
    }
    const isMatch = picomatch(folder, options)
    return (path) => path.length <= MOST_PATH && isMatch(path)
  } catch {
    return undefined
  }
}

/**
 * A part of a shell's pattern, between slashes, as sh has it or, with `dot`, as find has it, whose stars stand for a first dot too;
 * undefined for one with too many stars.
 */
export function nameTest(part: string, { dot = false } = {}): PathTest | undefined {
  if ((part.match(/[*?]+/g)?.length ?? 0) > MOST_STARS || part.length > MOST_PATH) return undefined
  const options = { dot, posix: true, noextglob: true, nonegate: true, nobrace: true, maxLength: MOST_PATH }
  try {
    const isMatch = picomatch(part, options)
    // Its matcher answers with an object where it is given a second argument, as by `filter`.
    return (name) => isMatch(name)
  } catch {
    return undefined
  }
}

/** A forbidden text; an expression in slashes runs in time proportional to the text. Undefined for one that cannot be run so. */
export async function textTest(forbidden: string): Promise<TextTest | undefined> {
  const source = expressionIn(forbidden)
  if (source === undefined) return (text) => text.includes(forbidden)
  const { RE2JS } = await import('re2js')
  try {
    const expression = RE2JS.compile(source, RE2JS.MULTILINE)
    return (text) => expression.matcher(text).find()
  } catch {
    return undefined
  }
}
