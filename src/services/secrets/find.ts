import { ISSUED, issuerOf } from './issuers.ts'
import { PATTERNS } from './patterns.ts'
import { isMixed, isPlaceholder } from './placeholder.ts'

/** Where in a text a secret stands. */
export interface Found {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** What any form of an issuer has, and what any pattern needs: most texts have neither, and are looked at twice instead of forty times. */
const LONG_RUN = /[\w+/=.~-]{16}/
const HINTED =
  /:\/\/|-----BEGIN|LS0tLS1|PuTTY|"d"|pass|pwd|sig=|key|eyJ|basic|bearer|token|auth|curl|redis-cli|mysql|mariadb|secret|credential|_pat|webhook|hooks\.|:(?:\d{2,5}|\*):/i

const AWS_SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g

/** Secrets by our own patterns, in the order of the table. */
export function findByPattern(text: string): Found[] {
  const found = [
    ...(LONG_RUN.test(text) ? matchesOf(ISSUED, text) : []).filter(isIssued).map(issued),
    ...(HINTED.test(text) ? PATTERNS : []).flatMap(({ kind, pattern, isSecret }) =>
      matchesOf(pattern, text)
        .filter((match) => isSecret(secretOf(match), match))
        .map((match) => at(kind, match)),
    ),
  ]
  // Alone such a text could be a hash; beside an access key it is the other half.
  if (!found.some(({ kind }) => kind === 'AWS access key')) return found
  const halves = matchesOf(AWS_SECRET, text).filter(([half]) => !isPlaceholder(half))
  return [
    ...found,
    ...halves.map(({ index, 0: half }) => ({
      kind: 'AWS secret key',
      start: index,
      end: index + half.length,
    })),
  ]
}

/** As `matchAll`, which makes a copy of the expression for each text: that takes longer than most texts. */
function matchesOf(pattern: RegExp, text: string): RegExpExecArray[] {
  const matches: RegExpExecArray[] = []
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) matches.push(match)
  return matches
}

/** Its groups are the issuers'. */
function issued(match: RegExpExecArray): Found {
  const [whole, ...groups] = match
  return { kind: issuerOf(groups), start: match.index, end: match.index + whole.length }
}

/** Letters in a row that are no words: an identifier may begin like a token. */
function isIssued([whole]: RegExpExecArray): boolean {
  return !isPlaceholder(whole) && (/\d|^[A-Z]+$/.test(whole) || isMixed(`${whole}0`))
}

function secretOf({ groups: { secret, quoted, single } = {} }: RegExpExecArray): string {
  return secret ?? quoted ?? single ?? ''
}

/** The value alone, so that masking leaves the words around it. */
function at(kind: string, { index, 0: whole, indices }: RegExpExecArray): Found {
  const { secret, quoted, single } = indices?.groups ?? {}
  const [start, end] = secret ?? quoted ?? single ?? [index, index + whole.length]
  return { kind, start, end }
}
