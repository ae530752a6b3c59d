import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { table } from '../../../src/transports/cli/view/table.ts'
import {
  printable,
  printableJson,
  stringWidth,
  terminalOf,
  truncate,
} from '../../../src/transports/cli/view/terminal.ts'
import { type CliOptions, withUsedCli } from '../../support/cli.ts'

const ESCAPE = '\x1b[31mred\x1b]0;title\x07 \u009b1m \u202e gnp.exe\x7f'
const STEERING = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u

function widths(text: string): number[] {
  return text.split('\n').map(stringWidth)
}

describe('width', () => {
  it.each([
    ['abc', 3],
    ['日本語', 6],
    ['한국', 4],
    ['ｆｕｌｌ', 8],
    ['e\u0301a', 2],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['✔️', 2],
    ['a\u200bb', 2],
    ['', 0],
  ])('of %j is %i columns', (text, columns) => {
    expect(stringWidth(text)).toBe(columns)
  })

  it('is never exceeded by a cut text, which is no half character', () => {
    for (const text of [
      '日本語テキスト',
      'plain text',
      'e\u0301e\u0301e\u0301e\u0301',
      '👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧',
    ]) {
      for (let width = 1; width < 20; width++) {
        const cut = truncate(text, width)
        expect(stringWidth(cut)).toBeLessThanOrEqual(width)
        expect(cut.isWellFormed()).toBe(true)
        if (stringWidth(text) <= width) expect(cut).toBe(text)
        else expect(text.startsWith(cut.slice(0, -1)) && cut.endsWith('…')).toBe(true)
      }
    }
  })
})

describe('a table', () => {
  const columns = [
    { title: 'name', text: ({ name }: { name: string; id: string }) => name, flexible: true },
    { title: 'id', text: ({ id }: { id: string }) => id },
    { title: 'note', text: ({ name }: { name: string }) => `about ${name}`, flexible: true, optional: true },
  ]
  const rows = [
    { name: 'a rather long name of a thing', id: '0123456789' },
    { name: '日本語の名前はここにあります', id: 'x' },
  ]
  const plain = (width: number | undefined) => terminalOf({ columns: width, env: { NO_COLOR: '1' } })

  it('is as wide as it needs where the output is no terminal, its columns aligned', () => {
    const [head = '', first = '', second = ''] = table(rows, columns, plain(undefined)).split('\n')
    const place = (line: string, text: string) => stringWidth(line.slice(0, line.indexOf(text)))
    expect([place(head, 'id'), place(first, '0123'), place(second, 'x')]).toEqual([31, 31, 31])
  })

  it('is not cut where a terminal reports no size', () => {
    expect(table(rows, columns, plain(0))).toBe(table(rows, columns, plain(undefined)))
  })

  it.each([80, 60, 50, 44, 40, 30, 26])('fits into %i columns, with every id whole', (width) => {
    const text = table(rows, columns, plain(width))
    expect(Math.max(...widths(text))).toBeLessThanOrEqual(width)
    expect(text).toContain('0123456789')
  })

  it('puts one value on a line where the columns cannot fit side by side', () => {
    const text = table(rows, columns.slice(1, 2).concat(columns.slice(0, 1)), plain(15))
    expect(text.split('\n')).toHaveLength(5)
    expect(text).toContain('id    0123456789\nname  a rather')
  })
})

