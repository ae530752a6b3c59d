import fc from 'fast-check'
import type { ServerEntry } from '../../../../src/transports/cli/setup/entry.ts'

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const text = fc.oneof(
  word,
  fc.string({ maxLength: 12 }),
  fc.constantFrom(
    '// no comment',
    '/* no */',
    '[mcp_servers.agent-memory]',
    'a, b',
    'C:\\x',
    '{"}',
    "it's",
    'é日本',
  ),
)

export const entries: fc.Arbitrary<ServerEntry> = fc.record({
  command: fc.constantFrom('/usr/bin/node', 'C:\\Program Files\\nodejs\\node.exe', '/opt/a "b"/node'),
  args: fc.constantFrom(
    ['/opt/agent-memory/dist/main.js', 'mcp'],
    ['D:\\agent memory\\dist\\main.js', 'mcp'],
  ),
  env: fc.dictionary(fc.stringMatching(/^[A-Z_][A-Z0-9_]{0,6}$/), text, { maxKeys: 3 }),
})

/** How a text is laid out: what may stand between tokens. */
interface Layout {
  readonly eol: string
  readonly indent: string
  readonly spaced: boolean
  readonly multiline: boolean
  readonly trailingComma: boolean
  readonly comments: readonly string[]
  readonly bom: boolean
  readonly lastBreak: boolean
}

const layouts: fc.Arbitrary<Layout> = fc.record({
  eol: fc.constantFrom('\n', '\r\n'),
  indent: fc.constantFrom('  ', '    ', '\t'),
  spaced: fc.boolean(),
  multiline: fc.boolean(),
  trailingComma: fc.boolean(),
  comments: fc.array(fc.constantFrom('// line', '// "a": {', '/* block */', '/* , } */'), { maxLength: 6 }),
  bom: fc.boolean(),
  lastBreak: fc.boolean(),
})

type Json = string | number | boolean | null | Json[] | { [name: string]: Json }

const { json } = fc.letrec<{ json: Json }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null)),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(word, tie('json'), { maxKeys: 3 }),
  ),
}))

/** JSON with comments in every layout, with or without a table of servers, never with our entry. */
export function jsonTexts(key: string): fc.Arbitrary<string> {
  const servers = fc.option(fc.dictionary(word, json, { maxKeys: 3 }), { nil: undefined })
  return fc
    .tuple(fc.array(fc.tuple(word, json), { maxLength: 3 }), servers, fc.nat({ max: 3 }), layouts)
    .map((parts) => {
      const [others, table, at, layout] = parts
      const pairs = others.filter(([name]) => name !== key)
      if (table !== undefined) pairs.splice(Math.min(at, pairs.length), 0, [key, table])
      return layOut(Object.fromEntries(pairs), layout)
    })
}

function layOut(value: Json, layout: Layout): string {
  const comments = [...layout.comments]
  /** A comment, if one is left; a line comment only where a line ends. */
  const comment = (lineEnds: boolean): string => {
    const next = comments.at(-1)
    if (next === undefined || (next.startsWith('//') && !lineEnds)) return ''
    return ` ${comments.pop()}`
  }
  const render = (node: Json, depth: number): string => {
    if (typeof node !== 'object' || node === null) return JSON.stringify(node)
    const isList = Array.isArray(node)
    const items = isList
      ? node.map((item) => render(item, depth + 1))
      : Object.entries(node).map(
          ([name, inner]) => `${JSON.stringify(name)}:${layout.spaced ? ' ' : ''}${render(inner, depth + 1)}`,
        )
    const [open, close] = isList ? ['[', ']'] : ['{', '}']
    if (!layout.multiline) return open + items.join(layout.spaced ? ', ' : ',') + close
    const pad = layout.eol + layout.indent.repeat(depth + 1)
    const lines = items.map((item, at) => {
      const isLast = at === items.length - 1
      return pad + item + (isLast && !layout.trailingComma ? '' : ',') + comment(true)
    })
    return `${open}${comment(true)}${lines.join('')}${layout.eol}${layout.indent.repeat(depth)}${comment(false).trimStart()}${close}`
  }
  return (layout.bom ? '\uFEFF' : '') + render(value, 0) + (layout.lastBreak ? layout.eol : '')
}

