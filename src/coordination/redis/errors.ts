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
  if (error.cause instanceof Error && !error.message) return describeRedisError(error.cause)
  return error.message.split('\n')[0]?.slice(0, 200) || error.name
}

function isOfIpv4(error: unknown): boolean {
  return error instanceof Error && /\d+\.\d+\.\d+\.\d+/.test(error.message)
}

/** What the operator can do about it. */
export function mendOf(description: string): string {
  if (description.includes('ECONNREFUSED')) return 'Ensure Redis is running: redis-cli ping.'
  if (description.startsWith('NOAUTH')) return 'Set AGENT_MEMORY_REDIS_PASSWORD.'
  if (description.startsWith('WRONGPASS'))
    return 'Correct AGENT_MEMORY_REDIS_USERNAME and AGENT_MEMORY_REDIS_PASSWORD.'
  if (description.startsWith('NOPERM'))
    return 'Give the ACL user the rights that docs/guides/redis-distributed.md lists.'
  if (/certificate|self.signed|CERT/i.test(description))
    return 'Give the private CA with AGENT_MEMORY_REDIS_TLS_CA.'
  if (/ENOTFOUND|EAI_AGAIN/.test(description))
    return 'Correct AGENT_MEMORY_REDIS_HOST or AGENT_MEMORY_REDIS_URL.'
  return 'Check the network between here and Redis.'
}
