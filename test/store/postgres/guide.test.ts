import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { freePort } from '../../support/free-port.ts'
import { postgresBinaries } from '../../support/postgres-binaries.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { programArgs } from '../../support/program.ts'

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/guides/postgresql-setup.md'), 'utf8')
const PASSWORD = 'correct-horse'

let server: PostgresServer
let home = ''

beforeAll(async () => {
  server = await PostgresServer.start({ password: PASSWORD })
  home = mkdtempSync(join(tmpdir(), 'agent-memory-guide-'))
  mkdirSync(join(home, 'bin'))
  const words = programArgs().map((word) => `'${word}'`)
  const shim = `#!/bin/sh\nexec '${process.execPath}' ${words.join(' ')} "$@"\n`
  writeFileSync(join(home, 'bin/agent-memory'), shim)
  chmodSync(join(home, 'bin/agent-memory'), 0o755)
})
afterAll(async () => {
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

/** The commands of the page in their order, with what it says they print. */
const STEPS = [...PAGE.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .filter(Boolean)
    .map((part) => {
      const end = part.search(/(?<!\\)\n/)
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    }),
)

/** What a shell with these settings prints: the page's server and home are those of this test. */
function inShell(exported: readonly string[], command: string): string {
  const script = [...exported, `${command} 2>&1`].join('\n').replaceAll('/home/ada', home)
  const output = execFileSync('bash', ['-ec', script.replaceAll(':5432', `:${server.port}`)], {
    cwd: home,
    encoding: 'utf8',
    env: {
      HOME: home,
      PATH: [join(home, 'bin'), postgresBinaries(), process.env['PATH']].join(delimiter),
      PGPORT: String(server.port),
      PGPASSWORD: PASSWORD,
      AGENT_MEMORY_PG_PORT: String(server.port),
    },
  })
  return output.replaceAll(String(server.port), '5432').replaceAll(home, '/home/ada')
}

/** No number that is another one in the next run. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]+){4}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\d [\d:]{8}Z/g, 'TIME')
    .replaceAll(/"latency_ms": [\d.]+/g, '"latency_ms": N')
    .trim()
}

describe('the guide to PostgreSQL', { timeout: 120_000 }, () => {
  test('shows what its commands print', async () => {
    await server.query('create database company')
    inShell([], `agent-memory guideline add "No force push" "Never force-push to main." --scope-type global`)
    const exported: string[] = []
    expect(STEPS.length).toBeGreaterThan(15)
    for (const { command, output } of STEPS) {
      if (command.startsWith('export ')) exported.push(command)
      else expect(`${command}\n${steady(inShell(exported, command))}`).toBe(`${command}\n${steady(output)}`)
    }
  })

  async function refusal(database: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const env = {
      AGENT_MEMORY_DB_TYPE: 'postgresql',
      AGENT_MEMORY_PG_HOST: '127.0.0.1',
      AGENT_MEMORY_PG_PORT: String(server.port),
      AGENT_MEMORY_PG_DATABASE: database,
      AGENT_MEMORY_PG_PASSWORD: PASSWORD,
      AGENT_MEMORY_PG_CONNECTION_TIMEOUT_MS: '500',
      ...settings,
    }
    const error = await openDatabase(readConfig(env)).catch((reason: unknown) => reason)
    const { message } = error instanceof Error ? error : new Error('it was not refused')
    const port = settings['AGENT_MEMORY_PG_PORT'] ?? server.port
    return message.replaceAll(`:${port}`, ':5432')
  }

  test('quotes each error as the program gives it', async () => {
    for (const name of ['shop', 'half', 'narrow', 'lost']) await server.query(`create database ${name}`)
    await server.query("create database latin encoding 'LATIN1' locale 'C' template template0")
    await server.query('create table orders (id int)', 'shop')
    await server.query('create table unfinished_move (id int)', 'half')
    await server.query('alter database lost set search_path = nowhere')
    await server.query(
      `create role reader login password '${PASSWORD}'; create role busy login password '${PASSWORD}' connection limit 0`,
    )
    const messages = [
      await refusal('agent_memory', { AGENT_MEMORY_PG_PORT: String(await freePort()) }),
      await refusal('agent_memory', { AGENT_MEMORY_PG_HOST: 'nowhere.invalid' }),
      await refusal('agent_memory', { AGENT_MEMORY_PG_PASSWORD: 'wrong' }),
      await refusal('nowhere'),
      (await refusal('narrow', { AGENT_MEMORY_PG_USER: 'reader' })).replace('narrow', 'company'),
      await refusal('shop'),
      await refusal('half'),
      await refusal('latin'),
      await refusal('lost'),
      await refusal('postgres', { AGENT_MEMORY_PG_USER: 'busy' }),
    ]
    const quoted = [...PAGE.matchAll(/^\| `([^`]+)` \|/gm)].map(([, text = '']) => text)
    for (const message of messages) expect(quoted.filter((text) => message.startsWith(text))).toHaveLength(1)
  })
})
