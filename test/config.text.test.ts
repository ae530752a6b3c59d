import { expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'

// What shells, env files and clients make of a value on its way.

test.each(['TRUE', 'true ', '"true"', "'True'", 'true\r', '1', 'yes', 'On'])(
  'a flag as %j is true',
  (text) => {
    expect(readConfig({ AGENT_MEMORY_REDIS_ENABLED: text }).redis.enabled).toBe(true)
  },
)

test.each(['FALSE', ' false', '"0"', 'no', 'OFF', '', '  ', '""'])('a flag as %j is false', (text) => {
  expect(readConfig({ AGENT_MEMORY_REDIS_ENABLED: text }).redis.enabled).toBe(false)
})

test.each(['"/srv/memory"', ' /srv/memory\r', "'/srv/memory' "])('a folder as %j', (text) => {
  expect(readConfig({ AGENT_MEMORY_DATA_DIR: text }).dataDir).toBe('/srv/memory')
})

test.each([
  ['[::1]', '::1'],
  ['::1', '::1'],
  ['redis.example', 'redis.example'],
])('a host as %s is %s', (text, host) => {
  const { redis, http } = readConfig({ AGENT_MEMORY_REDIS_HOST: text, AGENT_MEMORY_HTTP_HOST: text })
  expect([redis.host, http.host]).toEqual([host, host])
})

test('a word of a list in any case', () => {
  expect(readConfig({ AGENT_MEMORY_LOG_LEVEL: 'WARN' }).logLevel).toBe('warn')
})

test('a password keeps its quotes and blanks, an address loses its quotes', () => {
  const given = { AGENT_MEMORY_PG_PASSWORD: '" a"', AGENT_MEMORY_PG_URL: '"postgres://db.example/am"\r' }
  expect(readConfig(given).postgres).toMatchObject({ password: '" a"', url: 'postgres://db.example/am' })
})

test('what is no flag is refused as it stands there', () => {
  expect(() => readConfig({ AGENT_MEMORY_REDIS_ENABLED: 'perhaps' })).toThrow(
    /=perhaps: expected true or false/,
  )
})

test.each<[variable: string, text: string, said: RegExp]>([
  ['AGENT_MEMORY_DB_PATH', 'sqlite:////data/memory.db', /not an address: \/data\/memory\.db/],
  ['AGENT_MEMORY_DB_PATH', 'file:///data/my%20memory.db?mode=rwc', /not an address: \/data\/my memory\.db\./],
  ['AGENT_MEMORY_DB_PATH', 'file:memory.db', /not an address\./],
  ['AGENT_MEMORY_DB_PATH', ':memory:', /expected a file/],
  ['AGENT_MEMORY_DB_PATH', 'postgres://db.example/am', /not an address\./],
  ['AGENT_MEMORY_DATA_DIR', 'file:///srv/memory', /not an address: \/srv\/memory/],
  ['AGENT_MEMORY_ROOT', 'file:///tmp', /not an address: \/tmp/],
  ['AGENT_MEMORY_REDIS_TLS_CA', 'file:///etc/ca.pem', /not an address: \/etc\/ca\.pem/],
])('%s=%s is no place of this machine', (variable, text, said) => {
  expect(() => readConfig({ [variable]: text })).toThrow(said)
})

test.runIf(process.platform !== 'win32').each(['C:\\Users\\a\\memory', 'c:/memory', '\\\\server\\share'])(
  'a path of Windows, %s, becomes no folder of that name elsewhere',
  (text) => {
    expect(() => readConfig({ AGENT_MEMORY_DATA_DIR: text })).toThrow(/a path of Windows/)
    expect(() => readConfig({ AGENT_MEMORY_DB_PATH: text })).toThrow(/a path of Windows/)
  },
)

test.each(['my:memory.db', 'a/b:c.db', '/data/x.db?mode=rw'])('%s is a name that a file may have', (text) => {
  expect(readConfig({ AGENT_MEMORY_DB_PATH: text }).dbPath).toContain(text)
})

test('keys of which one would stand in the name of an agent are refused, without them', () => {
  const keys = (text: string) => () => readConfig({ AGENT_MEMORY_HTTP_API_KEYS: text })
  for (const text of [
    'k1:ann;k2:bob',
    'k1:ann k2:bob',
    'k1:ann | k2:bob',
    '"k1:ann","k2:bob"',
    '["k1:ann"]',
    '{"k1":"ann"}',
  ]) {
    expect(keys(text), text).toThrow(/=\*\*\*: expected key:agent_id,key:agent_id/)
    expect(keys(text), text).not.toThrow(/k2|bob/)
  }
  expect(keys('k1:ann,k1:bob')).toThrow(/each key once/)
  expect(keys('k1:ann,k1:ann,k2:team:bob,k3:Bob B')().http.apiKeys).toContainEqual({
    key: 'k2',
    agentId: 'team:bob',
  })
})
