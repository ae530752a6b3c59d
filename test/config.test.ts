import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkSettings, readConfig } from '../src/config.ts'
import { TOOLS } from '../src/domain/toolsets.ts'

test.each([
  ['AGENT_MEMORY_DATA_DIR', `\${workspaceFolder}/.mem`, `\${workspaceFolder}`],
  ['AGENT_MEMORY_DATA_DIR', '$HOME/mem', '$HOME'],
  ['AGENT_MEMORY_DATA_DIR', '%APPDATA%\\mem', '%APPDATA%'],
  ['AGENT_MEMORY_DATA_DIR', `\${env:HOME}/mem`, `\${env:HOME}`],
  ['AGENT_MEMORY_DATA_DIR', '/mnt/%USERNAME%/mem', '%USERNAME%'],
  ['AGENT_MEMORY_DB_PATH', '$env:TEMP/memory.db', '$env:TEMP'],
  ['AGENT_MEMORY_PROJECT', `\${workspaceFolderBasename}`, `\${workspaceFolderBasename}`],
  ['AGENT_MEMORY_AGENT_ID', '$USER', '$USER'],
  ['AGENT_MEMORY_PG_HOST', `\${PGHOST}`, `\${PGHOST}`],
])('%s=%s is refused by name: %s was not expanded', (variable, value, found) => {
  expect(() => readConfig({ [variable]: value })).toThrow(
    expect.objectContaining({
      errorName: 'INVALID_PARAMETER',
      message: `${variable}=${value}: ${found} was not expanded.`,
    }),
  )
})

test('of a secret only the name is said', () => {
  const refused = { message: 'AGENT_MEMORY_PG_PASSWORD=***: a variable was not expanded.' }
  expect(() => readConfig({ AGENT_MEMORY_PG_PASSWORD: `\${env:PG}` })).toThrow(
    expect.objectContaining(refused),
  )
})

test.each([
  ['AGENT_MEMORY_PG_PORT', '5432:PASSWORD@db.example'],
  ['AGENT_MEMORY_REDIS_PORT', 'redis://:PASSWORD@cache.example:6379'],
  ['AGENT_MEMORY_DB_TYPE', 'postgresql://ada:PASSWORD@db.example/memory'],
  ['AGENT_MEMORY_LOG_LEVEL', 'https://ada:PASSWORD@logs.example'],
])('the password in an address is not said where it stands in %s', (variable, value) => {
  // Another one each time: a process remembers those that it has seen.
  const password = randomBytes(12).toString('hex')
  const read = () => readConfig({ [variable]: value.replace('PASSWORD', password) })
  expect(read).toThrow(variable)
  expect(read).not.toThrow(password)
})

test.each([
  ['AGENT_MEMORY_PG_PASSWORD', `a\${b}$HOME%c%`],
  ['AGENT_MEMORY_PROJECT', 'costs 5$ or 10%'],
  ['AGENT_MEMORY_REDIS_KEY_PREFIX', '{agentmem}:'],
])('%s=%s is a value like others', (variable, value) => {
  expect(() => readConfig({ [variable]: value })).not.toThrow()
})

test.each(['nothing', 'core,nothing', 'x', ''])(
  'AGENT_MEMORY_TOOLSETS=%s names a toolset without tools',
  (value) => {
    expect(() => readConfig({ AGENT_MEMORY_TOOLSETS: value || ',' })).toThrow(
      expect.objectContaining({
        errorName: 'INVALID_PARAMETER',
        message: expect.stringContaining('AGENT_MEMORY_TOOLSETS'),
      }),
    )
  },
)

test('every toolset has tools, and `all` is all of them', () => {
  const { toolsets } = readConfig({ AGENT_MEMORY_TOOLSETS: 'all' })
  expect([...toolsets].sort()).toEqual(
    [...new Set(Object.values(TOOLS).map(({ toolset }) => toolset))].sort(),
  )
  for (const toolset of toolsets)
    expect(readConfig({ AGENT_MEMORY_TOOLSETS: toolset }).toolsets).toEqual([toolset])
})

test("an empty HOME is the system's home", () => {
  const script = `import { readConfig } from ${JSON.stringify(join(import.meta.dirname, '../src/config.ts'))}
    process.stdout.write(readConfig({}).dataDir)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { HOME: '' },
    encoding: 'utf8',
  })
  expect(stdout).toBe(join(userInfo().homedir, '.agent-memory'))
})

test.each([
  ['AGENT_MEMORY_REDIS_HOSTS', 'AGENT_MEMORY_REDIS_HOST'],
  ['AGENT_MEMORY_REDIS_PASS', 'AGENT_MEMORY_REDIS_PASSWORD'],
  ['AGENT_MEMORY_DATABASE_URL', 'AGENT_MEMORY_PG_URL'],
  ['AGENT_MEMORY_POSTGRES_HOST', 'AGENT_MEMORY_PG_HOST'],
  ['AGENT_MEMORY_API_KEYS', 'AGENT_MEMORY_HTTP_API_KEYS'],
  ['AGENT_MEMORY_DB', 'AGENT_MEMORY_DB_PATH or AGENT_MEMORY_DB_TYPE or AGENT_MEMORY_REDIS_DB'],
  ['AGENT_MEMORY_PG_USERNAME', 'AGENT_MEMORY_PG_USER'],
  ['AGENTMEMORY_PG_HOST', 'AGENT_MEMORY_PG_HOST'],
  ['agent_memory_db_type', 'AGENT_MEMORY_DB_TYPE'],
])('%s is said to be none of ours, with what it may mean', (name, meant) => {
  expect(checkSettings({ [name]: 'x' })).toEqual([
    {
      isFatal: false,
      text: `${name} is no setting of this version; it has no effect.`,
      mend: `Did you mean ${meant}?`,
    },
  ])
})