const tomlPieces = fc.constantFrom(
  '# a comment',
  '',
  'quoted."a.b" = 1',
  "literal = 'C:\\x # no comment'",
  'long = """\n[mcp_servers.agent-memory]\ncommand = "no"\n"""',
  "raw = '''\n[mcp_servers.agent-memory] ''''",
  'list = [\n  "a", # one ]\n  "b",\n]',
  'inline = { a = [1, 2], "b c" = "}" } # kept',
  'big = 9007199254740993',
  'when = 1979-05-27T07:32:00Z',
  'name = "x" # mine',
)

/** TOML in the ways that people write it, never with our entry. */
export const tomlTexts: fc.Arbitrary<string> = fc
  .record({
    root: fc.array(tomlPieces, { maxLength: 5 }),
    tables: fc.uniqueArray(
      fc.constantFrom(
        '[mcp_servers]',
        '[mcp_servers.docs]',
        '[mcp_servers.docs.env] # secret',
        '[ profiles . "fast one" ]',
        '[[hooks]]',
        '[tui]',
        '[mcp_servers."agent-memory-two"]',
      ),
      { maxLength: 5 },
    ),
    bodies: fc.array(fc.array(tomlPieces, { maxLength: 4 }), { minLength: 5, maxLength: 5 }),
    eol: fc.constantFrom('\n', '\r\n'),
    lastBreak: fc.boolean(),
    bom: fc.boolean(),
  })
  .map(({ root, tables, bodies, eol, lastBreak, bom }) => {
    const sections = [root, ...tables.map((header, at) => [header, ...(bodies[at] ?? [])])]
    const lines = sections.flatMap((section) => [...new Set(section)])
    return (bom ? '\uFEFF' : '') + lines.join('\n').replaceAll('\n', eol) + (lastBreak ? eol : '')
  })

const yamlPieces = fc.constantFrom(
  '# a comment',
  '',
  'name: My Config # mine',
  "version: '1.0.0'",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the form of its own placeholders that the client has
  'models:\n  - name: GPT\n    apiKey: ${{ secrets.KEY }}\n    roles: [chat, edit]',
  'prompt: |\n  mcpServers:\n    - name: agent-memory\n      command: no',
  'folded: >-\n  one\n\n  two',
  '"a key": {x: 1, y: [2, 3]} # { kept',
  'anchor: &a\n  k: v\nalias: *a',
)

const yamlServers = fc.constantFrom(
  'mcpServers:',
  'mcpServers: []',
  'mcpServers: [] # none yet',
  'mcpServers:\n  - name: docs\n    command: docs',
  'mcpServers:\n- name: docs # first\n  command: docs\n  env:\n    KEY: x # secret',
  'mcpServers:\n    # ours\n    -   name: docs\n        args:\n            - a\n\n    -   name: two\n        note: |\n            text\n',
)

/** YAML in the ways that people write it, never with our entry. */
export const yamlTexts: fc.Arbitrary<string> = fc
  .record({
    before: fc.uniqueArray(yamlPieces, { maxLength: 4 }),
    servers: fc.option(yamlServers, { nil: undefined }),
    after: fc.uniqueArray(yamlPieces, { maxLength: 3 }),
    eol: fc.constantFrom('\n', '\r\n'),
    lastBreak: fc.boolean(),
    bom: fc.boolean(),
  })
  .map(({ before, servers, after, eol, lastBreak, bom }) => {
    const pieces = [...before, ...(servers === undefined ? [] : [servers])]
    const lines = [...new Set([...pieces, ...after])].join('\n').replaceAll('\n', eol)
    return (bom ? '\uFEFF' : '') + lines + (lastBreak ? eol : '')
  })

/** Whether every character of `part` stands in `whole` in the same order. */
export function isContained(part: string, whole: string): boolean {
  let at = 0
  for (const char of whole) if (at < part.length && part.startsWith(char, at)) at += char.length
  return at === part.length
}
