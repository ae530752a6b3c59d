/** `<password>`, `$PASSWORD`, `{{password}}`, `%s`, `***`, `xxxx`, `…`, `token-of-your-own`: signs that stand for what goes there. */
const SIGN = /^[<{[$%(]|\*{2}|\.{3}|…|^\.+$|^x+$|x{5}|\$\{|[<>{}]|your[-_]/i

/** `MyPassword`, `token_here`, `changeme`: words that stand for what goes there. Alone, `secret` has been a password. */
const WORDS =
  /^(?:(?:your|my|the|some|insert|put|new|db|database|redis|postgres|user|admin|api|access|auth|client|secret|private)*(?:pass(?:word|wd|phrase)?|pwd?|token|key|secret)(?:here|value)?|redacted|masked|hidden|removed|placeholder|changeme|example)$/i

/** A value that says where a secret goes, and is none. */
export function isPlaceholder(value: string): boolean {
  if (value === '' || SIGN.test(value)) return true
  const plain = value.replaceAll(/[-_. ]/g, '')
  return plain.toLowerCase() !== 'secret' && WORDS.test(plain)
}

/** Looks made by a generator or chosen as a password, where a name or a sentence has whole words and a path or a date has its signs. */
export function isRandom(value: string): boolean {
  if (isPlaceholder(value) || !/[a-z]/i.test(value)) return false
  if (hasTwoCases(value) && wordLengthOf(value) < longestWordOf(value)) return true
  const numbers = hasTwoCases(value) ? 3 : 2
  return UUID.test(value) || (value.match(/[a-z0-9]{16,}/gi) ?? []).some((run) => hasNumbers(run, numbers))
}

/** Letters of both cases and digits: no hash of a commit or a file, which have one case. */
export function isMixed(value: string): boolean {
  return hasTwoCases(value) && /\d/.test(value)
}

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\.?$/i

function hasTwoCases(value: string): boolean {
  return /[a-z]/.test(value) && /[A-Z]/.test(value)
}

/** How long the words of a name are at least, on average: the longer it is, the less is left to chance. */
function longestWordOf(value: string): number {
  if (!/\d/.test(value)) return value.length >= 32 ? 3 : 0
  return value.length >= 32 ? 4 : 3.3
}

/** `JsonWebTokenV2` has Json, Web and Token: four letters on average. */
function wordLengthOf(value: string): number {
  const words = value.replaceAll(/v?\d+/gi, ' ').match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []
  return words.join('').length / Math.max(1, words.length)
}

/** So many numbers between its letters, of a short run one more. */
function hasNumbers(run: string, count: number): boolean {
  const found = run.match(/\d+/g)?.length ?? 0
  return found >= (run.length < 24 ? 3 : count)
}
