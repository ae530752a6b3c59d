import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { importedGraph, listed, refusal } from './drafts.ts'

const SERVER = createRequire(import.meta.url).resolve('@modelcontextprotocol/server-memory/dist/index.js')

/** The file that the official server has written after these calls. */
async function graphFile(
  body: (call: (name: string, args: Record<string, unknown>) => Promise<unknown>) => Promise<void>,
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'server-memory-'))
  const file = join(folder, 'memory.jsonl')
  const client = new Client({ name: 'test', version: '1' })
  const env = { ...process.env, MEMORY_FILE_PATH: file } as Record<string, string>
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [SERVER], env, stderr: 'ignore' }),
  )
  try {
    await body((name, args) => client.callTool({ name, arguments: args }))
    return readFileSync(file, 'utf8')
  } finally {
    await client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const shop = () =>
  graphFile(async (call) => {
    const observations = ['Uses Stripe', 'Owned by team blue\nsince 2024']
    const checkout = { name: 'Checkout', entityType: 'Service', observations }
    const stripe = { name: 'Stripe', entityType: 'Provider', observations: ['Test keys are in the vault'] }
    const empty = { name: 'Later', entityType: 'Idea', observations: [] }
    await call('create_entities', { entities: [checkout, stripe, empty] })
    const link = { from: 'Checkout', to: 'Stripe', relationType: 'uses' }
    await call('create_relations', { relations: [link, { ...link, to: 'Nobody' }] })
  })

test('what the official server wrote becomes entries and links; again, it changes nothing', () =>
  withApp(async (t) => {
    const file = await shop()
    const report = await importedGraph(t, file)
    expect(report).toMatchObject({
      counts: { added: 3, updated: 0 },
      // The server links names that no entity has.
      links: { added: 1, identical: 0 },
      left_out: [
        {
          from: 'Checkout',
          to: 'Nobody',
          relation_type: 'uses',
          file: 'memory.jsonl',
          line: 5,
          why: '"Nobody" is not in the file',
        },
      ],
    })
    const { Checkout: checkout, Stripe: stripe, Later: later } = await listed(t, 'knowledge')
    expect(checkout).toMatchObject({
      content: '- Uses Stripe\n- Owned by team blue\n  since 2024',
      tags: ['Service'],
      metadata: { entity_type: 'Service', imported: { from: 'server-memory', heading: 'Checkout' } },
    })
    expect([stripe?.content, later?.content]).toEqual(['Test keys are in the vault', 'Idea'])
    const relations = await t.call('memory_relation', 'list', { entry_id: checkout?.id })
    expect(relations).toMatchObject({
      relations: [{ from_id: checkout?.id, to_id: stripe?.id, relation_type: 'uses' }],
    })
    expect(await importedGraph(t, file)).toMatchObject({
      counts: { added: 0, updated: 0, identical: 3 },
      links: { added: 0, identical: 1 },
    })
  }))

test('what was added there since is taken, what was deleted there is named', () =>
  withApp(async (t) => {
    await importedGraph(t, await shop())
    const later = await graphFile(async (call) => {
      const checkout = { name: 'Checkout', entityType: 'Service', observations: ['Uses Adyen'] }
      await call('create_entities', { entities: [checkout] })
      await call('add_observations', { observations: [{ entityName: 'Checkout', contents: ['In Go'] }] })
    })
    const report = await importedGraph(t, later)
    expect(report.counts).toMatchObject({ updated: 1, added: 0 })
    expect(report.vanished.map(({ name }) => name).toSorted()).toEqual(['Later', 'Stripe'])
    expect((await listed(t, 'knowledge'))['Checkout']).toMatchObject({
      content: '- Uses Adyen\n- In Go',
      version: 2,
    })
  }))

test('two entities of one name, which one call of that server may add, are one entry', () =>
  withApp(async (t) => {
    const file = await graphFile(async (call) => {
      const entities = ['one', 'two'].map((text) => ({
        name: 'Twice',
        entityType: 'T',
        observations: [text],
      }))
      await call('create_entities', { entities })
    })
    expect(file.trim().split('\n')).toHaveLength(2)
    await importedGraph(t, file)
    expect((await listed(t, 'knowledge'))['Twice']?.content).toBe('- one\n- two')
  }))

test('a name that an entry has here is refused with the line, kept, or replaced', () =>
  withApp(async (t) => {
    const file = await shop()
    await t.call('memory_knowledge', 'add', { name: 'Stripe', content: 'ours' })
    const error = await refusal(importedGraph(t, file))
    expect(error).toMatchObject({ name: 'CONFLICT', details: { file: 'memory.jsonl', line: 2 } })
    expect(Object.keys(await listed(t, 'knowledge'))).toEqual(['Stripe'])
    const kept = await importedGraph(t, file, { onConflict: 'keep' })
    expect(kept).toMatchObject({ counts: { added: 2, kept: 1 }, links: { added: 1 } })
    expect((await importedGraph(t, file, { onConflict: 'replace' })).counts).toMatchObject({ updated: 1 })
    expect((await listed(t, 'knowledge'))['Stripe']).toMatchObject({
      content: 'Test keys are in the vault',
      version: 2,
    })
  }))

test.each<[string, string, number]>([
  ['no JSON', '{"type":"entity"', 2],
  ['an entity without observations', '{"type":"entity","name":"B","entityType":"T"}', 2],
  ['an entity without a name', '{"type":"entity","name":" ","entityType":"T","observations":[]}', 2],
  ['something else', '{"type":"note","name":"B"}', 2],
  ['a relation to nothing', '{"type":"relation","from":"A","relationType":"uses"}', 2],
])('a line with %s is refused by its number, and nothing is taken', (_what, bad, line) =>
  withApp(async (t) => {
    const good = '{"type":"entity","name":"A","entityType":"T","observations":["one"]}'
    const error = await refusal(importedGraph(t, `${good}\n${bad}\n`))
    expect(error).toMatchObject({ name: 'INVALID_PARAMETER', details: { file: 'memory.jsonl', line } })
    expect(await listed(t, 'knowledge')).toEqual({})
  }),
)
