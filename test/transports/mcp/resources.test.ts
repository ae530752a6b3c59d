import { type Client, ResourceNotFoundError } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShared, REVISIONS } from '../../support/mcp.ts'

describe.each(REVISIONS)('resources on revision %s', (revision) => {
  let client: Client
  let close: () => Promise<void>
  const ids: Record<string, string> = {}
  let project: string

  beforeAll(async () => {
    ;({ client, close } = await openShared(revision))
    const entries = Array.from({ length: 160 }, (_, i) => ({
      name: `fact ${i}`,
      content: `Fact number ${i}.`,
    }))
    await call('memory_knowledge', { action: 'bulk_add', entries })
    for (const type of ['guideline', 'knowledge', 'tool']) {
      const added = await call(`memory_${type}`, {
        action: 'add',
        name: `A ${type}`,
        content: 'Text.',
        priority: 90,
      })
      ids[type] = String(added['id'])
      project = String(added['scope_id'])
    }
  })
  afterAll(() => close())

  async function call(name: string, args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { structuredContent } = await client.callTool({ name, arguments: args })
    return structuredContent as Record<string, unknown>
  }

  async function read(uri: string): Promise<{ mimeType: string | undefined; text: string }> {
    const { contents } = await client.readResource({ uri })
    expect(contents).toHaveLength(1)
    const [content] = contents
    if (!content || !('text' in content)) throw new Error('expected a text')
    expect(content.uri).toBe(uri)
    return { mimeType: content.mimeType, text: content.text }
  }

  test('the list is one page: the fixed ones, scopes, the most important and the newest memories', async () => {
    const list = await client.request({ method: 'resources/list', params: {} })
    expect(list.nextCursor).toBeUndefined()
    const uris = list.resources.map(({ uri }) => uri)
    expect(uris.slice(0, 2)).toEqual(['memory://context', 'memory://locks'])
    expect(uris).toContain(`memory://context/${project}`)
    const entries = list.resources.filter(({ uri }) => uri.startsWith('memory://entry/'))
    // Of 160 facts of one priority, and three of a higher one, which stand first.
    expect(
      entries
        .slice(0, 3)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['A guideline', 'A knowledge', 'A tool'])
    expect(entries.map(({ name }) => name)).toContain('fact 159')
    expect(entries.length).toBeLessThanOrEqual(100)
    expect(new Set(uris).size).toBe(uris.length)
    expect((await client.listResources()).resources).toHaveLength(uris.length)
  })

  test('a cursor is refused: there is one page, which one without text begins', async () => {
    const ofTool = await call('memory_knowledge', { action: 'list', limit: 1 })
    for (const cursor of ['x', String(ofTool['next_cursor'])])
      await expect(client.listResources({ cursor })).rejects.toMatchObject({ code: -32602 })
    expect(await client.listResources({ cursor: '' })).toEqual(await client.listResources())
  })

  test('the templates', async () => {
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'memory://entry/{id}',
      'memory://context/{scope_id}',
    ])
  })

  test.each(['guideline', 'knowledge', 'tool'])('a %s by its id', async (type) => {
    const { mimeType, text } = await read(`memory://entry/${ids[type]}`)
    expect(mimeType).toBe('application/json')
    expect(JSON.parse(text)).toMatchObject({ id: ids[type], type, name: `A ${type}` })
  })

  test('the context of the project, the same as the tool answers', async () => {
    const { context } = await call('memory_query', { action: 'context' })
    expect(await read('memory://context')).toEqual({ mimeType: 'text/markdown', text: context })
    expect(await read(`memory://context/${project}`)).toEqual({ mimeType: 'text/markdown', text: context })
  })

  test('who is at work, on what, with which files', async () => {
    await call('memory_file_lock', {
      action: 'checkout',
      file_path: 'src/shown.ts',
      purpose: 'show it',
      agent_id: 'ann',
    })
    const { mimeType, text } = await read('memory://presence')
    expect(mimeType).toBe('application/json')
    const { agents } = JSON.parse(text) as { agents: { agent_id: string }[] }
    expect(agents.find(({ agent_id }) => agent_id === 'ann')).toMatchObject({
      state: 'editing',
      working_on: 'show it',
      locks: [{ file_path: expect.stringContaining('src/shown.ts') as string }],
    })
    await call('memory_file_lock', { action: 'checkin', file_path: 'src/shown.ts', agent_id: 'ann' })
  })

  test('all live locks', async () => {
    const file_paths = Array.from({ length: 100 }, (_, i) => `src/${i}.ts`)
    await call('memory_file_lock', { action: 'checkout', file_paths })
    await call('memory_file_lock', { action: 'checkout', file_path: 'src/one-more.ts' })
    const { mimeType, text } = await read('memory://locks')
    expect(mimeType).toBe('application/json')
    expect((JSON.parse(text) as { locks: unknown[] }).locks).toHaveLength(101)
  })

  test.each([
    'memory://entry/019a0000-0000-7000-8000-000000000000',
    'memory://entry/%E0%A4%A',
    'memory://entry/',
    'memory://entry',
    'memory://context/nowhere',
    'memory://locks/x',
    'memory://nothing',
    'file:///etc/passwd',
    'no uri at all',
  ])('%s is not found', async (uri) => {
    const error = await client.readResource({ uri }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ResourceNotFoundError)
    expect(error).toMatchObject({ code: -32602, data: { uri } })
  })

  test('ids are completed', async () => {
    const complete = async (uri: string, name: string, value: string) => {
      const { completion } = await client.complete({
        ref: { type: 'ref/resource', uri },
        argument: { name, value },
      })
      return completion.values
    }
    expect(await complete('memory://context/{scope_id}', 'scope_id', '')).toEqual([project])
    const id = String(ids['guideline'])
    expect(await complete('memory://entry/{id}', 'id', id.slice(0, -1))).toContain(id)
    expect(await complete('memory://entry/{id}', 'id', 'zzz')).toEqual([])
    expect(await complete('memory://other/{id}', 'id', '')).toEqual([])
  })

  test('the prompts bring the context, and say what to keep', async () => {
    const { prompts } = await client.listPrompts()
    expect(prompts.map(({ name }) => name)).toEqual(['session_start', 'session_end'])
    const text = async (name: string, args = {}) => {
      const { messages } = await client.getPrompt({ name, arguments: args })
      return messages.map(({ content }) => (content.type === 'text' ? content.text : '')).join('')
    }
    const start = await text('session_start', { task: 'Ship it' })
    expect(start).toContain('Ship it')
    expect(start).toContain('A guideline')
    expect(await text('session_end')).toContain('memory_knowledge')
    await expect(client.getPrompt({ name: 'nothing' })).rejects.toMatchObject({ code: -32602 })
    await expect(client.listPrompts({ cursor: 'x' })).rejects.toMatchObject({ code: -32602 })
  })
})
