import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../../src/app.ts'
import { readConfig } from '../../../src/config.ts'
import { freePort } from '../../support/free-port.ts'
import { GuideShell, guideSteps, readGuide } from '../../support/guide-shell.ts'
import { postgresBinaries } from '../../support/postgres-binaries.ts'
import { PostgresServer } from '../../support/postgres-server.ts'
import { whileHoursPass } from '../../support/time.ts'

const PAGE = readGuide('postgresql-setup.md')
const PASSWORD = 'correct-horse'

let server: PostgresServer
let shell: GuideShell

beforeAll(async () => {
  server = await PostgresServer.start({ password: PASSWORD })
  shell = new GuideShell({
    folders: [postgresBinaries()],
    env: {
      PGPORT: String(server.port),
      PGPASSWORD: PASSWORD,
      AGENT_MEMORY_PG_PORT: String(server.port),
    },
  })
})
afterAll(async () => {
  await server.close()
  shell.close()
})

const STEPS = guideSteps(PAGE)

/** What a shell with these settings prints: the page's server and home are those of this test. */
function inShell(command: string): string {
  const output = shell.run(command.replaceAll(':5432', `:${server.port}`))
  return output.replaceAll(String(server.port), '5432')
}

/** No number that is another one in the next run. */
function steady(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]+){4}/g, 'ID')
    .replaceAll(/\d{4}-\d\d-\d\d [\d:]{8}Z/g, 'TIME')
    .replaceAll(/"latency_ms": [\d.]+/g, '"latency_ms": N')
    .trim()
}

describe('the guide to PostgreSQL', () => {
  test('shows what its commands print', async () => {
    await server.query('create database company')
    inShell(`agent-memory guideline add "No force push" "Never force-push to main." --scope-type global`)
    expect(STEPS.length).toBeGreaterThan(15)
    for (const { command, output } of STEPS)
      expect(`${command}\n${steady(inShell(command))}`).toBe(`${command}\n${steady(output)}`)
  })

  async function refusal(database: string, settings: Readonly<Record<string, string>> = {}): Promise<string> {
    const env = {
      AGENT_MEMORY_DB_TYPE: 'postgresql',
      AGENT_MEMORY_PG_HOST: '127.0.0.1',
      AGENT_MEMORY_PG_PORT: String(server.port),
      AGENT_MEMORY_PG_DATABASE: database,
      AGENT_MEMORY_PG_PASSWORD: PASSWORD,
      ...settings,
    }
    const error = await whileHoursPass(() => openDatabase(readConfig(env))).catch((reason: unknown) => reason)
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
