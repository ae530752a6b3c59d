import { mkdirSync, readFileSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Cli, withUsedCli } from '../../../support/cli.ts'

/** Puts files into the project's folder. */
function put({ project }: Cli, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, path)), { recursive: true })
    writeFileSync(join(project, path), text)
  }
}

async function names(cli: Cli, tool: string, scope: readonly string[] = []): Promise<string[]> {
  const { stdout } = await cli([tool, 'list', '--no-inherit', '--json', ...scope])
  const { entries } = JSON.parse(stdout) as { entries: { name: string }[] }
  return entries.map(({ name }) => name).toSorted()
}

const GRAPH = [
  '{"type":"entity","name":"Checkout","entityType":"Service","observations":["Uses Stripe","Owned by team blue"]}',
  '{"type":"entity","name":"Stripe","entityType":"Provider","observations":["Test keys are in the vault"]}',
  '{"type":"relation","from":"Checkout","to":"Stripe","relationType":"uses"}',
].join('\n')

const RECORDS: { type: string }[] = GRAPH.split('\n').map((line) => JSON.parse(line))
const untyped = (wanted: string) =>
  RECORDS.filter(({ type }) => type === wanted).map(({ type: _type, ...rest }) => rest)
const WHOLE = { entities: untyped('entity'), relations: untyped('relation') }

