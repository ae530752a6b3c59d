import { readFileSync } from 'node:fs'

/** How to reach Redis, as the settings say it. */
export interface RedisSettings {
  readonly url?: string | undefined
  readonly host: string
  readonly port: number
  readonly username?: string | undefined
  readonly password?: string | undefined
  readonly db: number
  readonly tls: boolean
  readonly tlsCa?: string | undefined
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
  readonly tlsRejectUnauthorized: boolean
  readonly connectTimeoutMs: number
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  readonly sentinelName?: string | undefined
  readonly cluster: boolean
}

/** The same with the URL taken apart: what is in it wins, the single settings fill the rest. */
export interface RedisAddress {
  readonly mode: 'standalone' | 'sentinel' | 'cluster'
  /** A name, an address, or the path of a socket. */
  readonly host: string
  readonly port: number
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** Options of `tls.connect`, or null for a plain connection. */
  readonly tls: {
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
    readonly rejectUnauthorized: boolean
  } | null
}

const DEFAULT_PORT = 6379

/** Throws what reading the files of TLS throws. */
export function redisAddress(settings: RedisSettings): RedisAddress {
  const url = settings.url === undefined ? undefined : new URL(settings.url)
  if (url?.protocol === 'unix:') return socketAddress(settings, url)
  const host = url?.hostname.replace(/^\[|\]$/g, '') || settings.host
  const path = url?.pathname.slice(1)
  return {
    mode: settings.cluster ? 'cluster' : settings.sentinels.length > 0 ? 'sentinel' : 'standalone',
    host,
    port: url ? Number(url.port || DEFAULT_PORT) : settings.port,
    username: decoded(url?.username) ?? settings.username,
    password: decoded(url?.password) ?? settings.password,
    db: path && /^\d+$/.test(path) ? Number(path) : settings.db,
    tls: tlsOf(settings, url),
  }
}

/** User and password come from the single settings: such an address has no place for them. */
function socketAddress({ username, password, db }: RedisSettings, url: URL): RedisAddress {
  const number = url.searchParams.get('db')
  return {
    mode: 'standalone',
    host: decodeURIComponent(url.pathname),
    port: 0,
    username,
    password,
    db: number === null ? db : Number(number),
    tls: null,
  }
}

function tlsOf(settings: RedisSettings, url: URL | undefined): RedisAddress['tls'] {
  if (!settings.tls && url?.protocol !== 'rediss:' && url?.protocol !== 'valkeys:') return null
  const read = (path: string) => readFileSync(path, 'utf8')
  return {
    ...(settings.tlsCa !== undefined && { ca: read(settings.tlsCa) }),
    ...(settings.tlsCert !== undefined && { cert: read(settings.tlsCert) }),
    ...(settings.tlsKey !== undefined && { key: read(settings.tlsKey) }),
    rejectUnauthorized: settings.tlsRejectUnauthorized,
  }
}

function decoded(part: string | undefined): string | undefined {
  if (!part) return undefined
  try {
    return decodeURIComponent(part)
  } catch {
    // A percent sign that begins no escape stands for itself.
    return part
  }
}
