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
  readonly tlsRejectUnauthorized: boolean
  readonly connectTimeoutMs: number
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  readonly sentinelName?: string | undefined
  readonly cluster: boolean
}

/** The same with the URL taken apart: what is in it wins, the single settings fill the rest. */
export interface RedisAddress {
  readonly mode: 'standalone' | 'sentinel' | 'cluster'
  readonly host: string
  readonly port: number
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** Options of `tls.connect`, or null for a plain connection. */
  readonly tls: {
    readonly ca?: string
    readonly rejectUnauthorized: boolean
    readonly servername?: string
  } | null
}

const DEFAULT_PORT = 6379

/** Throws what reading the CA file throws. */
export function redisAddress(settings: RedisSettings): RedisAddress {
  const url = settings.url === undefined ? undefined : new URL(settings.url)
  const host = url?.hostname.replace(/^\[|\]$/g, '') || settings.host
  const isTls = settings.tls || url?.protocol === 'rediss:'
  const ca = settings.tlsCa === undefined ? {} : { ca: readFileSync(settings.tlsCa, 'utf8') }
  const path = url?.pathname.slice(1)
  return {
    mode: settings.cluster ? 'cluster' : settings.sentinels.length > 0 ? 'sentinel' : 'standalone',
    host,
    port: url ? Number(url.port || DEFAULT_PORT) : settings.port,
    username: decoded(url?.username) ?? settings.username,
    password: decoded(url?.password) ?? settings.password,
    db: path && /^\d+$/.test(path) ? Number(path) : settings.db,
    tls: isTls ? { ...ca, rejectUnauthorized: settings.tlsRejectUnauthorized } : null,
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
