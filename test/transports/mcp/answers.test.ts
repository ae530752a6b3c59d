import type { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openShared, REVISIONS } from '../../support/mcp.ts'

// What a client takes: an answer within its budget, whatever is stored.

const CEILING = 4_000
const LONG = 250_000

interface Hit {
  readonly id: string
  readonly name: string
  readonly scope: object
  readonly content?: string
  readonly snippet?: string
  readonly shortened?: true
}

describe.each(REVISIONS)('answers on revision %s', (revision) => {
  let client: Client
  let close: () => Promise<void>
  let note: { id: string; scope_id: string }

  beforeAll(async () => {
    ;({ client, close } = await openShared(revision))
    for (let i = 0; i < 30; i++) {
      const content = `note ${i} about the cache layer. `.repeat(10_000).slice(0, LONG)
      await call('memory_knowledge', { action: 'add', name: `note ${i}`, content })
    }
    note = await call('memory_knowledge', {
      action: 'add',
      name: 'short',
      content: 'A word on the cache layer.',
    })
  })
  afterAll(() => close())

  /** The answer, which is within its budget in both of its forms. */
  async function call<R extends object>(
    name: string,
    args: Record<string, unknown>,
    tokens = CEILING,
  ): Promise<R> {
    const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
    const [block] = content
    if (block?.type !== 'text') throw new Error('expected a text')
    expect(Buffer.byteLength(block.text)).toBeLessThanOrEqual(tokens * 4)
    expect(Buffer.byteLength(JSON.stringify(structuredContent))).toBeLessThanOrEqual(tokens * 4)
    if (isError) throw new Error(block.text)
    return structuredContent as R
  }

  test('a search of long entries: all in outline, the short one whole', async () => {
    const search = { action: 'search', query: 'word cache layer', limit: 30 }
    const { results } = await call<{ results: Hit[] }>('memory_query', search)
    expect(results.length).toBeGreaterThan(20)
    const whole = results.filter(({ content }) => content !== undefined)
    expect(whole.map(({ id }) => id)).toEqual([note.id])
    expect(whole[0]).not.toHaveProperty('shortened')
    for (const hit of results.filter(({ id }) => id !== note.id)) {
      expect(hit).toMatchObject({ shortened: true, type: 'knowledge', version: 1, score: expect.any(Number) })
      expect(hit.snippet).toContain('cache layer')
      expect(hit.scope).toEqual({ type: 'project', id: note.scope_id, name: 'project' })
      for (const field of ['tags', 'metadata', 'created_at', 'created_by', 'priority', 'status'])
        expect(hit).not.toHaveProperty(field)
    }
  })

  test('what does not fit on a page is on the next ones, each once', async () => {
    const names: string[] = []
    let more: object = {}
    do {
      const args = { action: 'list', limit: 100, token_budget: 500, ...more }
      const page = await call<{ entries: Hit[]; next_cursor?: string }>('memory_knowledge', args, 500)
      names.push(...page.entries.map(({ name }) => name))
      more = page.next_cursor === undefined ? {} : { cursor: page.next_cursor }
    } while ('cursor' in more)
    expect(names).toHaveLength(31)
    expect(new Set(names).size).toBe(31)
  })

  test('no budget is above the ceiling', async () => {
    const args = { action: 'list', limit: 100, token_budget: 100_000 }
    const { entries } = await call<{ entries: Hit[] }>('memory_knowledge', args)
    expect(entries[0]?.name).toBe('short')
    const context = { action: 'context', token_budget: 100_000 }
    const { token_budget } = await call<{ token_budget: number }>('memory_query', context)
    expect(token_budget).toBeGreaterThan(CEILING / 2)
    expect(token_budget).toBeLessThanOrEqual(CEILING)
  })

  test('get brings a long entry in parts, which are the whole', async () => {
    const parts: string[] = []
    let offset: number | undefined = 0
    while (offset !== undefined) {
      const args = { action: 'get', name: 'note 7', offset }
      const part: { content: string; next_offset?: number; content_length: number } = await call(
        'memory_knowledge',
        args,
      )
      expect(part.content_length).toBe(LONG)
      parts.push(part.content)
      offset = part.next_offset
    }
    expect(parts.join('')).toBe('note 7 about the cache layer. '.repeat(10_000).slice(0, LONG))
    const args = { action: 'get', name: 'note 7', max_tokens: 10 }
    expect(await call('memory_knowledge', args)).toMatchObject({
      content: 'note 7 about the cache layer. note 7 abo',
      shortened: true,
    })
    expect(await call('memory_knowledge', { action: 'get', name: 'short' })).not.toHaveProperty('shortened')
  })

  test('what was written is acknowledged by its beginning', async () => {
    const args = { action: 'update', name: 'note 3', content: 'x'.repeat(LONG) }
    expect(await call('memory_knowledge', args)).toMatchObject({
      version: 2,
      shortened: true,
      content_length: LONG,
    })
  })

  test('history, conflicts and refusals with both sides of a long text', async () => {
    const update = (content: string, agent_id: string) =>
      call('memory_knowledge', { action: 'update', name: 'note 5', base_version: 1, content, agent_id })
    await update('y'.repeat(LONG), 'ann')
    await expect(update('z'.repeat(LONG), 'bob')).rejects.toThrow('CONFLICT')
    const { versions } = await call<{ versions: Hit[] }>('memory_knowledge', {
      action: 'history',
      name: 'note 5',
    })
    expect(versions).toMatchObject([{ version: 2, updated_by: 'ann', shortened: true }, { version: 1 }])
    const { conflicts } = await call<{ conflicts: { id: string }[] }>('memory_conflict', { action: 'list' })
    expect(conflicts).toMatchObject([
      { incoming_values: { content: expect.stringMatching(/^z+…$/) }, shortened: true },
    ])
    expect(await call('memory_conflict', { action: 'get', id: conflicts[0]?.id })).toMatchObject({
      shortened: true,
    })
  })

  test('of locks that the answer has no room for the token is found too', async () => {
    interface Locks {
      readonly locks: readonly { file_path: string; fencing_token: number }[]
      readonly omitted?: number
      readonly hint?: string
      readonly next_cursor?: string
    }
    const file_paths = Array.from({ length: 100 }, (_, i) => `${'deep/'.repeat(30)}file-${i}.ts`)
    const taken = await call<Locks>('memory_file_lock', { action: 'checkout', file_paths })
    expect(taken.locks.length + (taken.omitted ?? 0)).toBe(100)
    expect(taken.hint).toContain('memory_file_lock list')
    const tokens = new Map<string, number>()
    let cursor: object | undefined = {}
    while (cursor) {
      const page: Locks = await call('memory_file_lock', { action: 'list', ...cursor })
      for (const { file_path, fencing_token } of page.locks) tokens.set(file_path, fencing_token)
      cursor = page.next_cursor === undefined ? undefined : { cursor: page.next_cursor }
    }
    expect(tokens.size).toBe(100)
    for (const { file_path, fencing_token } of taken.locks) expect(tokens.get(file_path)).toBe(fencing_token)
  })

  test('many small things: the rest is a page further, or counted', async () => {
    const entries = Array.from({ length: 1_000 }, (_, i) => ({ name: `fact ${i}`, content: `Fact ${i}.` }))
    const added = await call<{ entries: object[]; omitted: number; hint: string }>('memory_tool', {
      action: 'bulk_add',
      entries,
    })
    expect(added.entries.length + added.omitted).toBe(1_000)
    expect(added.hint).toContain('list has each with its id')
    const first = await call<{ events: object[]; last_seq: number }>('memory_event', {
      action: 'wait',
      since: 0,
    })
    const next = await call<{ events: { seq: number }[] }>('memory_event', {
      action: 'wait',
      since: first.last_seq,
    })
    expect(next.events[0]?.seq).toBe(first.last_seq + 1)
    const listed = await call<{ events: object[]; next_cursor: string }>('memory_event', {
      action: 'list',
      limit: 100,
    })
    expect(listed.events.length).toBeGreaterThan(20)
    expect(listed.next_cursor).toBeTypeOf('string')
  })

  test('a resource is the whole entry', async () => {
    const { id } = await call<{ id: string }>('memory_knowledge', {
      action: 'get',
      name: 'note 9',
      max_tokens: 1,
    })
    const { contents } = await client.readResource({ uri: `memory://entry/${id}` })
    const [content] = contents
    const text = content && 'text' in content ? content.text : ''
    expect((JSON.parse(text) as Hit).content).toHaveLength(LONG)
  })
})
