import type { Random } from '../faults/random.ts'
import type { RedisServer } from '../test/support/redis-server.ts'

export const PREFIX = 'attack:'

type Command = readonly (string | number)[]

/** Numbers that no instance gave, and what is none. */
const NUMBERS = [
  '9007199254740991',
  '9223372036854775807',
  '999999999',
  '0',
  '-1',
  '1.5',
  '1e400',
  'nan',
  'junk',
  '',
]
const TEXTS = [
  'junk',
  '',
  'null',
  '[]',
  '{}',
  '[[],null,"forged","x"]',
  '{"agent_id":7}',
  '\0',
  '['.repeat(5_000),
  'x'.repeat(100_000),
]
const FAR = 9e14
const META = ['server', 'database', 'epoch', 'recover_until', 'change', 'memories', 'told']
const PLACES = [
  'meta',
  'versions',
  'published',
  'owner',
  'beginner',
  'trial',
  'lock:leases',
  'lock:index',
  'lock:waiters',
  'lock:outbox',
  'lock:file:',
  'cache:q:',
  'cache:fill:',
]

const WAITERS = [
  JSON.stringify({ agent_id: 'ghost', paths: ['/shared'], ticket: 1, seen: FAR }),
  JSON.stringify({ agent_id: 'ghost', paths: [{}], ticket: 'x', seen: 1 }),
  ...TEXTS,
]
const ROW = {
  seq: 2 ** 52,
  type: 'lock.released',
  agent_id: 'ghost',
  path: '/ghost',
  lease: { expires: 1e18 },
}
const LEASE = {
  agent_id: 'ghost',
  expires: FAR,
  fencing_token: '9007199254740992',
  ttl_ms: FAR,
  acquired_at: 1,
}

/** One piece of junk or one forgery: the commands, and the place that they are about. */
export interface Strike {
  readonly place: string
  readonly commands: readonly Command[]
}

/** What somebody who may write to this Redis does next. */
export async function nextStrike(random: Random, redis: RedisServer): Promise<Strike> {
  const keys = (await redis.send<string[]>('KEYS', `${PREFIX}*`)).sort()
  const answers = keys.filter((key) => key.startsWith(`${PREFIX}cache:q:`))
  const kind = random.next()
  if (kind < 0.25) return otherType(random, random.pick(keys))
  if (kind < 0.4 && answers.length > 1) return exchanged(random, answers, redis)
  if (kind < 0.55) return published(random)
  if (kind < 0.6)
    return { place: 'all', commands: random.sample(keys, keys.length).map((key) => ['DEL', key]) }
  return forged(random, random.pick(PLACES), keys)
}

function otherType(random: Random, key: string): Strike {
  const text = random.pick(TEXTS)
  const made = random.pick<Command>([
    ['SET', key, text],
    ['RPUSH', key, text],
    ['SADD', key, text],
    ['HSET', key, text, text],
    ['ZADD', key, 1, text],
    ['XADD', key, '*', 'f', text],
  ])
  return { place: key, commands: [['DEL', key], made] }
}

/** A true answer to one question, in the place of the answers to others. */
async function exchanged(random: Random, answers: readonly string[], redis: RedisServer): Promise<Strike> {
  const [from = ''] = random.sample(answers, 1)
  const text = await redis.send<string | null>('GET', from).catch(() => null)
  const puts = answers.map((key): Command => ['SET', key, text ?? 'junk', 'PX', 60_000])
  return { place: 'cache:q', commands: puts }
}

function published(random: Random): Strike {
  const versions = { 'project:p/knowledge': 2 ** 53 - 1 }
  const news = { v: 1, ns: `${PREFIX}@0`, versions, mac: 'x'.repeat(43) }
  const text = random.pick([
    JSON.stringify(news),
    JSON.stringify({ ...news, versions: { x: 'y' } }),
    ...TEXTS,
  ])
  const channel = random.pick(['agentmem:events', `${PREFIX}lock:channel:0`])
  return { place: channel, commands: [['PUBLISH', channel, text]] }
}

function forged(random: Random, place: string, keys: readonly string[]): Strike {
  const key = `${PREFIX}${place}`
  const number = random.pick(NUMBERS)
  const text = random.pick(TEXTS)
  const like = keys.filter((one) => one.startsWith(key))
  const target = like.length > 0 ? random.pick(like) : `${key}/shared`
  const commands: Readonly<Record<string, Command>> = {
    meta: ['HSET', key, random.pick(META), number],
    published: ['ZADD', key, random.pick([1, 2 ** 52, '+inf']), text],
    'lock:index': ['ZADD', key, random.pick([0, 1, FAR]), random.pick(['/shared', '/ghost', ''])],
    'lock:waiters': ['HSET', key, `w${number}`, random.pick(WAITERS)],
    'lock:outbox': [
      'ZADD',
      key,
      random.pick([1, 2 ** 52, '+inf']),
      random.pick([JSON.stringify(ROW), ...TEXTS]),
    ],
    'lock:leases': ['HSET', key, '/shared', random.pick([JSON.stringify(LEASE), ...TEXTS])],
    'lock:file:': ['SET', `${key}/shared`, random.pick([JSON.stringify(LEASE), ...TEXTS])],
  }
  const command = commands[place] ?? ['SET', target, text]
  if (place === 'versions') return { place, commands: versionsOf(like, number) }
  return { place, commands: [command] }
}

/** Of whatever is known: each field is the key of a scope. */
function versionsOf(like: readonly string[], number: string): Command[] {
  const script =
    "if redis.call('TYPE', KEYS[1]).ok ~= 'hash' then return 0 end " +
    "for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do redis.call('HSET', KEYS[1], field, ARGV[1]) end return 1"
  return like.map((key) => ['EVAL', script, 1, key, number])
}
