import { chmodSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../../../src/domain/places/database-file.ts'
import { type Cli, type CliOptions, withCli } from '../../../support/cli.ts'
import { openEmbeddingService } from '../../../support/embedding-service.ts'
import { freePort } from '../../../support/free-port.ts'
import { git, makeRepository } from '../../../support/git.ts'

interface Report {
  readonly status: string
  readonly mended: readonly string[]
  readonly findings: readonly Finding[]
}

async function doctor(
  cli: Cli,
  options: CliOptions = {},
  ...flags: string[]
): Promise<Report & { code: number }> {
  const { code, stdout } = await cli(['doctor', '--json', ...flags], options)
  return { code, ...(JSON.parse(stdout) as Report) }
}

const broken = ({ findings }: Report) => findings.filter(({ level }) => level === 'broken')

describe('doctor', () => {
  test('on a new machine is content and makes nothing', () =>
    withCli(async (cli) => {
      const report = await doctor(cli)
      expect([report.code, report.status, broken(report)]).toEqual([0, 'ok', []])
      expect(readdirSync(cli.dataDir)).toEqual(['project'])
    }))

  test('shows people one line for each thing', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'First.'])
      const { code, stdout, stderr } = await cli(['doctor'])
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^ok {7}Program +agent-memory \d+\.\d+\.\d+, Node /m)
      expect(stdout).toMatch(/^ok {7}Search +The index holds every entry \(1\)\.$/m)
      expect(stdout).toMatch(
        /^ok {7}Start +A server starts, and exports all: 1 entry, 0 earlier versions\.$/m,
      )
      expect(stdout).toMatch(/^ok {7}Vectors +Of the table of words that comes with the program\.$/m)
      expect(stdout).toMatch(/\nAll is well\.\n$/)
    }))

  test('asks the model of the settings for a vector, and names what hinders it', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'First.'])
      const service = await openEmbeddingService()
      try {
        const env = {
          AGENT_MEMORY_EMBEDDINGS: 'openai',
          AGENT_MEMORY_EMBEDDINGS_URL: service.url,
          AGENT_MEMORY_EMBEDDINGS_MODEL: 'small',
        }
        const vectors = async () =>
          (await doctor(cli, { env })).findings.find(({ check }) => check === 'Vectors')
        expect(await vectors()).toMatchObject({
          level: 'ok',
          text: expect.stringMatching(/^openai:small answers; [01] of 1 entry has its vector\.$/),
        })
        service.misbehave('500')
        expect(await vectors()).toEqual({
          check: 'Vectors',
          level: 'warning',
          text: 'openai:small: The service answered 500.',
          mend: 'Check the settings AGENT_MEMORY_EMBEDDINGS_*. Until the model answers, searches go by words alone.',
        })
      } finally {
        await service.close()
      }
    }))

  test('names every bad setting, and one that the program does not read', () =>
    withCli(async (cli) => {
      const env = {
        AGENT_MEMORY_LOG_LEVEL: 'loud',
        AGENT_MEMORY_CACHE_MAX_BYTES: 'lots',
        AGENT_MEMORY_DATADIR: '/x',
      }
      const report = await doctor(cli, { env })
      expect([report.code, report.status]).toEqual([1, 'broken'])
      expect(broken(report).map(({ text }) => text.split('=')[0])).toEqual([
        'AGENT_MEMORY_CACHE_MAX_BYTES',
        'AGENT_MEMORY_LOG_LEVEL',
      ])
      const strange = report.findings.find(({ level }) => level === 'warning')
      expect(strange?.text).toBe('AGENT_MEMORY_DATADIR is no setting of this version; it has no effect.')
      expect(strange?.mend).toBe('Did you mean AGENT_MEMORY_DATA_DIR?')
    }))

  test('names every pair of settings that makes no sense', () =>
    withCli(async (cli) => {
      const env = { AGENT_MEMORY_PG_POOL_MIN: '11', AGENT_MEMORY_REDIS_REQUIRED: 'true' }
      const report = await doctor(cli, { env })
      expect([report.code, report.status]).toEqual([1, 'broken'])
      expect(broken(report).map(({ text }) => text.split(':')[0])).toEqual([
        'AGENT_MEMORY_PG_POOL_MIN',
        'AGENT_MEMORY_REDIS_REQUIRED',
      ])
    }))

  test('works on a file that nothing else works on', () =>
    withCli(async (cli) => {
      const path = join(cli.dataDir, 'memory.db')
      writeFileSync(path, 'Dear diary, '.repeat(1000), { mode: 0o600 })
      expect((await cli(['guideline', 'list'])).code).toBe(1)
      const report = await doctor(cli)
      expect(report.code).toBe(1)
      expect(broken(report).map(({ text }) => text)).toEqual([
        `${path} is not a SQLite database. It was not touched.`,
      ])
      const { stdout } = await cli(['doctor'])
      expect(stdout).toMatch(/^BROKEN +Database +.*\n +-> Point AGENT_MEMORY_DB_PATH/m)
      expect(stdout).toContain('\n1 broken, 0 to look at.\n')
    }))

  test('mends the rights when asked to, and only then', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'First.'])
      const path = join(cli.dataDir, 'memory.db')
      chmodSync(path, 0o644)
      const report = await doctor(cli)
      expect([report.code, report.status, report.mended]).toEqual([0, 'warning', []])
      expect(statSync(path).mode & 0o777).toBe(0o644)
      expect((await doctor(cli, {}, '--mend')).status).toBe('ok')
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }))

  test('says which clients the server is registered with', () =>
    withCli(async (cli) => {
      mkdirSync(join(cli.dataDir, '.cursor'))
      expect((await cli(['setup', 'cursor', '--yes'])).code).toBe(0)
      const clients = (await doctor(cli)).findings.find(({ check }) => check === 'Clients')
      expect(clients?.text).toBe('Registered with Cursor.')
    }))

  test.each([
    [
      'a command that is gone',
      { command: '/nowhere/bin/node', args: [] },
      '/nowhere/bin/node does not exist.',
    ],
    [
      'a script that is gone',
      { args: ['/nowhere/dist/main.js', 'mcp'] },
      '/nowhere/dist/main.js does not exist.',
    ],
    ['a command that is on no PATH', { command: 'no-such-program' }, 'no-such-program is not on the PATH.'],
    ['no command', { command: null }, 'It names no command.'],
  ])('names a client whose entry has %s, and how to mend it', (_what, part, reason) =>
    withCli(async (cli) => {
      mkdirSync(join(cli.dataDir, '.cursor'))
      const file = join(cli.dataDir, '.cursor', 'mcp.json')
      const entry = {
        command: process.execPath,
        args: ['--no-warnings', file.replace('.json', '.js')],
        ...part,
      }
      writeFileSync(file.replace('.json', '.js'), '')
      writeFileSync(file, JSON.stringify({ mcpServers: { 'agent-memory': entry } }))
      const report = await doctor(cli)
      expect([report.code, broken(report)]).toEqual([
        1,
        [
          {
            check: 'Clients',
            level: 'broken',
            text: `Cursor cannot start the server that ${file} names: ${reason}`,
            mend: expect.stringContaining('agent-memory setup cursor'),
          },
        ],
      ])
      expect((await cli(['setup'])).stderr).toContain(`cursor: ${reason}`)
      expect((await cli(['setup', 'cursor', '--yes'])).code).toBe(0)
      expect((await doctor(cli)).status).toBe('ok')
    }),
  )

  test('names a project whose folder is gone, and how to mend it', () =>
    withCli(async (cli) => {
      const [here, moved] = [join(cli.dataDir, 'old'), join(cli.dataDir, 'new')]
      mkdirSync(join(here, '.git'), { recursive: true })
      await cli(['guideline', 'add', 'One', 'First.'], { env: { AGENT_MEMORY_ROOT: here } })
      renameSync(here, moved)
      const { code, status, findings } = await doctor(cli)
      expect([code, status]).toEqual([0, 'warning'])
      const gone = findings.find(({ check }) => check === 'Projects')
      expect(gone?.text).toBe(`The folder of old is gone: ${here}.`)
      expect(gone?.mend).toContain(`agent-memory scope move "${here}" NEW`)
      expect((await cli(['scope', 'move', here, moved])).code).toBe(0)
      expect((await doctor(cli)).status).toBe('ok')
      await cli(['scope', 'move', moved, '/nowhere/at/all'])
      expect((await doctor(cli)).findings.find(({ check }) => check === 'Projects')).toMatchObject({
        level: 'ok',
        text: 'old stands on no path of this machine: /nowhere/at/all.',
      })
    }))

  test('names two projects of one repository, and not the same with remotes of their own', () =>
    withCli(async (cli) => {
      const one = makeRepository(join(cli.dataDir, 'one'))
      git(cli.dataDir, 'clone', '-q', 'one', 'two')
      for (const folder of [one, join(cli.dataDir, 'two')]) {
        const name = `of ${folder}`
        await cli(['scope', 'create', 'project', name, '--root-path', folder])
        await cli(['guideline', 'add', 'One', name], { env: { AGENT_MEMORY_ROOT: folder } })
      }
      const { status, findings } = await doctor(cli)
      const projects = findings.find(({ check }) => check === 'Projects')
      expect([status, projects?.text]).toEqual([
        'warning',
        expect.stringMatching(/^Two projects are of one repository: .*one.* and .*two/),
      ])
      const [, second = '', first = ''] = /scope move (\S+) (\S+)/.exec(projects?.mend ?? '') ?? []
      expect((await cli(['scope', 'move', second, first])).code).toBe(0)
      expect((await doctor(cli)).status).toBe('ok')

      const fork = makeRepository(join(cli.dataDir, 'three'))
      git(fork, 'remote', 'add', 'origin', 'https://example.com/ada/fork')
      git(cli.dataDir, 'clone', '-q', 'three', 'four')
      git(join(cli.dataDir, 'four'), 'remote', 'set-url', 'origin', 'https://example.com/acme/app')
      for (const folder of [fork, join(cli.dataDir, 'four')]) {
        await cli(['scope', 'create', 'project', folder, '--root-path', folder])
        await cli(['guideline', 'add', 'One', 'x'], { env: { AGENT_MEMORY_ROOT: folder } })
      }
      expect((await doctor(cli)).status).toBe('ok')
    }))

  test('takes the place from the command line, and refuses what it does not know', () =>
    withCli(async (cli) => {
      const { stdout } = await cli(['doctor', '--data-dir', join(cli.dataDir, 'elsewhere')])
      expect(stdout).toContain(join(cli.dataDir, 'elsewhere'))
      expect(await cli(['doctor', '--mnd'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--mend?'),
      })
      expect((await cli(['doctor', '--help'])).stdout).toContain('agent-memory doctor [options]')
    }))

  test('connects to a database on a server, and says why it cannot', () =>
    withCli(async (cli) => {
      const env = { AGENT_MEMORY_DB_TYPE: 'postgresql', AGENT_MEMORY_PG_PORT: '1' }
      const report = await doctor(cli, { env })
      expect([report.code, report.status]).toEqual([1, 'broken'])
      expect(broken(report).map(({ text }) => text)).toEqual([expect.stringContaining('ECONNREFUSED')])
      const refused = await cli(['backup', 'copy.db'], { env })
      expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('pg_dump')])
    }))
})

