/** A kind of secret and how to see it. Its first group is the secret itself, which `isSecret` looks at. */
interface Pattern {
  readonly kind: string
  readonly pattern: RegExp
  readonly isSecret?: (value: string) => boolean
}

/** Where in a text a secret stands. */
export interface Found {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** `<password>`, `$PASSWORD`, `{{password}}`, `%s`, `***`, `xxxx`, `…`, or just the word: it says where a secret goes. */
const PLACEHOLDER =
  /^(?:[<{[$%(].*|.*[*…]{2,}.*|\.{3,}|x{3,}|…|pass(?:word|wd)|pwd?|PASS|your[-_ ].*|redacted|placeholder|changeme)$/i

const isOwnValue = (value: string) => !PLACEHOLDER.test(value)

/** Looks made by a generator or chosen as a password: letters of both cases and digits, or a long run of letters and digits. */
function isRandom(value: string): boolean {
  if (!isOwnValue(value) || !/\d/.test(value) || /[(){}[\]<>]|:\/\/|^[./~]/.test(value)) return false
  if (/[a-z]/.test(value) && /[A-Z]/.test(value)) return true
  return /^(?=[a-z]*\d)(?=\d*[a-z])[a-z0-9]{16,}$/i.test(value)
}

const IS_TOKEN = (value: string) => /\d/.test(value) && !PLACEHOLDER.test(value)

/**
 * What the rule set does not know, or knows only in the length that its issuer gives out today. Prefixes are those that the issuers
 * document. Every expression takes time linear in the text.
 */
const PATTERNS: readonly Pattern[] = [
  {
    kind: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:\s|\\[nr]|[A-Za-z-]{1,32}: [^\n]{0,200}\n){0,12}([A-Za-z0-9+/=]{8,})(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{1,64}-----)?/g,
  },
  { kind: 'AWS access key', pattern: /\b((?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})\b/g },
  {
    kind: 'address with a password',
    pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@"'<>]{0,256}:([^\s/@"']{1,256})@[^\s@]/gi,
    isSecret: isOwnValue,
  },
  {
    kind: 'connection string with a password',
    pattern:
      /(?<=(?:^|[;?&\s])(?:server|host|hostaddr|data source|user id|user|uid|username|dbname|database|initial catalog)=[^\n]{0,300}[;?&\s])(?:password|pwd)=([^\s;&"']{3,})/gim,
    isSecret: isOwnValue,
  },
  {
    kind: 'connection string with a password',
    pattern:
      /(?<=^|[;?&\s])(?:password|pwd)=([^\s;&"']{3,})(?=[;&\s][^\n]{0,300}(?:server|host|data source|user id|user|uid|dbname|database)=)/gim,
    isSecret: isOwnValue,
  },
  { kind: 'Azure key', pattern: /\b(?:AccountKey|SharedAccessKey)=([A-Za-z0-9+/]{40,}={0,2})/g },
  {
    kind: 'JSON web token',
    pattern: /\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{10,})/g,
  },
  {
    kind: 'authorization header',
    pattern: /\b(?:Bearer|Basic|Token)[ \t]{1,4}([A-Za-z0-9._~+/-]{16,}={0,2})/g,
    isSecret: IS_TOKEN,
  },
  { kind: 'Google API key', pattern: /\b(AIza[A-Za-z0-9_-]{30,})/g },
  { kind: 'Google access token', pattern: /\b(ya29\.[A-Za-z0-9_-]{20,})/g },
  { kind: 'PyPI token', pattern: /\b(pypi-AgE[A-Za-z0-9_-]{16,})/g },
  { kind: 'GitHub token', pattern: /\b(gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g },
  { kind: 'GitLab token', pattern: /\b(gl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{16,})/g },
  { kind: 'Slack token', pattern: /\b(xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,})/g },
  { kind: 'Stripe key', pattern: /\b((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{20,})/g },
  { kind: 'npm token', pattern: /\b(npm_[A-Za-z0-9]{30,})/g },
  { kind: 'Hugging Face token', pattern: /\b(hf_[A-Za-z0-9]{30,})/g },
  { kind: 'DigitalOcean token', pattern: /\b(do[opr]_v1_[a-f0-9]{40,})/g },
  { kind: 'SendGrid key', pattern: /\b(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})/g },
  { kind: 'Vault token', pattern: /\b(hv[sbr]\.[A-Za-z0-9_-]{20,})/g },
  { kind: 'age key', pattern: /\b(AGE-SECRET-KEY-1[A-Z0-9]{40,})/g },
  { kind: 'bot token', pattern: /\b(\d{8,10}:AA[A-Za-z0-9_-]{32,34})\b/g },
  {
    kind: 'API key',
    pattern: /\b(sk-(?:proj-|ant-|svcacct-|or-v1-)?[A-Za-z0-9_-]{20,})/g,
    isSecret: IS_TOKEN,
  },
  {
    kind: 'password or key',
    pattern:
      /(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w-]{0,32}["'`]?[ \t]{0,4}(?:=>|:=|:|=)[ \t]{0,4}["'`]?([^\s"'`,;&]{8,})/gi,
    isSecret: isRandom,
  },
]

/** What any of them needs: most texts have nothing of it, and are looked at once instead of once for each pattern. */
const HINTED =
  /-----BEGIN|A[KSBC][IC]A[A-Z0-9]{4}|:\/\/|pass|pwd|eyJ|bearer|basic|token|secret|key|credential|AIza|ya29\.|pypi-|gh[pousr]_|github_pat|gl(?:pat|ptt|dt|rt|cbt|soat)-|xox|xapp|_(?:live|test)_|whsec|npm_|hf_|do[opr]_v1|SG\.|hv[sbr]\.|\d:AA|sk-/i

const AWS_SECRET = /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g

/** Secrets by our own patterns, in the order of the table. */
export function findByPattern(text: string): Found[] {
  if (!HINTED.test(text)) return []
  const found = PATTERNS.flatMap(({ kind, pattern, isSecret = () => true }) =>
    [...text.matchAll(pattern)].filter(([, value = '']) => isSecret(value)).map((match) => at(kind, match)),
  )
  // Alone such a text could be a hash; beside an access key it is the other half.
  if (!found.some(({ kind }) => kind === 'AWS access key')) return found
  return [
    ...found,
    ...[...text.matchAll(AWS_SECRET)].map((match) => ({
      kind: 'AWS secret key',
      start: match.index,
      end: match.index + match[0].length,
    })),
  ]
}

/** The value where the match has one that is not all of it, so that masking leaves the words around it. */
function at(kind: string, match: RegExpExecArray): Found {
  const [whole, value = whole] = match
  if (kind === 'private key') return { kind, start: match.index, end: match.index + whole.length }
  const start = match.index + whole.lastIndexOf(value)
  return { kind, start, end: start + value.length }
}
