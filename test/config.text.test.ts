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