describe('agent-memory import', () => {
  test.each([
    ['one object, as read_graph answers it', JSON.stringify(WHOLE)],
    ['one object over many lines', JSON.stringify(WHOLE, null, 2)],
    ['a list of records', JSON.stringify(RECORDS)],
    [
      'a list over many lines, of Windows',
      `\ufeff${JSON.stringify(RECORDS, null, 2).replaceAll('\n', '\r\n')}`,
    ],
  ])('knows the graph of server-memory as %s', (_form, text) =>
    withUsedCli(async (cli) => {
      put(cli, { 'memory.json': text })
      expect(await cli(['import', 'memory.json', '--json'])).toMatchObject({ code: 0, stderr: '' })
      expect(await names(cli, 'knowledge')).toEqual(['Checkout', 'Stripe'])
    }),
  )

  test('names the record of a graph that does not fit', () =>
    withUsedCli(async (cli) => {
      put(cli, { 'memory.json': JSON.stringify({ ...WHOLE, relations: [{ from: 'Checkout' }] }) })
      const { code, stderr } = await cli(['import', 'memory.json'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('line 3')])
      expect(await names(cli, 'knowledge')).toEqual([])
    }))

  test.each([
    [
      'bytes that are no UTF-8',
      Buffer.from(GRAPH.replace('Uses', 'Us\xe9s'), 'latin1'),
      'line 1 is not UTF-8',
    ],
    [
      'bytes that are no UTF-8 in a graph',
      Buffer.from(JSON.stringify(WHOLE).replace('Uses', 'Us\xe9s'), 'latin1'),
      'is not UTF-8',
    ],
    ['an entity without observations', '{"type":"entity","name":"B","entityType":"T"}', 'observations'],
    ['two records on one line', GRAPH.replace('\n', ''), 'line 1 is no JSON object'],
  ])('says of the graph of server-memory what is wrong: %s', (_what, file, said) =>
    withUsedCli(async (cli) => {
      put(cli, { 'memory.json': file })
      const { code, stderr } = await cli(['import', 'memory.json'])
      expect([code, stderr]).toEqual([1, expect.stringContaining(said)])
      expect(await names(cli, 'knowledge')).toEqual([])
    }),
  )

  test.each([
    ['an empty file', Buffer.alloc(0), 'is empty'],
    ['the mark of a text without one', Buffer.from('\xef\xbb\xbf\r\n', 'latin1'), 'is empty'],
    ['a compressed export', gzipSync(GRAPH), 'gunzip -c'],
    ['a backup', Buffer.from('SQLite format 3\0 and more'), 'agent-memory restore'],
    ['an archive', Buffer.from('PK\x03\x04 and more'), 'Unpack it'],
  ])('says what to do with %s, as a file and on stdin', (_what, bytes, advice) =>
    withUsedCli(async (cli) => {
      put(cli, { 'memory.jsonl': bytes })
      for (const [file, name] of [
        ['memory.jsonl', 'memory.jsonl is '],
        ['-', 'stdin is '],
      ] as const) {
        const { code, stderr } = await cli(['import', file], { stdin: bytes })
        expect([code, stderr]).toEqual([1, expect.stringContaining(name)])
        expect(stderr).toContain(advice)
      }
    }),
  )

  test.each([
    ['Claude', '[{"uuid":"a","name":"Chat","chat_messages":[{"text":"hi","sender":"human"}]}]'],
    ['mem0', '{"results":[{"id":"1","memory":"likes tea"}]}'],
    ['a table', '\ufeffname,content\nA,"b, c"\n'],
  ])('says how what another program has comes in: %s', (_what, text) =>
    withUsedCli(async (cli) => {
      put(cli, { 'export.json': text })
      const { code, stderr } = await cli(['import', 'export.json'])
      expect([code, stderr]).toEqual([1, expect.stringContaining('comes in as Markdown')])
    }),
  )

  test('knows a file of server-memory by its first line, and Markdown by its name', () =>
    withUsedCli(async (cli) => {
      put(cli, { 'memory.json': GRAPH, 'AGENTS.md': '# Rules\n\n## Money\n\nInteger cents.\n' })
      expect(await cli(['import', 'memory.json'])).toMatchObject({ code: 0, stderr: '' })
      expect((await cli(['import', 'AGENTS.md'])).stdout).toBe(
        '1 added, 0 updated, 0 as they were, 0 kept as they are here, in the project project.\n- added guideline "Rules > Money" (AGENTS.md:3)\n',
      )
      expect((await cli(['search', 'team blue'])).stdout).toContain('Checkout')
      expect((await cli(['search', 'integer cents'])).stdout).toContain('Money')
      expect((await cli(['import', '-'], { stdin: GRAPH })).stdout).toMatch(
        /^0 added, 0 updated, 2 as they were/m,
      )
    }))

  test('leaves away what was deleted here, and names the links that it cannot make', () =>
    withUsedCli(async (cli) => {
      const nobody = '{"type":"relation","from":"Checkout","to":"Nobody","relationType":"uses"}'
      put(cli, { 'memory.json': `${GRAPH}\n${nobody}` })
      const missing = '- "Checkout" uses "Nobody": "Nobody" is not in the file (memory.json:4)\n'
      expect((await cli(['import', 'memory.json'])).stdout).toContain(`Links that were left out:\n${missing}`)
      await cli(['knowledge', 'delete', '--name', 'Stripe'])
      expect((await cli(['import', 'memory.json'])).stdout).toBe(
        `0 added, 0 updated, 1 as they were, 0 kept as they are here, in the project project.
1 stayed deleted; --on-conflict replace brings them back.
- deleted knowledge "Stripe" (memory.json:2)
Links that were left out:
- "Checkout" uses "Stripe": "Stripe" was deleted here (memory.json:3)
${missing}`,
      )
      const back = await cli(['import', 'memory.json', '--on-conflict', 'replace'])
      expect(back.stdout).toMatch(/^1 added,.*\nLinks: 1 added, 0 as they were\.\n/)
    }))

  test('takes of a repository what agents read, a linked file once, and of any other folder all', () =>
    withUsedCli(async (cli) => {
      put(cli, {
        'README.md': '# Read me\n\nFor people.\n',
        'CHANGELOG.md': '# 1.0\n\nFirst.\n',
        'AGENTS.md': '# Rules\n\nAll tests first.\n',
        '.cursor/rules/style.mdc': '# Style\n\nTabs.\n',
        '.github/copilot-instructions.md': '# Copilot\n\nShort.\n',
        'memory-bank/activeContext.md': '# Now\n\nShipping.\n',
        'docs/adr/0001-x.md': '# X\n\nYes.\n',
        'decisions/adr-template.md': '# Title\n\nFill in.\n',
        'decisions/index.md': '# All\n\n- X\n',
        'docs/guide.md': '# Guide\n\nClick.\n',
        'node_modules/p/AGENTS.md': '# Not mine\n\nno\n',
      })
      symlinkSync('AGENTS.md', join(cli.project, 'CLAUDE.md'))
      expect((await cli(['import', '.'])).code).toBe(0)
      expect(await names(cli, 'guideline')).toEqual(['Copilot', 'Rules', 'Style'])
      expect(await names(cli, 'knowledge')).toEqual(['Now', 'X'])
      expect((await cli(['import', 'docs'])).stdout).toMatch(/^1 added, 0 updated, 1 as they were/)
      expect(await names(cli, 'knowledge')).toEqual(['Guide', 'Now', 'X'])
      // A file that this import does not read is not gone; one that was removed is.
      unlinkSync(join(cli.project, 'docs/adr/0001-x.md'))
      const { stdout } = await cli(['import', '.', '--json'])
      expect(JSON.parse(stdout)).toMatchObject({ vanished: [{ name: 'X', file: 'docs/adr/0001-x.md' }] })
    }))

  test('keeps the files of another repository apart from those of the project', () =>
    withUsedCli(async (cli) => {
      const other = join(cli.dataDir, 'other')
      put(cli, { 'AGENTS.md': '# Rules\n\nours\n' })
      mkdirSync(join(other, '.git'), { recursive: true })
      writeFileSync(join(other, 'AGENTS.md'), '# Rules\n\ntheirs\n')
      await cli(['import', 'AGENTS.md'])
      const { stdout } = await cli(['import', join(other, 'AGENTS.md'), '--json'])
      expect(JSON.parse(stdout)).toMatchObject({
        counts: { added: 1 },
        changes: [{ file: 'other/AGENTS.md' }],
      })
      expect(await names(cli, 'guideline')).toEqual(['Rules', 'Rules (other/AGENTS.md)'])
      expect((await cli(['import', other])).stdout).toMatch(/^0 added, 0 updated, 1 as they were/)
    }))

  test('--dry-run changes nothing, --type and --scope say what and where', () =>
    withUsedCli(async (cli) => {
      put(cli, { 'memory.json': GRAPH })
      const dry = await cli(['import', 'memory.json', '--dry-run'])
      expect(dry.stdout).toMatch(/^2 added, .*\n[\s\S]*This was a dry run: nothing was changed\.\n$/)
      expect(await names(cli, 'knowledge')).toEqual([])
      expect((await cli(['import', 'memory.json', '--type', 'tool', '--scope', 'global'])).code).toBe(0)
      expect(await names(cli, 'tool', ['--scope-type', 'global'])).toEqual(['Checkout', 'Stripe'])
      await cli(['scope', 'create', '--name', 'blue', '--scope-type', 'org'])
      expect((await cli(['import', 'memory.json', '--scope', 'blue'])).stdout).toContain('in the org blue.')
      expect((await cli(['import', 'memory.json', '--scope', 'green'])).stderr).toMatch(
        /^E\d+ INVALID_SCOPE: scope: no scope has that name\.\n/,
      )
    }))

  test('--dry-run of an export says what would become of it', () =>
    withUsedCli(async (cli) => {
      await cli(['knowledge', 'add', '--name', 'db', '--content', 'postgres', '--scope-type', 'global'])
      await cli(['export', 'x.jsonl'])
      await cli(['knowledge', 'update', '--name', 'db', '--scope-type', 'global', '--content', 'redis'])
      const before = (await cli(['export'])).stdout
      const dry = await cli(['import', 'x.jsonl', '--on-conflict', 'replace', '--dry-run', '--json'])
      expect(JSON.parse(dry.stdout)).toMatchObject({ records: { entry: { replaced: 1 } }, dry_run: true })
      expect((await cli(['export'])).stdout).toBe(before)
    }))

  test('says what it cannot read, and what does not go with an export', () =>
    withUsedCli(async (cli) => {
      put(cli, { 'x.jsonl': '{"kind":"something"}\n', 'empty/note.txt': 'x' })
      expect((await cli(['import', 'gone.md'])).stderr).toMatch(/^E1003 .*gone\.md cannot be read \(ENOENT\)/)
      expect((await cli(['import', 'empty'])).stderr).toMatch(/^E1003 .* holds no Markdown file/)
      expect((await cli(['import', 'x.jsonl'])).stderr).toMatch(/^E1004 .*\n.*--from markdown/)
      expect((await cli(['import', 'x.jsonl', '--scope', 'global'])).stderr).toMatch(
        /^E1004 .*scope: an export says/,
      )
      expect(await cli(['import', 'x.jsonl', '--from', 'mem0'])).toMatchObject({ code: 2 })
    }))

  test('names the nearest scope where --scope has a slip', () =>
    withUsedCli(async (cli) => {
      put(cli, { 'NOTES.md': '# Money\n\nInteger cents.\n' })
      for (const [type, name] of [
        ['project', 'webshop'],
        ['org', 'acme'],
      ] as const)
        await cli(['scope', 'create', '--scope-type', type, '--name', name])
      for (const [slip, meant] of [
        ['webshp', 'webshop'],
        ['acmee', 'acme'],
      ] as const) {
        const { code, stderr } = await cli(['import', 'NOTES.md', '--scope', slip])
        expect([code, stderr]).toEqual([1, expect.stringContaining(`Did you mean '${meant}'`)])
      }
    }))

  test('takes back the pages that export --to markdown wrote, into a memory of its own', () =>
    withUsedCli(async (cli) => {
      await cli([
        'knowledge',
        'add',
        '--name',
        'Data base',
        '--content',
        '# Postgres\n\n16 or later',
        '--tags',
        'db',
      ])
      await cli(['guideline', 'add', '--name', 'Cents', '--content', 'Integers.', '--scope-type', 'global'])
      expect((await cli(['export', '--to', 'markdown', 'pages'])).stdout).toMatch(
        /^Wrote 2 entries of 2 scopes /,
      )
      expect(readFileSync(join(cli.project, 'pages/global/guideline/cents.md'), 'utf8')).toMatch(
        /\n# Cents\n\nIntegers\.\n$/,
      )
      expect((await cli(['export', '--to', 'markdown', 'pages'])).stderr).toMatch(/^E2001 ALREADY_EXISTS: /)
      expect((await cli(['export', '--to', 'markdown'])).stderr).toMatch(/^E\d+ MISSING_FIELD: FILE: /)
      const other = ['--data-dir', join(cli.dataDir, 'other')]
      expect((await cli([...other, 'import', 'pages'])).stdout).toMatch(/^2 added, 0 updated, 0 as they were/)
      const records = async (where: readonly string[]) =>
        (await cli([...where, 'export'])).stdout
          .split('\n')
          .filter((line) => /"kind":"(scope|entry)"/.test(line))
      expect(await records(other)).toEqual(await records([]))
      expect((await cli(['import', 'pages'])).stdout).toMatch(/^0 added, 0 updated, 2 as they were/)
    }))
})