describe('colour', () => {
  const env = { TERM: 'xterm' }

  it.each([
    [80, env, undefined, true],
    [undefined, env, undefined, false],
    [80, { ...env, NO_COLOR: '1' }, undefined, false],
    [80, { ...env, NO_COLOR: '' }, undefined, true],
    [80, { TERM: 'dumb' }, undefined, false],
    [undefined, { ...env, FORCE_COLOR: '1' }, undefined, true],
    [undefined, { ...env, NO_COLOR: '1', FORCE_COLOR: '3' }, undefined, true],
    [80, { ...env, FORCE_COLOR: '0' }, undefined, false],
    [80, { ...env, FORCE_COLOR: '1' }, false, false],
    [undefined, { ...env, NO_COLOR: '1' }, true, true],
  ])('at %s columns with %j and the option %s is there: %s', (columns, variables, color, isThere) => {
    const { bold, dim, red, green } = terminalOf({ columns, env: variables, color })
    for (const style of [bold, dim, red, green]) {
      expect(stripVTControlCharacters(style('x'))).toBe('x')
      expect(style('x') !== 'x').toBe(isThere)
    }
  })

  it.each([
    ['guideline', 'list'],
    ['doctor'],
    ['setup', 'cursor', '--force', '--dry-run'],
    ['import', 'saved.jsonl'],
  ])('is the same text as without it, and follows the option and the variables: %s %s', async (...argv) => {
    await withUsedCli(async (cli) => {
      await cli(['guideline', 'add', 'A', 'text'])
      await cli(['export', 'saved.jsonl'])
      const shown = async (flags: readonly string[], options: CliOptions) =>
        // Others write to the same disk meanwhile.
        (await cli([...flags, ...argv], options)).stdout.replace(/[\d.]+ GB free/, 'some GB free')
      const coloured = await shown([], { columns: 200 })
      const plain = await shown([], {})
      expect(coloured).toContain('\x1b[')
      expect(stripVTControlCharacters(coloured)).toBe(plain)
      expect(await shown([], { columns: 200, env: { NO_COLOR: '1' } })).toBe(plain)
      expect(await shown(['--no-color'], { columns: 200 })).toBe(plain)
      expect(await shown(['--color'], {})).toBe(coloured)
      expect(await shown([], { env: { FORCE_COLOR: '1' } })).toBe(coloured)
    })
  })

  it('is in what people see, and in nothing that is piped', async () => {
    await withUsedCli(async (cli) => {
      await cli(['guideline', 'add', 'A', 'text'])
      expect((await cli(['guideline', 'list'], { columns: 100 })).stdout).toContain('\x1b[1mname')
      expect(
        (await cli(['guideline', 'list'], { columns: 100, env: { NO_COLOR: '1' } })).stdout,
      ).not.toContain('\x1b')
      expect((await cli(['guideline', 'list'])).stdout).not.toContain('\x1b')
    })
  })
})

describe('stored text', () => {
  it('never steers the terminal', async () => {
    expect(printable(ESCAPE)).not.toMatch(STEERING)
    expect(printableJson({ ESCAPE })).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e]/u)
    expect(JSON.parse(printableJson({ ESCAPE }))).toEqual({ ESCAPE })
    await withUsedCli(async (cli) => {
      const added = await cli([
        'guideline',
        'add',
        `name ${ESCAPE}`,
        `content\r\n${ESCAPE}`,
        '--tags',
        ESCAPE,
      ])
      const shown = [added]
      for (const argv of [
        ['guideline', 'list'],
        ['search', 'content'],
        ['context'],
        ['tag', 'list'],
        ['guideline', 'history', `name ${ESCAPE}`],
      ]) {
        shown.push(await cli(argv), await cli([...argv, '--json']))
      }
      shown.push(await cli(['guideline', 'get', `no ${ESCAPE}`]), await cli([ESCAPE]))
      for (const { stdout, stderr } of shown) {
        expect((stdout + stderr).replaceAll('\n', '')).not.toMatch(STEERING)
        expect(stdout + stderr).not.toBe('')
      }
    })
  })
})

