/** What is put in the place of a secret. */
const MASK = '***'
/** Shorter ones stand in every other text by chance: they are masked in quotes, in an address, and as a whole text. */
const SHORTEST = 4
const AROUND_SHORT = [
  ['"', '"'],
  ["'", "'"],
  [':', '@'],
] as const

interface Known {
  readonly text: string
  readonly mask: string
}

/** Longest first: one secret may be the beginning of another. */
let known: readonly Known[] = []

/** Remembers secrets of the settings: from now on they are masked in every text that leaves (`masked`), in every form of them. */
export function keepSecrets(secrets: Iterable<string>): void {
  const fresh = [...secrets].filter((secret) => secret !== '').flatMap(knownBy)
  const all = new Map([...known, ...fresh].map((each) => [each.text, each]))
  known = [...all.values()].sort((a, b) => b.text.length - a.text.length)
}

/** For a process in which one program follows the other, as in tests. */
export function forgetSecrets(): void {
  known = []
}

function knownBy(secret: string): Known[] {
  const long = formsOf(secret).filter((form) => form.length >= SHORTEST)
  const short = secret.length < SHORTEST ? AROUND_SHORT : []
  return [
    ...long.map((text) => ({ text, mask: MASK })),
    ...short.map(([before, after]) => ({
      text: `${before}${secret}${after}`,
      mask: `${before}${MASK}${after}`,
    })),
  ]
}

/** As it is, without blanks and line ends around it, percent-encoded, inside JSON, and in base64, alone and as the password of a user without a name. */
function formsOf(secret: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [
    secret,
    secret.trim(),
    encodeURIComponent(secret),
    encodeURI(secret),
    JSON.stringify(secret).slice(1, -1),
    base64(secret),
    base64(`:${secret}`),
    base64(`default:${secret}`),
  ]
}

/** The text without any secret of the settings. */
export function masked(text: string): string {
  if (text.length < SHORTEST && text !== '' && known.some((each) => each.text === `"${text}"`)) return MASK
  let shown = text
  for (const { text: secret, mask } of known)
    if (shown.includes(secret)) shown = shown.replaceAll(secret, () => mask)
  return shown
}

/** Masks a text that comes in pieces: what may be the beginning of a secret waits for the next one. */
export class MaskedPieces {
  #waiting = ''

  next(piece: string): string {
    const text = this.#waiting + piece
    const end = endOfSafe(text)
    this.#waiting = text.slice(end)
    return masked(text.slice(0, end))
  }

  /** What waits, when nothing follows. */
  rest(): string {
    const text = this.#waiting
    this.#waiting = ''
    return masked(text)
  }
}

/** Up to where a text shows nothing of a secret that it ends within. */
function endOfSafe(text: string): number {
  let end = text.length
  for (const { text: secret } of known) {
    const longest = Math.min(secret.length - 1, text.length)
    for (let length = longest; length > 0; length -= 1)
      if (text.endsWith(secret.slice(0, length))) {
        end = Math.min(end, text.length - length)
        break
      }
  }
  // One that is whole must not be cut in two by another that may begin in it.
  for (const { text: secret } of known) {
    const start = text.lastIndexOf(secret, end - 1)
    if (start !== -1 && start < end && start + secret.length > end) end = start
  }
  return end
}

/** The same of every text in a value that is JSON; its keys and numbers stay. */
export function maskedJson<T>(value: T): T {
  return maskedValue(value) as T
}

function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return masked(value)
  if (Array.isArray(value)) return value.map(maskedValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, maskedValue(part)]))
}

/**
 * The secrets in an environment: passwords and keys by the names of their variables, and what addresses hold before an @.
 * With a user's name also the pair as HTTP sends it.
 */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || value === '' || !isRead(name)) return []
    if (name.endsWith('PASSWORD')) return [value, ...pairOf(userBeside(name, env), value)]
    if (isKey(name, value)) return [value]
    if (name.endsWith('API_KEYS')) return value.split(',').flatMap((key) => key.split(':')[0] ?? [])
    if (name.endsWith('SENTINELS')) return value.split(',').flatMap(inAddress)
    // An address that was given as one of its parts, or in the place of another setting.
    return /URL|HOST|PORT|DATABASE|USER/.test(name) || value.includes('://') ? inAddress(value) : []
  })
}

/** A key of TLS stands in a file; some give its text. */
function isKey(name: string, value: string): boolean {
  return name.endsWith('TLS_KEY') ? value.includes('-----BEGIN') : /(?:KEY|TOKEN|SECRET)$/.test(name)
}

function isRead(name: string): boolean {
  return name.startsWith('AGENT_MEMORY_') || name === 'PGPASSWORD'
}

/** As HTTP and SASL send the two together. */
function pairOf(user: string, password: string): string[] {
  return user === '' ? [] : [Buffer.from(`${user}:${password}`).toString('base64').replace(/=+$/, '')]
}

function userBeside(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const stem = name.slice(0, -'PASSWORD'.length)
  return env[`${stem}USERNAME`] ?? env[`${stem}USER`] ?? ''
}

/** What stands between the first colon and the last @ of an address, with or without its scheme, and in its parameters. */
function inAddress(text: string): string[] {
  const [, user = '', password = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^:@]*):(.+)@/i.exec(text) ?? []
  const parameters = [...text.matchAll(/[?&](?:ssl)?password=([^&#]+)/g)].flatMap(([, value = '']) => [
    value,
    decoded(value),
  ])
  if (password === '') return parameters
  return [password, decoded(password), ...pairOf(decoded(user), decoded(password)), ...parameters]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
