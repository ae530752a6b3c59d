import { expect, test } from 'vitest'
import { openEditor } from '../../../../src/transports/cli/setup/editing/editor.ts'
import type { ServerEntry } from '../../../../src/transports/cli/setup/entry.ts'

// What people wrote beside the words of a list is theirs, also where the list is replaced.

const ENTRY: ServerEntry = { command: 'node', args: ['main.js', 'mcp'], env: {} }

const toml = `[mcp_servers.agent-memory]
command = "node"
args = [
  "mcp#x", # the mode
  # "quoted"
]
x = 1
`
const json = `{
  "mcpServers": {
    "agent-memory": {
      "command": "node", "args": [
        "http://mcp", // the mode
        "x" /* y */
      ]
    }
  }
}
`
const yaml = `mcpServers:
  - name: agent-memory
    command: node
    args:
      - mcp#x # the mode
      - "x # y"
      # "quoted"
    x: 1
`

test.each([
  [
    'toml',
    'mcp_servers',
    toml,
    `[mcp_servers.agent-memory]
command = "node"
# the mode
# "quoted"
args = ["main.js", "mcp"]
x = 1
`,
  ],
  [
    'json',
    'mcpServers',
    json,
    `{
  "mcpServers": {
    "agent-memory": {
      "command": "node", // the mode
      /* y */
      "args": [
        "main.js",
        "mcp"
      ]
    }
  }
}
`,
  ],
  [
    'yaml',
    'mcpServers',
    yaml,
    `mcpServers:
  - name: agent-memory
    command: node
    # the mode
    args:
      ["main.js", "mcp"]
      # "quoted"
    x: 1
`,
  ],
] as const)(
  'comments inside a list that is replaced are kept beside it (%s)',
  (format, key, before, after) => {
    for (const eol of ['\n', '\r\n']) {
      const editor = openEditor({ format, key, file: '/c' })
      const written = editor.put(before.replaceAll('\n', eol), ENTRY)
      expect(written).toBe(after.replaceAll('\n', eol))
      expect(editor.put(written, ENTRY)).toBe(written)
    }
  },
)
