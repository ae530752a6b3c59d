/** One server that an address names. What it leaves open the single settings fill in. */
export interface PostgresHost {
  /** A name, an address, or the folder of a socket. */
  readonly host: string | undefined
  readonly port: number | undefined
}

/** postgresql://… taken apart as libpq does it, without a look at any file or variable. */
export interface PostgresAddress {
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string | undefined
  /** Tried one after the other; at least one. */
  readonly hosts: readonly PostgresHost[]
  /** All other parameters behind the question mark. */
  readonly parameters: Readonly<Record<string, string>>
}

/** What is wrong with an address, without a piece of it: it may hold a password. */
export class PostgresAddressError extends Error {
  override readonly name = 'PostgresAddressError'
}

const EXPECTED = 'expected postgresql://user:password@host:5432/database, with special signs percent-encoded'

/** Parts that an address may also name behind the question mark; there they win. */
type NamedPart = 'host' | 'port' | 'user' | 'password' | 'dbname'

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'] as const
const SSL_WORDS = ['true', 'false', '1', '0', 'no-verify'] as const
const WRITABLE = ['any', 'primary', 'read-write'] as const

const MILLISECONDS = /^\d{1,9}$/

/** Parameters with an effect, and the values that one may have where it has few. */
const PARAMETERS: Readonly<Record<string, readonly string[] | RegExp | null>> = {
  sslmode: SSL_MODES,
  ssl: SSL_WORDS,
  sslrootcert: null,
  sslcert: null,
  sslkey: null,
  sslnegotiation: ['postgres', 'direct'],
  uselibpqcompat: ['true', 'false'],
  channel_binding: ['disable', 'prefer', 'require'],
  application_name: null,
  options: null,
  target_session_attrs: WRITABLE,
  statement_timeout: MILLISECONDS,
  query_timeout: MILLISECONDS,
  idle_in_transaction_session_timeout: MILLISECONDS,
}

/** Hints to other programs and what we do anyway: nothing is lost where they have no effect. */
const WITHOUT_EFFECT = new Set(
  `client_encoding connect_timeout connection_limit fallback_application_name gssencmode keepalives keepalives_count
  keepalives_idle keepalives_interval load_balance_hosts pgbouncer pool_timeout sslsni tcp_user_timeout`.split(
    /\s+/,
  ),
)

/** Reads an address; throws a PostgresAddressError for one that is none, or that asks for what cannot be done. */
export function readPostgresAddress(text: string): PostgresAddress {
  const found = /^postgres(?:ql)?:\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^/?#@]*))?(?:\?([^#@]*))?$/.exec(text)
  if (!found) throw new PostgresAddressError(EXPECTED)
  const [, login = '', authority = '', path = '', query = ''] = found
  const { host, port, user, password, dbname, ...parameters } = parametersOf(query)
  checkParameters(parameters)
  const colon = login.indexOf(':')
  const [name, secret] = colon === -1 ? [login, ''] : [login.slice(0, colon), login.slice(colon + 1)]
  return {
    user: user || decoded(name) || undefined,
    password: password || decoded(secret) || undefined,
    database: dbname || decoded(path) || undefined,
    hosts: hostsOf(authority, { host, port }),
    parameters,
  }
}

function parametersOf(query: string): Record<string, string> & { readonly [K in NamedPart]?: string } {
  const pairs = query.split('&').filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new PostgresAddressError(`${EXPECTED}, and its parameters as name=value`)
      return [decoded(pair.slice(0, at)), decoded(pair.slice(at + 1).replaceAll('+', ' '))]
    }),
  )
}

function checkParameters(parameters: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (WITHOUT_EFFECT.has(name)) continue
    const allowed = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined
    if (allowed === undefined)
      throw new PostgresAddressError(
        `its parameter ${shown(name)} has no meaning here: leave it out (known are ${Object.keys(PARAMETERS).join(', ')})`,
      )
    const problem = problemOf(value, allowed)
    if (problem !== undefined) throw new PostgresAddressError(`its parameter ${name} must be ${problem}`)
  }
}

function problemOf(value: string, allowed: readonly string[] | RegExp | null): string | undefined {
  if (allowed === null) return undefined
  if (allowed instanceof RegExp) return allowed.test(value) ? undefined : 'a number of milliseconds'
  return allowed.includes(value) ? undefined : `one of ${allowed.join(', ')}`
}

/** The name may be a piece of a password that was not encoded. */
function shown(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? name : '(not a name)'
}

/** The hosts before the path, or those behind the question mark; one port may hold for all. */
function hostsOf(
  authority: string,
  { host, port }: { host?: string | undefined; port?: string | undefined },
): PostgresHost[] {
  const written = authority === '' ? [] : authority.split(',').map(hostOf)
  const hosts = host ? host.split(',').map((name) => ({ host: name || undefined, port: undefined })) : written
  const ports = port ? port.split(',').map(portOf) : []
  const all = hosts.length > 0 ? hosts : [{ host: undefined, port: undefined }]
  if (ports.length > 1 && ports.length !== all.length)
    throw new PostgresAddressError('its parameter port must hold one port, or one for each host')
  return all.map((each, n) => ({
    host: each.host,
    port: ports[ports.length === 1 ? 0 : n] ?? each.port ?? written[n]?.port,
  }))
}

function hostOf(text: string): PostgresHost {
  const found = /^(\[[0-9a-fA-F:.%]+\]|[^:[\]]*)(?::(\d*))?$/.exec(text)
  if (!found) throw new PostgresAddressError(EXPECTED)
  const [, host = '', port = ''] = found
  return {
    host: decoded(host.replace(/^\[|\]$/g, '')) || undefined,
    port: port === '' ? undefined : portOf(port),
  }
}

function portOf(text: string): number | undefined {
  if (text === '') return undefined
  const port = Number(text)
  if (/^\d{1,5}$/.test(text) && port >= 1 && port <= 65_535) return port
  throw new PostgresAddressError('expected ports from 1 to 65535')
}

/** A percent sign that begins no escape stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll(/%(?![0-9a-fA-F]{2})/g, '%25'))
  } catch {
    throw new PostgresAddressError(EXPECTED)
  }
}

/** The same text without passwords, for a reader that may not see them. */
export function withoutPasswords(text: string): string {
  return text
    .replace(/^(postgres(?:ql)?:\/\/[^/?#:]*):[^/?#]*@/, '$1:***@')
    .replaceAll(/([?&](?:ssl)?password=)[^&]*/g, '$1***')
}
