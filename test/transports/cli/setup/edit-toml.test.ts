import fc from 'fast-check'
import { parse } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { AppError } from '../../../../src/domain/errors.ts'
import { openEditor } from '../../../../src/transports/cli/setup/editing/editor.ts'
import { isRecord, type ServerEntry } from '../../../../src/transports/cli/setup/entry.ts'
import { entries, isContained, tomlTexts } from './arbitraries.ts'

const editor = openEditor({ format: 'toml', key: 'mcp_servers', file: '/c.toml' })
const ENTRY: ServerEntry = { command: 'node', args: ['main.js', 'mcp'], env: {} }
const KEEP = { dropTable: false }

function withoutOurs(text: string): unknown {
  const { mcp_servers: table, ...rest } = parse(text.replace(/^\uFEFF/, ''), { integersAsBigInt: 'asNeeded' })
  const { 'agent-memory': _, ...others } = isRecord(table) ? table : {}
  return { ...rest, mcp_servers: others }
}

describe('any TOML file', () => {
  test('keeps everything else when the entry is added, and has the entry', () => {
    fc.assert(
      fc.property(tomlTexts, entries, (before, entry) => {
        const after = editor.put(before, entry)
        expect(after.startsWith(before)).toBe(true)
        expect(withoutOurs(after)).toEqual(withoutOurs(before))
        expect(editor.find(after)).toMatchObject(entry)
      }),
    )
  })

  test('is the same again when the entry goes, but for a missing last line break', () => {
    fc.assert(
      fc.property(tomlTexts, entries, (before, entry) => {
        const eol = before.includes('\r\n') ? '\r\n' : '\n'
        const whole = before === '' || before === '\uFEFF' || before.endsWith('\n') ? before : before + eol
        expect(editor.remove(editor.put(before, entry), KEEP)).toBe(whole)
      }),
    )
  })

  test('stays itself through an update, and does not change when the same entry is put twice', () => {
    fc.assert(
      fc.property(tomlTexts, entries, entries, (before, first, second) => {
        const after = editor.put(editor.put(before, first), second)
        expect(isContained(before, after)).toBe(true)
        expect(editor.find(after)).toMatchObject({ ...second, env: { ...first.env, ...second.env } })
        expect(editor.put(after, second)).toBe(after)
      }),
    )
  })
})

test.each([
  ['basic', '"', '"'],
  ['literal', "'", "'"],
  ['of many lines', '"""\n', '"""'],
])('a string of a million characters (%s) is passed over', (_name, open, close) => {
  const before = `a = ${open}${'x'.repeat(1_000_000)}${close}\n`
  const after = editor.put(before, ENTRY)
  expect(after.slice(0, before.length) === before).toBe(true)
  expect(editor.remove(after, KEEP) === before).toBe(true)
})

describe('an entry that another program wrote', () => {
  const own =
    '[mcp_servers.agent-memory] # ours\ncommand = "old" # why\nargs = [\n  "a",\n]\nstartup_timeout_sec = 20\n'

  test('is brought up to date in place', () => {
    expect(editor.put(`${own}\n[tui]\nx = 1\n`, ENTRY)).toBe(
      '[mcp_servers.agent-memory] # ours\ncommand = "node" # why\nargs = ["main.js", "mcp"]\nstartup_timeout_sec = 20\n\n[tui]\nx = 1\n',
    )
  })

  test('gets a variable where its variables are', () => {
    const wanted = { ...ENTRY, env: { B: '2' } }
    expect(editor.put(`${own}[mcp_servers.agent-memory.env]\nA = "1"\n\n[tui]\n`, wanted)).toContain(
      '[mcp_servers.agent-memory.env]\nA = "1"\nB = "2"\n\n[tui]\n',
    )
    expect(editor.put(`${own}env.A = "1"\n`, wanted)).toContain('env.A = "1"\nenv.B = "2"\n')
    expect(editor.put(`${own}env = { A = "1" } # mine\n`, wanted)).toContain(
      'env = { A = "1", B = "2" } # mine\n',
    )
    expect(editor.put(own, wanted)).toContain('startup_timeout_sec = 20\nenv = { B = "2" }\n')
  })

  test.each([
    [
      'in two tables',
      `a = 1\n\n${own}\n[tui]\nx = 1\n\n[mcp_servers.agent-memory.env]\nA = "1"\n`,
      'a = 1\n\n[tui]\nx = 1\n',
    ],
    [
      'as an inline table',
      '[mcp_servers]\nx = {}\n\nagent-memory = { command = "a" } # ours\ny = {}\n',
      '[mcp_servers]\nx = {}\n\ny = {}\n',
    ],
    [
      'as dotted keys',
      'mcp_servers.agent-memory.command = "a"\nmcp_servers.agent-memory.args = []\nz = 1\n',
      'z = 1\n',
    ],
    ['with a quoted name', 'z = 1\n\n[mcp_servers."agent-memory"]\ncommand = "a"\n', 'z = 1\n'],
  ])('is removed %s', (_name, before, after) => {
    expect(editor.remove(before, KEEP)).toBe(after)
  })
})

describe('a file that cannot be changed safely is refused', () => {
  test.each([
    ['broken', 'a = 1\nb = [\n', 'INVALID_PARAMETER'],
    ['the servers as one inline table', 'mcp_servers = { x = { command = "a" } }\n', 'CONFLICT'],
    [
      'our entry in an inline table of servers',
      'mcp_servers = { agent-memory = { command = "a" } }\n',
      'CONFLICT',
    ],
    ['our entry as an inline table', '[mcp_servers]\nagent-memory = { command = "a" }\n', 'CONFLICT'],
    ['a remote server', '[mcp_servers.agent-memory]\nurl = "https://x.test"\n', 'ALREADY_EXISTS'],
  ])('%s', (_name, text, errorName) => {
    const attempt = (): string => editor.put(text, ENTRY)
    expect(attempt).toThrow(AppError)
    expect(attempt).toThrow(expect.objectContaining({ errorName }))
  })

  test('by line', () => {
    expect(() => editor.put('a = 1\n\nb = = 2\n', ENTRY)).toThrow(
      expect.objectContaining({ details: expect.objectContaining({ line: 3 }) }),
    )
  })
})
