import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { TOOLS } from '../../../src/domain/toolsets.ts'
import { OPERATIONS } from '../../../src/operations/index.ts'
import { TOOL_LIST } from '../../../src/transports/mcp/tools/tool-list.ts'
import { toolLines } from '../../support/listed-tools.ts'
import { openClient, REVISIONS, withClient, withRawServer } from '../../support/mcp.ts'

const MAX_TOKENS = 6_000

/** What every agent reads at its start. A change that is meant: `npm run generate -- --tools`. */
const GOLDEN = readFileSync(join(import.meta.dirname, 'listed-tools.jsonl'), 'utf8')

describe.each(REVISIONS)('tools/list on revision %s', (revision) => {
  test('answers the catalogue, in its order, to every client the same', async () => {
    await withClient({ revision, env: { AGENT_MEMORY_TOOLSETS: 'all' } }, async (client, dataDir) => {
      const result = await client.listTools()
      expect(result.tools).toEqual(TOOL_LIST)
      expect(toolLines(result.tools)).toBe(GOLDEN)
      const listed = OPERATIONS.filter(({ isForPeople }) => !isForPeople)
      expect(result.tools.map(({ name }) => name)).toEqual([...new Set(listed.map(({ tool }) => tool))])
      await expect(client.listTools({ cursor: 'x' })).rejects.toMatchObject({ code: -32602 })

      const other = await openClient(dataDir, { revision, env: { AGENT_MEMORY_TOOLSETS: 'all' } })
      expect(JSON.stringify((await other.listTools()).tools)).toBe(JSON.stringify(result.tools))
      await other.close()
    })
  })

  test('lists only the toolsets that are on, and no other tool can be called', async () => {
    await withClient({ revision, env: { AGENT_MEMORY_TOOLSETS: 'core' } }, async (client) => {
      const { tools } = await client.listTools()
      const core = Object.entries(TOOLS).flatMap(([name, { toolset }]) => (toolset === 'core' ? name : []))
      expect(tools.map(({ name }) => name).sort()).toEqual(core.sort())
      await expect(
        client.callTool({ name: 'memory_file_lock', arguments: { action: 'list' } }),
      ).rejects.toMatchObject({
        code: -32602,
      })
    })
  })
})

test.each(REVISIONS)(
  'the whole answer takes under 6,000 tokens with the tools that agents are given, on revision %s',
  async (revision) => {
    await withRawServer(async (server) => {
      const _meta = {
        'io.modelcontextprotocol/protocolVersion': revision,
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
      }
      const answer = await server.ask(1, 'tools/list', revision === '2025-11-25' ? {} : { _meta })
      expect(Buffer.byteLength(JSON.stringify(answer)) / 4).toBeLessThan(MAX_TOKENS)
    })
  },
)

describe.each(TOOL_LIST.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const actions = OPERATIONS.filter(({ tool: owner, isForPeople }) => owner === name && !isForPeople)

  test('shows every argument of every action, loosely', () => {
    const { properties } = tool.inputSchema
    const args = actions.flatMap(({ input }) => Object.keys(input.shape))
    expect(Object.keys(properties)).toEqual(expect.arrayContaining([...args, 'agent_id']))
    expect(tool.inputSchema).not.toHaveProperty('additionalProperties')
    for (const schema of Object.values(properties)) {
      if ('type' in schema && schema.type === 'array') expect(schema).toHaveProperty('items')
    }
  })

  test('names its actions', () => {
    const names = actions.flatMap(({ action }) => action ?? [])
    expect(tool.inputSchema.properties['action']?.enum ?? []).toEqual(names)
    expect(tool.inputSchema.required ?? []).toEqual(names.length > 0 ? ['action'] : [])
  })

  test('says that it destroys only where it does nothing else, for clients refuse the whole tool then', () => {
    expect(tool.annotations).toEqual({
      readOnlyHint: actions.every(({ hints }) => hints.readOnly),
      destructiveHint: false,
      idempotentHint: actions.every(({ hints }) => hints.idempotent),
      openWorldHint: false,
    })
    expect(actions.every(({ hints }) => hints.destructive)).toBe(false)
    expect(tool.title).not.toBe('')
  })

  test('has a loose output schema', () => {
    expect(tool.outputSchema.type).toBe('object')
    expect(Object.keys(tool.outputSchema.properties).length).toBeGreaterThan(0)
    expect(tool.outputSchema).not.toHaveProperty('required')
    expect(tool.outputSchema).not.toHaveProperty('additionalProperties')
  })

  // Genkit's client is one: with a schema that names 2020-12 it calls no tool (findings/genkit-mcp-2020-12-refused.sh).
  test('has schemas that a strict reader of draft-07 takes', () => {
    for (const schema of [tool.inputSchema, tool.outputSchema])
      expect(() => new Ajv({ strict: true }).compile(schema)).not.toThrow()
  })
})