describe('what people see', () => {
  it('is a table that says when there is more, and a card for one entry', async () => {
    await withUsedCli(async (cli) => {
      for (const name of ['First', 'Second', 'Third'])
        await cli(['guideline', 'add', name, `About ${name}\nline two`, '--tags', 'a,b'])
      const { stdout } = await cli(['guideline', 'list', '--limit', '2'], {
        columns: 120,
        env: { NO_COLOR: '1' },
      })
      const [head, third, second, more] = stdout.split('\n')
      expect(head).toMatch(/^name +type +scope +status +priority +tags +version/)
      expect(third).toMatch(/^Third +guideline +project +active +50 +a, b +1 .*[0-9a-f-]{36}$/)
      expect(second).toMatch(/^Second /)
      const cursor = /^There is more: add --cursor (\S+)$/.exec(more ?? '')?.[1] ?? ''
      expect((await cli(['guideline', 'list', '--cursor', cursor])).stdout).toContain('First')
      const card = await cli(['guideline', 'get', 'First'])
      expect(card.stdout).toMatch(
        /^First\nid +[0-9a-f-]{36}\n[\s\S]*tags +a, b\n[\s\S]*\n\ncontent\nAbout First\nline two\n$/,
      )
    })
  })

  it.each([
    [['guideline', 'list'], 'agent-memory guideline add'],
    [['search', 'nothing'], 'Try fewer or other words'],
    [['lock', 'list'], 'agent-memory lock checkout'],
    [['conflict', 'list'], '--status all'],
    [['voting', 'list-votes', 't'], 'agent-memory voting record-vote'],
    [['tag', 'list'], 'agent-memory tag attach'],
    [['scope', 'list', 'org'], 'agent-memory scope create'],
    [['context'], 'agent-memory knowledge add'],
  ])('says of an empty %j what to do next', async (argv, hint) => {
    await withUsedCli(async (cli) => {
      const { code, stdout } = await cli(argv)
      expect(code).toBe(0)
      expect(stdout).toContain(hint)
    })
  })

  it('is a context for the files at hand, with reasons where they are asked for', async () => {
    await withUsedCli(async (cli) => {
      await cli(['guideline', 'add', 'Plain SQL', 'No vendor words.', '--applies-to', '*.sql'])
      await cli(['knowledge', 'add', 'Port', 'It is 8787.', '--priority', '99'])
      const { stdout } = await cli(['context', 'which port', '--files', 'db/a.sql', '--explain'])
      expect(stdout).toMatch(/### Plain SQL \[[0-9a-f-]{36}\]\nHere: "\*\.sql" means "db\/a\.sql"\./)
      expect(stdout).toMatch(/### Port \[[0-9a-f-]{36}\]\nHere: answer 1 to the question, score /)
    })
  })

  it('says below what a search finds why each is there, where that is asked for', async () => {
    await withUsedCli(async (cli) => {
      await cli(['knowledge', 'add', 'Release day', 'Deployments happen on Tuesdays.'])
      const { stdout } = await cli(['search', 'deploying zebras', '--explain'])
      expect(stdout).toMatch(
        /\n1\. Release day {2}rank [\d.]+\n {3}deploying as deployments \(stem\) in content [\d.]+: \+[\d.]+\n {3}not there: zebras\n/,
      )
      expect(stdout).toMatch(/\n {3}times coverage [\d.]+, scope 1/)
      expect((await cli(['search', 'deploying zebras'])).stdout).not.toContain('rank')
    })
  })

  it('shows what votes say, text apart from numbers', async () => {
    await withUsedCli(async (cli) => {
      await cli(['voting', 'record-vote', 't', '{"a": [1]}'])
      expect((await cli(['voting', 'list-votes', 't'])).stdout).toContain('{"a":[1]}')
      expect((await cli(['voting', 'get-consensus', 't'])).stdout).toMatch(
        /tally\nvalue +votes\n\{"a":\[1\]\} +1/,
      )
    })
  })
})

describe('an answer that holds nothing', () => {
  it.each([[['list']], [['knowledge', 'list']], [['search', 'words']], [['context']]])(
    '%j in a project whose name is misspelt says so, with the one that may be meant',
    async (argv) => {
      await withUsedCli(async (cli) => {
        await cli(['knowledge', 'add', 'Rate', 'words', '--project', 'shop'])
        const { code, stdout } = await cli([...argv, '--project', 'shpo'])
        expect(code).toBe(0)
        expect(stdout).toMatch(/\nNo project is called so yet.* Did you mean 'shop' \([0-9a-f-]{36}\)\?\n$/)
        const { stdout: other } = await cli([...argv, '--project', 'something-else'])
        expect(other).toContain('No project is called so yet')
        expect((await cli([...argv, '--project', 'shop'])).stdout).not.toContain('No project')
      })
    },
  )

  it('names a command that there is', async () => {
    await withUsedCli(async (cli) => {
      await cli(['scope', 'create', '--scope-type', 'project', '--name', 'empty'])
      const { stdout } = await cli(['list', '--project', 'empty'])
      expect(stdout).toContain('Add one: agent-memory knowledge add --help')
    })
  })
})
