import { OtherDatabaseError } from './other-database.ts'

/** A command that got no answer in its time. Whether Redis ran it is not known. */
export class RedisTimeoutError extends Error {
  override readonly name = 'RedisTimeoutError'
}

/** No connection at this moment; nothing was sent. */
export class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError'
}

/** True for an answer of Redis itself that begins with that word, such as NOSCRIPT. */
export function isReply(error: unknown, word: string): boolean {
  return error instanceof Error && error.message.startsWith(word)
}

/** A key of ours holds another type. Before Redis 7 the word stands behind the place in the script. */
export function isWrongType(error: unknown): boolean {
  return error instanceof Error && /\bWRONGTYPE\b/.test(error.message)
}

/** Its memory is full. */
export function isFull(error: unknown): boolean {
  return error instanceof Error && /\bOOM command not allowed\b/.test(error.message)
}

/** An error of the connection in the words of the guide. Clients wrap them: RESP3 says NOAUTH otherwise, two addresses of a name give an AggregateError. */
export function describeRedisError(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    const causes: readonly unknown[] = error.errors
    return describeRedisError(causes.find(isOfIpv4) ?? causes[0])
  }
  if (!(error instanceof Error)) return 'unknown error'
  if (error.message.startsWith('NOAUTH')) return 'NOAUTH Authentication required'
  if (error.message.startsWith('WRONGPASS'))
    return 'WRONGPASS invalid username-password pair or user is disabled'
  if (/ACL failure|executing the script can't run/.test(error.message))
    return 'NOPERM a script may not run one of its commands (ACL LOG shows which)'
  const unknown = /nknown (?:Redis )?command(?: [`'"]([A-Za-z.|]{1,32})[`'"])?/.exec(error.message)
  if (unknown) return `ERR the server has no command ${unknown[1]?.toUpperCase() ?? 'of that name'} for us`
  if (isWrongType(error)) return 'WRONGTYPE a key of ours holds another kind of value'
  if (error instanceof OtherDatabaseError) return error.message
  const alert = /SSL routines:[^:]*:([^:]+)/.exec(error.message)
  if (alert) return `TLS: ${alert[1]}`
  if (error.cause instanceof Error && !error.message) return describeRedisError(error.cause)
  return firstSentence(error.message).slice(0, 200) || error.name
}

/** Without the line of our script at which Redis refused. Redis 6 says that first. */
function firstSentence(message: string): string {
  const [line = ''] = message.split('\n')
  const own = line.replace(/^ERR Error (?:running|compiling) script .*@\S+?: ?\d+: -?/, '')
  return own.replace(/ script: [0-9a-f]{40}, on @.*$/, '').replace(/\.$/, '')
}

function isOfIpv4(error: unknown): boolean {
  return error instanceof Error && /\d+\.\d+\.\d+\.\d+/.test(error.message)
}

/** The first that fits; a certificate that names another host is not one of an unknown CA. */
const REMEDIES: readonly (readonly [description: RegExp, remedy: string])[] = [
  [
    /^another database/,
    'Set AGENT_MEMORY_REDIS_KEY_PREFIX to another prefix for each database. One that takes the place of the other is let in as soon as that has been silent for the time of a lock.',
  ],
  [
    /^another Redis server, or key prefix/,
    'Give all instances of this database the same AGENT_MEMORY_REDIS_ settings, the key prefix too. During a failover it passes by itself.',
  ],
  [/ECONNREFUSED/, 'Ensure Redis is running: redis-cli ping.'],
  [
    /ENOENT|EACCES/,
    'Ensure Redis is running with that socket (unixsocket, unixsocketperm), or correct AGENT_MEMORY_REDIS_URL.',
  ],
  [/^NOAUTH/, 'Set AGENT_MEMORY_REDIS_PASSWORD.'],
  [
    /^WRONGPASS/,
    'Correct AGENT_MEMORY_REDIS_USERNAME and AGENT_MEMORY_REDIS_PASSWORD, or user and password in AGENT_MEMORY_REDIS_URL.',
  ],
  [
    /^ERR AUTH <password> called without any password|no password is set/,
    'Leave out AGENT_MEMORY_REDIS_PASSWORD, or the password in AGENT_MEMORY_REDIS_URL, or give Redis that password (requirepass).',
  ],
  [
    /^DENIED/,
    'Give Redis a password (requirepass) and set AGENT_MEMORY_REDIS_PASSWORD: without one it refuses other machines (protected-mode).',
  ],
  [
    /no command SENTINEL/,
    'That is Redis itself: AGENT_MEMORY_REDIS_SENTINELS names the sentinels, whose port is 26379 as a rule.',
  ],
  [
    /Unknown RESP type/,
    'Another program answers there: correct AGENT_MEMORY_REDIS_HOST and AGENT_MEMORY_REDIS_PORT, or AGENT_MEMORY_REDIS_URL.',
  ],
  [
    /no command/,
    'A line rename-command in redis.conf, or the service, has switched it off: allow it, or use a Redis that has it.',
  ],
  [
    /^WRONGTYPE/,
    'Something else writes under AGENT_MEMORY_REDIS_KEY_PREFIX: give it another prefix. The key is removed and made anew.',
  ],
  [
    /^(BUSY|UNKILLABLE)/,
    'A script or function of another program runs too long: redis-cli SCRIPT KILL (or FUNCTION KILL) ends it.',
  ],
  [
    /^NOREPLICAS/,
    'Redis has fewer replicas than min-replicas-to-write asks for: start them, or lower that setting.',
  ],
  [/^NOPERM/, 'Give the ACL user the rights that docs/guides/connect-redis.md lists.'],
  [
    /altnames/,
    'Set AGENT_MEMORY_REDIS_HOST (or the host in AGENT_MEMORY_REDIS_URL) to a name that the certificate holds.',
  ],
  [
    /^TLS: .*(certificate required|handshake failure|bad certificate|unknown ca)/,
    'Redis asks clients for a certificate: give ours with AGENT_MEMORY_REDIS_TLS_CERT and AGENT_MEMORY_REDIS_TLS_KEY.',
  ],
  [/certificate has expired|not yet valid/, 'Renew the certificate of Redis.'],
  [/certificate|self.signed|CERT/i, 'Give the private CA with AGENT_MEMORY_REDIS_TLS_CA.'],
  [/^OOM/, 'Raise maxmemory of Redis, or lower AGENT_MEMORY_REDIS_CACHE_TTL_MS so that answers go sooner.'],
  [
    /^READONLY|^MASTERDOWN/,
    'Connect to the master, not to a replica; where it changes, name AGENT_MEMORY_REDIS_SENTINELS.',
  ],
  [
    /^MISCONF/,
    'Redis cannot write to its disk: make room or rights there (its log says which), then redis-cli BGSAVE.',
  ],
  [/^LOADING/, 'Redis still reads its data: it is tried again until that is done.'],
  [/^MOVED/, 'This Redis is a cluster: set AGENT_MEMORY_REDIS_CLUSTER=true.'],
  [/cluster support disabled/, 'This Redis is no cluster: leave out AGENT_MEMORY_REDIS_CLUSTER.'],
  [/^CLUSTERDOWN/, 'Mend the cluster: redis-cli --cluster check names what is wrong.'],
  [
    /^(TRYAGAIN|ASK)/,
    'The slot of our keys is moving to another node: it is tried again until that is done.',
  ],
  [/DB index/, 'Correct AGENT_MEMORY_REDIS_DB, or the number in AGENT_MEMORY_REDIS_URL.'],
  [/max number of clients/, 'Raise maxclients of Redis.'],
  [/knows no master/, 'Correct AGENT_MEMORY_REDIS_SENTINEL_NAME.'],
  [/ENOTFOUND|EAI_AGAIN/, 'Correct AGENT_MEMORY_REDIS_HOST or AGENT_MEMORY_REDIS_URL.'],
  [
    /ECONNRESET|Socket closed/,
    'Redis ended the connection: if it wants TLS, set AGENT_MEMORY_REDIS_TLS=true (rediss: in AGENT_MEMORY_REDIS_URL), otherwise look into its log.',
  ],
  [
    /did not answer|timeout/i,
    'Check the network between here and Redis, and set AGENT_MEMORY_REDIS_TLS=false if Redis is without TLS (redis: in place of rediss: in AGENT_MEMORY_REDIS_URL).',
  ],
]

/** True for a server that is not up yet, or still starting: a caller that needs it waits. A refusal stays a refusal. */
export function mayPass(description: string): boolean {
  return /ECONNREFUSED|ECONNRESET|ENOENT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|Socket closed|did not answer|timeout|^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|BUSY)|knows no master|is a replica now|max number of clients/i.test(
    description,
  )
}

/** What the operator can do about it. */
export function remedyOf(description: string): string {
  const fitting = REMEDIES.find(([pattern]) => pattern.test(description))
  return fitting?.[1] ?? 'Check the network between here and Redis.'
}
