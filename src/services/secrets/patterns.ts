import { isMixed, isPlaceholder, isRandom } from './placeholder.ts'

/** A kind of secret and how to see it; `isSecret` looks at the value and at what stands around it. */
export interface Pattern {
  readonly kind: string
  /** Its group `secret` is the secret itself. */
  readonly pattern: RegExp
  readonly isSecret: (value: string, match: RegExpExecArray) => boolean
}

const isOwnValue = (value: string) => !isPlaceholder(value)
const hasDigit = (value: string) => /\d/.test(value) && !isPlaceholder(value)
const AROUND = 300

/** What the rule set does not know. Every expression takes time linear in the text. */
export const PATTERNS: readonly Pattern[] = [
  {
    kind: 'private key',
    pattern:
      /(?<secret>-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----(?:[\s>"'+|#*,]|\\[nr]|[A-Za-z-]{1,32}: [^\n]{0,200}\n){0,60}(?<body>[A-Za-z0-9+/=]{6,})(?:(?!-----END)[\s\S])*(?:-----END [A-Z ]{1,64}-----)?)/dg,
    isSecret: (whole, { groups: { body = '' } = {} }) =>
      isOwnValue(body) && (/\d|[A-Z].*[A-Z]/.test(body) || whole.includes('-----END')),
  },
  {
    kind: 'private key',
    pattern: /\b(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/=]{40,})/dg,
    isSecret: (value) => Buffer.from(value, 'base64').toString('latin1').includes('PRIVATE KEY-----'),
  },
  {
    kind: 'private key',
    pattern:
      /PuTTY-User-Key-File-\d(?:(?!Private-Lines)[\s\S]){0,400}Private-Lines: ?\d{1,3}\s{1,2}(?<secret>[A-Za-z0-9+/=\s]{20,})/dg,
    isSecret: isOwnValue,
  },
  { kind: 'private key', pattern: /"d"\s?:\s?"(?<secret>[\w-]{40,})"/dg, isSecret: hasDigit },
  {
    kind: 'address with a password',
    pattern:
      /\b[a-z][a-z0-9+.-]{1,20}:\/\/(?<user>[^\s:/@"'<>]{0,256}):(?<secret>[^\s/"'`]{1,256})@(?<host>[^\s@/:?,]{1,256})/dgi,
    isSecret: (password, { groups: { user = '', host = '' } = {} }) =>
      isOwnValue(password) && !(password === user && isNear(host)),
  },
  {
    kind: 'address with a token',
    pattern: /:\/\/(?<secret>[\w-]{20,256})@[\w-]/dg,
    isSecret: isRandom,
  },
  {
    kind: 'address with a token',
    pattern:
      /(?:hooks\.slack\.com\/(?:services|workflows|triggers)|discord(?:app)?\.com\/api\/webhooks|webhook\.office\.com\/webhookb2)\/(?<secret>[\w@-]{8,200}(?:\/[\w-]{8,200}){1,4})/dg,
    isSecret: hasDigit,
  },
  {
    kind: 'connection string with a password',
    pattern:
      /(?<![\w-])(?:password|pwd)[ ]?=[ ]?(?:"(?<quoted>[^"\n]{3,256})"|'(?<single>[^'\n]{3,256})'|(?<secret>[^\s;&"'`]{3,256}))/dgi,
    isSecret: (value, match) => isOwnValue(value) && isOfConnection(value, match),
  },
  {
    kind: 'Azure key',
    pattern: /\b(?:AccountKey|SharedAccessKey)=(?<secret>[\w+/]{40,}={0,2})/dg,
    isSecret: isOwnValue,
  },
  { kind: 'Azure signature', pattern: /[?&]sig=(?<secret>[\w%+/=-]{30,})/dg, isSecret: hasDigit },
  {
    kind: 'JSON web token',
    pattern: /\b(?<secret>eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{10,})/dg,
    isSecret: isOwnValue,
  },
  {
    kind: 'authorization header',
    pattern: /\b(?:Bearer|Basic|Token)[ \t]{1,4}(?<secret>[\w.~+/-]{16,}={0,2})/dg,
    isSecret: isRandom,
  },
  {
    kind: 'authorization header',
    pattern:
      /\bauthorization["']?[ \t]{0,2}[:=][ \t]{0,2}["']?(?:[a-z-]{3,12}[ \t]{1,4})?(?<secret>[\w.~+/-]{12,}={0,2})/dgi,
    isSecret: hasDigit,
  },
  {
    kind: 'password on a command line',
    pattern: /\bcurl\b[^\n|;]{0,200}?\s(?:-u|--user)[ =]?["']?[^\s:"'$<]{1,64}:(?<secret>[^\s"']{3,256})/dg,
    isSecret: isOwnValue,
  },
  {
    kind: 'password on a command line',
    pattern: /\b(?:redis-cli\b[^\n|;]{0,200}?\s-a|sshpass[ ]{1,4}-p)[ ]{0,4}["']?(?<secret>[^\s"']{4,256})/dg,
    isSecret: isOwnValue,
  },
  {
    kind: 'password on a command line',
    pattern: /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,200}?\s-p["']?(?<secret>[^\s"'`]{6,256})/dg,
    isSecret: hasDigit,
  },
  {
    kind: 'password on a command line',
    pattern:
      /(?:--password|\bPGPASSWORD|\bMYSQL_PWD|\bREDISCLI_AUTH|\bSSHPASS)[ =]["']?(?<secret>[^\s"'`]{6,256})/dg,
    isSecret: hasDigit,
  },
  {
    kind: 'password of a netrc',
    pattern: /\blogin\s{1,4}[^\s]{1,128}\s{1,4}password\s{1,4}(?<secret>[^\s]{4,256})/dg,
    isSecret: isOwnValue,
  },
  {
    kind: 'password of a pgpass',
    pattern:
      /(?<![\w.*-])[\w.*-]{1,128}:(?:\d{2,5}|\*):[\w*-]{1,64}:[\w.*-]{1,64}:(?<secret>[^\s:"'`]{6,256})/dg,
    isSecret: isRandom,
  },
  {
    kind: 'password or key',
    pattern:
      /(?:pass(?:word|wd|phrase|code)|pwd|secret|token|credential|_pat(?![a-z])|_?auth(?!or|ent)|(?:api|access|private|subscription|encryption|signing|fernet|account|license|master|deploy)[ _-]?key)[\w-]{0,32}["'`*)]{0,3}(?<by>[ \t]{0,4}(?:=>|:=|:|=)[ \t]{0,4}|[ \t]{1,4}(?:is|was)[ \t]{1,4}|[ \t]{1,4})["'`*(]{0,3}(?<secret>[^\s"'`,;:&<>()[\]{}*]{8,512})/dgi,
    isSecret: isNamed,
  },
]

/** Beside a name, where a plain word may follow it ("the token handling") only what cannot be one. */
function isNamed(value: string, { groups: { by = '' } = {}, index, input }: RegExpExecArray): boolean {
  if (!isRandom(value)) return false
  if (by.trim() !== '' || input.slice(Math.max(0, index - 16), index).endsWith('--')) return true
  return value.length >= 20 && isMixed(value)
}

/** In the same line stand a server, a user or a database, as in a connection string. */
function isOfConnection(value: string, { index, input, 0: whole }: RegExpExecArray): boolean {
  const before =
    input
      .slice(Math.max(0, index - AROUND), index)
      .split('\n')
      .at(-1) ?? ''
  const after = input.slice(index + whole.length, index + whole.length + AROUND).split('\n')[0] ?? ''
  const around = `${before};${after}`
  const named =
    /(?<![\w-])(?:server|host|hostaddr|data source|user id|user|uid|username|dbname|database|initial catalog)[ ]?=/i
  return named.test(around) && !around.includes(`user=${value}`)
}

/** A server on this machine or of the same network, where a login that repeats its name is the one that it came with. */
function isNear(host: string): boolean {
  return !host.includes('.') || host === '127.0.0.1'
}
