import fc from 'fast-check'
import { parse } from 'jsonc-parser'
import { describe, expect, test } from 'vitest'
import { openEditor } from '../../../../src/transports/cli/setup/editing/editor.ts'
import type { ServerEntry } from '../../../../src/transports/cli/setup/entry.ts'
import { refusal } from '../../../support/refusal.ts'
import { entries, isContained, jsonTexts } from './arbitraries.ts'

const editor = openEditor({ format: 'json', key: 'mcpServers', file: '/c.json' })
const ENTRY: ServerEntry = { command: 'node', args: ['main.js', 'mcp'], env: {} }

function withoutOurs(text: string): unknown {
  const { mcpServers, ...rest } = parse(text.replace(/^\uFEFF/, ''))
  const { 'agent-memory': _, ...others } = mcpServers ?? {}
  return { ...rest, mcpServers: others }
}

describe('any JSON file', () => {
  test('keeps everything else when the entry is added, and has the entry', () => {
    fc.assert(
      fc.property(jsonTexts('mcpServers'), entries, (before, entry) => {
        const after = editor.put(before, entry)
        expect(isContained(before.replaceAll(/\s/g, ''), after.replaceAll(/\s/g, ''))).toBe(true)
        expect(withoutOurs(after)).toEqual(withoutOurs(before))
        expect(editor.find(after)).toMatchObject(entry)
        expect(after.includes('\r\n')).toBe(before.includes('\r\n'))
      }),
    )
  })

  test('is the same again, byte for byte, when the entry goes from a table that has others', () => {
    fc.assert(
      fc.property(jsonTexts('mcpServers'), entries, (before, entry) => {
        fc.pre(Object.keys(parse(before.replace(/^\uFEFF/, '')).mcpServers ?? {}).length > 0)
        expect(editor.remove(editor.put(before, entry), { dropTable: false })).toBe(before)
      }),
    )
  })

  test('keeps everything else when the entry goes, whatever became of it', () => {
    fc.assert(
      fc.property(
        jsonTexts('mcpServers'),
        entries,
        entries,
        fc.boolean(),
        (before, first, second, dropTable) => {
          const after = editor.remove(editor.put(editor.put(before, first), second), { dropTable })
          expect(withoutOurs(after)).toEqual(withoutOurs(before))
          expect(editor.find(after)).toBeUndefined()
        },
      ),
    )
  })

  test('does not change when the same entry is put twice', () => {
    fc.assert(
      fc.property(jsonTexts('mcpServers'), entries, (before, entry) => {
        const after = editor.put(before, entry)
        expect(editor.put(after, entry)).toBe(after)
      }),
    )
  })
})

describe('the layout of what is added', () => {
  const added =
    '"agent-memory": {\n      "command": "node",\n      "args": [\n        "main.js",\n        "mcp"\n      ]\n    }'

  test.each([
    ['an empty file', '', `{\n  "mcpServers": {\n    ${added}\n  }\n}\n`],
    ['an empty object', '{}', `{\n  "mcpServers": {\n    ${added}\n  }\n}`],
    ['an empty table', '{\n  "mcpServers": {}\n}\n', `{\n  "mcpServers": {\n    ${added}\n  }\n}\n`],
    [
      'a comment on the last line',
      '{\n  "mcpServers": {\n    "x": 1 // about x\n  }\n}',
      `{\n  "mcpServers": {\n    "x": 1, // about x\n    ${added}\n  }\n}`,
    ],
    [
      'a trailing comma',
      '{\n  "mcpServers": {\n    "x": 1,\n  },\n}',
      `{\n  "mcpServers": {\n    "x": 1,\n    ${added},\n  },\n}`,
    ],
    [
      'one line',
      '{"a":1,"mcpServers":{"x":1}}',
      '{"a":1,"mcpServers":{"x":1,"agent-memory":{"command":"node","args":["main.js","mcp"]}}}',
    ],
    [
      'one line with spaces',
      '{ "mcpServers": { "x": 1 } }',
      '{ "mcpServers": { "x": 1, "agent-memory": { "command": "node", "args": ["main.js", "mcp"] } } }',
    ],
    ['only comments', '// nothing yet', `// nothing yet\n{\n  "mcpServers": {\n    ${added}\n  }\n}\n`],
  ])('%s', (_name, before, after) => {
    expect(editor.put(before, ENTRY)).toBe(after)
  })

  test('tabs, CRLF and a byte order mark are taken over', () => {
    const before = '\uFEFF{\r\n\t"mcpServers": {\r\n\t\t"x": 1\r\n\t}\r\n}\r\n'
    const after = editor.put(before, ENTRY)
    expect(after).toMatch(/^\uFEFF\{\r\n/)
    expect(after).toContain(
      '\r\n\t\t"agent-memory": {\r\n\t\t\t"command": "node",\r\n\t\t\t"args": [\r\n\t\t\t\t"main.js"',
    )
    expect(after.replaceAll('\r\n', '')).not.toContain('\n')
  })
})

describe('an entry that is there already', () => {
  const before =
    '{"mcpServers":{"agent-memory":{"command":"old","args":["a","mcp"],"alwaysAllow":["x"],"env":{"A":"1"}}}}'

  test('keeps the fields and variables that are not ours', () => {
    const after = editor.put(before, { ...ENTRY, env: { B: '2' } })
    expect(parse(after)).toEqual({
      mcpServers: {
        'agent-memory': {
          command: 'node',
          args: ['main.js', 'mcp'],
          alwaysAllow: ['x'],
          env: { A: '1', B: '2' },
        },
      },
    })
  })

  test('is not overwritten if it is a remote server', async () => {
    const remote = '{\n"mcpServers": {"agent-memory": {"type": "http", "url": "https://x.test"}}}'
    const error = await refusal(() => editor.put(remote, ENTRY))
    expect(error).toMatchObject({ errorName: 'ALREADY_EXISTS' })
    expect(error.message).toContain('line 2')
  })
})

describe('comments around a removed entry', () => {
  test.each([
    [
      'before and after',
      '{"mcpServers":{\n  // one\n  "agent-memory": {}, // two\n  "b": 1\n}}',
      '{"mcpServers":{\n  // one\n   // two\n  "b": 1\n}}',
    ],
    [
      'of the line before',
      '{"mcpServers":{\n  "a": 1, // one\n  "agent-memory": {} }}',
      '{"mcpServers":{\n  "a": 1 // one\n   }}',
    ],
  ])('%s stay', (_name, before, after) => {
    expect(editor.remove(before, { dropTable: false })).toBe(after)
    expect(withoutOurs(after)).toEqual(withoutOurs(before))
  })
})

describe('a file that cannot be changed safely is refused', () => {
  test.each([
    ['broken', '{\n  "a": 1\n  "b": 2\n}', 3],
    ['cut off', '{\n  "mcpServers": {', 2],
    ['a list', '\n[]', 2],
    ['a table that is no object', '{\n\n"mcpServers": null}', 3],
    ['two tables', '{"mcpServers": {},\n"mcpServers": {}}', 2],
    ['two documents', '{}\n{}', 2],
  ])('%s', async (_name, text, line) => {
    const error = await refusal(() => editor.put(text, ENTRY))
    expect(error).toMatchObject({ errorName: 'INVALID_PARAMETER', details: { file: '/c.json', line } })
    expect(error.message).toContain(`line ${line}`)
  })
})
