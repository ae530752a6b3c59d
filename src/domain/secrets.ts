/** What is put in the place of a secret. */
const MASK = '***'
/** Shorter ones stand in every other text by chance. */
const SHORTEST = 4

/** Longest first: one secret may be the beginning of another. */
let known: readonly string[] = []

/** Remembers secrets of the settings: from now on they are masked in every text that leaves (`masked`), in every form of them. */
export function keepSecrets(secrets: Iterable<string>): void {
  const forms = [...secrets].filter((secret) => secret.length >= SHORTEST).flatMap(formsOf)
  known = [...new Set([...known, ...forms])].sort((a, b) => b.length - a.length)
}

/** As it is, percent-encoded, inside JSON, and in base64, alone and as the password of a user without a name. */
function formsOf(secret: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [
    secret,
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
  let shown = text
  for (const secret of known) if (shown.includes(secret)) shown = shown.replaceAll(secret, MASK)
  return shown
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
    if (value === undefined || value === '' || !name.startsWith('AGENT_MEMORY_')) return []
    if (name.endsWith('PASSWORD')) return [value, ...pairOf(userBeside(name, env), value)]
    if (/(API_KEY|TOKEN|SECRET)$/.test(name)) return [value]
    if (name.endsWith('API_KEYS')) return value.split(',').flatMap((key) => key.split(':')[0] ?? [])
    if (name.endsWith('SENTINELS')) return value.split(',').flatMap(inAddress)
    return /URL|HOST/.test(name) ? inAddress(value) : []
  })
}

/** As HTTP and SASL send the two together. */
function pairOf(user: string, password: string): string[] {
  return user === '' ? [] : [Buffer.from(`${user}:${password}`).toString('base64').replace(/=+$/, '')]
}

function userBeside(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const stem = name.slice(0, -'PASSWORD'.length)
  return env[`${stem}USERNAME`] ?? env[`${stem}USER`] ?? ''
}

/** What stands between the first colon and the last @ of an address, with or without its scheme. */
function inAddress(text: string): string[] {
  const [, user = '', password = ''] = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^:@]*):(.+)@/i.exec(text) ?? []
  if (password === '') return []
  return [password, decoded(password), ...pairOf(decoded(user), decoded(password))]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
