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
    const options = { dot: true, noextglob: true, nonegate: true, posix: true, maxLength: MOST_PATH }
    const isMatch = picomatch(folder, options)
    return (path) => path.length <= MOST_PATH && isMatch(path)
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
