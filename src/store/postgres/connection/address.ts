import { readFileSync } from 'node:fs'
import type { ConnectionOptions } from 'node:tls'
import { type PostgresAddress, readPostgresAddress } from '../../../domain/places/postgres-address.ts'

/** How to reach the server, as the settings say it. What `url` leaves out the single parts fill in. */
export interface PostgresSettings {
  readonly url?: string | undefined
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
  readonly password?: string | undefined
  readonly envPassword?: string | undefined
  readonly passwordFile?: string | undefined
  readonly ssl: boolean
  readonly envSslMode?: string | undefined
  readonly sslRejectUnauthorized: boolean
}

/** One server. */
export interface PostgresEndpoint {
  readonly host: string
  readonly port: number
}

/** The same with the address taken apart and everything filled in. */
export interface PostgresTarget {
  /** Tried one after the other; at least one. */
  readonly endpoints: readonly PostgresEndpoint[]
  readonly database: string
  readonly user: string
  /** Undefined where only a file may know it. */
  readonly password: string | undefined
  readonly parameters: PostgresAddress['parameters']
}

const NOTHING: PostgresAddress = {
  user: undefined,
  password: undefined,
  database: undefined,
  hosts: [{ host: undefined, port: undefined }],
  parameters: {},
}

export function targetOf(settings: PostgresSettings): PostgresTarget {
  const address = settings.url === undefined ? NOTHING : readPostgresAddress(settings.url)
  const { hosts, user, password, database, parameters } = address
  return {
    endpoints: hosts.flatMap(({ host, port }) =>
      (host ?? settings.host).split(',').map((each) => ({ host: each, port: port ?? settings.port })),
    ),
    database: database ?? settings.database,
    user: user ?? settings.user,
    password: password ?? settings.password ?? settings.envPassword,
    parameters,
  }
}

/** The server as an error or health may name it: never with a password. */
export function addressOf(settings: PostgresSettings): string {
  const { endpoints, database } = targetOf(settings)
  return `${endpoints.map(endpointText).join(',')}/${database}`
}

export function endpointText({ host, port }: PostgresEndpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * TLS as the address, the settings and then PGSSLMODE ask for it. A connection with TLS is a checked one:
 * libpq's weaker modes count as such only with uselibpqcompat=true. SSL_REJECT_UNAUTHORIZED=false wins over
 * all spellings. Throws what reading a file throws.
 */
export function tlsOf(settings: PostgresSettings): ConnectionOptions | false {
  const { parameters } = targetOf(settings)
  const mode = modeOf(settings, parameters)
  if (mode === undefined || mode === 'disable') return false
  const { sslrootcert, sslcert, sslkey } = parameters
  const isChecked = settings.sslRejectUnauthorized && !isUnchecked(mode, parameters)
  return {
    rejectUnauthorized: isChecked,
    ...(sslrootcert && sslrootcert !== 'system' && { ca: readFileSync(sslrootcert, 'utf8') }),
    ...(sslcert && { cert: readFileSync(sslcert, 'utf8') }),
    ...(sslkey && { key: readFileSync(sslkey, 'utf8') }),
    ...(isOfAnyName(mode, parameters) && { checkServerIdentity: () => undefined }),
  }
}

function modeOf(
  { ssl, envSslMode }: PostgresSettings,
  parameters: PostgresAddress['parameters'],
): string | undefined {
  const { sslmode, ssl: word, sslnegotiation, sslrootcert, sslcert, sslkey } = parameters
  if (sslmode !== undefined) return sslmode
  if (word !== undefined) return word === 'false' || word === '0' ? 'disable' : word
  const isMeant = sslnegotiation === 'direct' || sslrootcert || sslcert || sslkey || ssl
  return isMeant ? 'verify-full' : envSslMode
}

function isUnchecked(mode: string, { uselibpqcompat, sslrootcert }: PostgresAddress['parameters']): boolean {
  if (mode === 'no-verify') return true
  if (uselibpqcompat !== 'true') return false
  return mode === 'allow' || mode === 'prefer' || (mode === 'require' && !sslrootcert)
}

/** Only the signer of the certificate counts then, not its name. */
function isOfAnyName(mode: string, { uselibpqcompat, sslrootcert }: PostgresAddress['parameters']): boolean {
  if (uselibpqcompat !== 'true' || !sslrootcert || sslrootcert === 'system') return false
  return mode === 'verify-ca' || mode === 'require'
}
