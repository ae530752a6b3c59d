import type { SettingValues } from './settings.ts'

/** Settings that are right one by one and make no sense together. */
export interface Contradiction {
  readonly text: string
  readonly mend: string
}

type Check = (values: SettingValues) => readonly [variable: string, problem: string, mend: string] | undefined

/** In the order in which they are reported. */
export function contradictions(values: SettingValues): Contradiction[] {
  // Settings of a Redis that is not used are not checked.
  const always = [poolSizes, wholeTls, wholeOAuth]
  const checks = values.redis.enabled ? [...always, ...REDIS_CHECKS] : [...always, requiredRedis]
  return checks.flatMap((check) => {
    const found = check(values)
    return found ? [{ text: `${found[0]}: ${found[1]}.`, mend: found[2] }] : []
  })
}

const poolSizes: Check = ({ postgres: { poolMin: min, poolMax: max } }) =>
  min > max
    ? [
        'AGENT_MEMORY_PG_POOL_MIN',
        `${min} is above AGENT_MEMORY_PG_POOL_MAX, which is ${max}`,
        'Lower this, or raise AGENT_MEMORY_PG_POOL_MAX.',
      ]
    : undefined

const wholeTls: Check = ({ http: { tlsCert, tlsKey } }) =>
  (tlsCert === undefined) === (tlsKey === undefined)
    ? undefined
    : [
        tlsCert === undefined ? 'AGENT_MEMORY_HTTP_TLS_KEY' : 'AGENT_MEMORY_HTTP_TLS_CERT',
        'a certificate and its key go together',
        'Set AGENT_MEMORY_HTTP_TLS_CERT and AGENT_MEMORY_HTTP_TLS_KEY, or neither.',
      ]

const wholeOAuth: Check = ({ http: { oauthIssuer, oauthAudience } }) =>
  (oauthIssuer === undefined) === (oauthAudience === undefined)
    ? undefined
    : [
        oauthIssuer === undefined ? 'AGENT_MEMORY_HTTP_OAUTH_AUDIENCE' : 'AGENT_MEMORY_HTTP_OAUTH_ISSUER',
        'an issuer and the audience of its tokens go together: a token for another service must open nothing here',
        'Set AGENT_MEMORY_HTTP_OAUTH_ISSUER and AGENT_MEMORY_HTTP_OAUTH_AUDIENCE, or neither.',
      ]

const requiredRedis: Check = ({ redis }) =>
  redis.required
    ? [
        'AGENT_MEMORY_REDIS_REQUIRED',
        'Redis is required and not switched on',
        'Set AGENT_MEMORY_REDIS_ENABLED=true, or leave this out.',
      ]
    : undefined

const REDIS_CHECKS: readonly Check[] = [
  ({ redis: { cluster, sentinels, sentinelName } }) =>
    cluster && (sentinels.length > 0 || sentinelName !== undefined)
      ? [
          'AGENT_MEMORY_REDIS_CLUSTER',
          'a cluster has no sentinels',
          'Leave out AGENT_MEMORY_REDIS_SENTINELS and AGENT_MEMORY_REDIS_SENTINEL_NAME, or this.',
        ]
      : undefined,
  ({ redis: { cluster, keyPrefix } }) =>
    cluster && !hasHashTag(keyPrefix)
      ? [
          'AGENT_MEMORY_REDIS_KEY_PREFIX',
          'in a cluster all keys must be on one node, so the prefix needs a hash tag',
          'Set it to {agentmem}: for example.',
        ]
      : undefined,
  (values) =>
    values.redis.cluster && databaseOf(values) !== 0
      ? ['AGENT_MEMORY_REDIS_DB', 'a cluster has only database 0', 'Leave it out.']
      : undefined,
  ({ redis: { sentinels, sentinelName } }) =>
    sentinels.length > 0 && sentinelName === undefined
      ? [
          'AGENT_MEMORY_REDIS_SENTINEL_NAME',
          'missing, while AGENT_MEMORY_REDIS_SENTINELS is set',
          "Set it to the master's name: redis-cli -p 26379 sentinel masters shows it.",
        ]
      : undefined,
  ({ redis: { cluster, sentinels, sentinelName } }) =>
    !cluster && sentinels.length === 0 && sentinelName !== undefined
      ? [
          'AGENT_MEMORY_REDIS_SENTINELS',
          'missing, while AGENT_MEMORY_REDIS_SENTINEL_NAME is set',
          'List the sentinels.',
        ]
      : undefined,
  ({ redis: { tls, tlsCa, url } }) =>
    tlsCa !== undefined && !tls && !isTlsUrl(url)
      ? [
          'AGENT_MEMORY_REDIS_TLS_CA',
          'a CA is given, and the connection is without TLS',
          'Set AGENT_MEMORY_REDIS_TLS=true, or leave this out.',
        ]
      : undefined,
  ({ redis: { tlsCert, tlsKey } }) =>
    (tlsCert === undefined) !== (tlsKey === undefined)
      ? [
          tlsCert === undefined ? 'AGENT_MEMORY_REDIS_TLS_CERT' : 'AGENT_MEMORY_REDIS_TLS_KEY',
          'missing, while the other of certificate and key is given',
          'Name both files, or neither.',
        ]
      : undefined,
  ({ redis: { tls, tlsCert, url } }) =>
    tlsCert !== undefined && !tls && !isTlsUrl(url)
      ? [
          'AGENT_MEMORY_REDIS_TLS_CERT',
          'a certificate is given, and the connection is without TLS',
          'Set AGENT_MEMORY_REDIS_TLS=true, or leave this out.',
        ]
      : undefined,
  ({ redis: { cluster, sentinels, url } }) =>
    url?.startsWith('unix:') && (cluster || sentinels.length > 0)
      ? [
          'AGENT_MEMORY_REDIS_URL',
          'a socket leads to one server, not to a cluster or sentinels',
          'Name a host, or leave out AGENT_MEMORY_REDIS_CLUSTER and AGENT_MEMORY_REDIS_SENTINELS.',
        ]
      : undefined,
  (values) =>
    isUserWithoutPassword(values)
      ? [
          'AGENT_MEMORY_REDIS_PASSWORD',
          'missing, while an ACL user is named; the connection would be that of another user',
          'Set the password of that user; a user that needs none takes any.',
        ]
      : undefined,
]

/** Redis looks at the first opening brace alone: with nothing between it and the next closing one, there is no tag. */
function hasHashTag(prefix: string): boolean {
  return /^[^{]*\{[^}]+\}/.test(prefix)
}

function isTlsUrl(url: string | undefined): boolean {
  return url !== undefined && /^(rediss|valkeys):/.test(url)
}

function databaseOf({ redis: { url, db } }: SettingValues): number {
  const path = url === undefined ? '' : new URL(url).pathname.slice(1)
  return /^\d+$/.test(path) ? Number(path) : db
}

/** Redis takes a name only together with a password. Without a name the user is `default`. */
function isUserWithoutPassword({ redis }: SettingValues): boolean {
  const url = redis.url === undefined ? undefined : new URL(redis.url)
  const user = url?.username || redis.username || 'default'
  return user !== 'default' && !url?.password && !redis.password
}