test.each([
  ['false', 0, 'warning', 'Health'],
  ['true', 1, 'broken', 'Redis'],
])('a Redis that is away is no well-being, required: %s', (required, code, level, check) =>
  withCli(async (cli) => {
    await cli(['guideline', 'add', 'One', 'First.'])
    const env = {
      AGENT_MEMORY_REDIS_ENABLED: 'true',
      AGENT_MEMORY_REDIS_HOST: '127.0.0.1',
      AGENT_MEMORY_REDIS_PORT: String(await freePort()),
      AGENT_MEMORY_REDIS_CONNECT_TIMEOUT_MS: '200',
      AGENT_MEMORY_REDIS_REQUIRED: required,
    }
    const report = await doctor(cli, { env })
    expect([report.code, report.status]).toEqual([code, level])
    expect(report.findings.filter((finding) => finding.level === level).map((each) => each.check)).toContain(
      check,
    )
    expect(report.findings.find((each) => each.check === 'Rows')?.level).toBe('ok')
  }),
)

describe('doctor --mend', () => {
  test('makes the tag index say what the entries say', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'First.', '--tags', 'a'])
      const database = new DatabaseSync(join(cli.dataDir, 'memory.db'))
      database.exec("update entry_tag set tag = 'ghost'")
      database.close()
      expect((await doctor(cli)).code).toBe(1)
      expect((await doctor(cli, {}, '--mend')).mended).toEqual([
        'Made the tag index say what the entries say.',
      ])
      expect((await doctor(cli)).status).toBe('ok')
      const { stdout } = await cli(['guideline', 'list', '--tags', 'a', '--json'])
      expect(JSON.parse(stdout)).toMatchObject({ entries: [{ name: 'One' }] })
    }))

  test('finds and mends an index that holds an entry with other words', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'Deployments on Tuesday.'])
      await cli(['guideline', 'add', 'Two', 'Else.'])
      const database = new DatabaseSync(join(cli.dataDir, 'memory.db'))
      database.exec(`insert into entry_words (entry_words, rowid, terms, place)
        select 'delete', seq, terms, place from entry_words_of where seq = 1;
        insert into entry_words (rowid, terms, place) select 1, 'odd', place from entry_words_of where seq = 1`)
      database.close()
      const search = async () => (await cli(['search', 'tuesday', '--json'])).stdout
      expect(await search()).not.toContain('"One"')
      const report = await doctor(cli)
      expect([report.code, broken(report).map(({ text }) => text)]).toEqual([
        1,
        ['The index holds entries with other words than theirs.'],
      ])
      expect((await doctor(cli, {}, '--mend')).mended).toEqual(['Built the search index anew.'])
      expect((await doctor(cli)).status).toBe('ok')
      expect(await search()).toContain('"One"')
    }))

  test('says what is missing where a table is gone', () =>
    withCli(async (cli) => {
      await cli(['guideline', 'add', 'One', 'First.'])
      const database = new DatabaseSync(join(cli.dataDir, 'memory.db'))
      database.exec('drop table entry_tag')
      database.close()
      const report = await doctor(cli, {}, '--mend')
      expect([report.code, report.mended]).toEqual([1, []])
      expect(broken(report)[0]?.text).toBe('Tables are missing: entry_tag.')
    }))
})
