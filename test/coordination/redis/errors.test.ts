import { expect, test } from 'vitest'
import { describeRedisError, remedyOf } from '../../../src/coordination/redis/connection/errors.ts'

// Words of servers that are not at hand here: Redis 6.0.16 in a script, a server in protected mode, one with too few replicas.
test.each([
  [
    "ERR Error running script (call to f_a3b2): @user_script:107: @user_script: 107: -OOM command not allowed when used memory > 'maxmemory'.",
    "OOM command not allowed when used memory > 'maxmemory'",
    'Raise maxmemory',
  ],
  [
    'ERR Error running script (call to f_a3b2): @user_script:12: WRONGTYPE Operation against a key holding the wrong kind of value',
    'WRONGTYPE a key of ours holds another kind of value',
    'AGENT_MEMORY_REDIS_KEY_PREFIX',
  ],
  [
    "ERR Error running script (call to f_a3b2): @lease/acts.lua:7: @lease/acts.lua:7: -OOM command not allowed when used memory > 'maxmemory'.",
    "OOM command not allowed when used memory > 'maxmemory'",
    'Raise maxmemory',
  ],
  ['ERR unknown command `EVALSHA`, with args beginning with: `secret`', 'EVALSHA', 'rename-command'],
  ["ERR unknown command 'SENTINEL', with args beginning with: 'secret'", 'SENTINEL', '26379'],
  ['Unknown RESP type 72 "H"', 'Unknown RESP type', 'AGENT_MEMORY_REDIS_PORT'],
  ['DENIED Redis is running in protected mode because …', 'DENIED', 'AGENT_MEMORY_REDIS_PASSWORD'],
  [
    'another Redis server, or key prefix, keeps the locks of this database now',
    'another Redis server',
    'the same AGENT_MEMORY_REDIS_ settings',
  ],
  ['NOREPLICAS Not enough good replicas to write.', 'NOREPLICAS', 'min-replicas-to-write'],
])('%s', (message, described, advice) => {
  const text = describeRedisError(new Error(message))
  expect(text).toContain(described)
  expect(text).not.toMatch(/user_script|secret/)
  expect(remedyOf(text)).toContain(advice)
})
