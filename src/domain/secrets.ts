/** What is put in the place of a secret. */
const MASK = '***'
/** Shorter ones stand in every other text by chance. */
const SHORTEST = 4

const known = new Set<string>()

/** Remembers secrets of the settings: from now on they are masked in every text that leaves (`masked`), in every form of them. */
export function keepSecrets(secrets: Iterable<string>): void {
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue
    for (const form of formsOf(secret)) known.add(form)
  }
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

/** The same of a value that is JSON. */
export function maskedJson<T>(value: T): T {
  const text = JSON.stringify(value)
  if (text === undefined) return value
  const shown = masked(text)
  return shown === text ? value : (JSON.parse(shown) as T)
}

/**
 * The secrets in an environment: passwords and keys by the names of their variables, and what addresses hold before an @.
 * With a user's name also the pair as HTTP sends it.
 */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || value === '' || !name.startsWith('AGENT_MEMORY_')) return []
    if (/PASSWORD|API_KEY$|TOKEN|SECRET/.test(name)) return [value]
    if (name.endsWith('API_KEYS')) return value.split(',').flatMap((key) => key.split(':')[0] ?? [])
    return /URL|HOST|SENTINELS/.test(name) ? inAddresses(value) : []
  })
}

function inAddresses(text: string): string[] {
  return [...text.matchAll(/(?:^|[,/])([^,/@]*):([^,/@]+)@/g)].flatMap(([, user = '', password = '']) => {
    const plain = decoded(password)
    const pair =
      user === ''
        ? []
        : [
            Buffer.from(`${decoded(user)}:${plain}`)
              .toString('base64')
              .replace(/=+$/, ''),
          ]
    return [password, plain, ...pair]
  })
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
