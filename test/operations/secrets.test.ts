import { describe, expect, test } from 'vitest'
import { choicesOf, schemaOf } from '../../src/operations/arguments/schema.ts'
import { OPERATIONS } from '../../src/operations/index.ts'
import { exported, imported } from '../services/transfer/files.ts'
import { openTestApp, type TestApp, withApp } from '../support/app.ts'
import { plainArguments } from '../support/sample-arguments.ts'

// Made up, and in two parts: a scanner of repositories passes it over.
const SECRET = ['ghp', '_aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6'].join('')

const TEXTS = OPERATIONS.filter(({ hints }) => !hints.readOnly).flatMap((operation) =>
  Object.entries(schemaOf(operation).properties ?? {})
    .filter(([name, { type, format }]) => (type === 'string' || name === 'metadata') && format === undefined)
    .filter(([name, schema]) => choicesOf(schema).length === 0 && !/^(id|cursor)$|_id$/.test(name))
    .map(([name]) => ({ label: `${operation.tool} ${operation.action} ${name}`, operation, name })),
)

/** Of arguments that take no text of any form. */
const VALUES: Readonly<Record<string, unknown>> = {
  metadata: { ci: { key: SECRET } },
  root_path: `/srv/${SECRET}`,
}

describe('a likely secret is refused', () => {
  test('in every text that an operation stores', () =>
    withApp(async (t) => {
      expect(TEXTS.length).toBeGreaterThan(30)
      for (const { label, operation, name } of TEXTS) {
        const value = VALUES[name] ?? `use ${SECRET}`
        const args = { ...plainArguments(operation, name), [name]: value }
        const error = await t.refused(operation.tool, operation.action, args)
        expect(error.name, label).toBe('SECRET_REFUSED')
        expect(error.message, label).toContain(name)
        expect(JSON.stringify(error), label).not.toContain(SECRET)
      }
    }))

  test('as the name of an agent, in calls that only read too: names stand in logs and events', () =>
    withApp(async (t) => {
      for (const [tool, action, args] of [
        ['memory_file_lock', 'checkout', { file_path: 'a.ts' }],
        ['memory_knowledge', 'add', { name: 'a', content: 'b' }],
        ['memory_query', 'search', { query: 'x' }],
      ] as const) {
        const error = await t.refused(tool, action, { ...args, agent_id: SECRET })
        expect([error.name, error.message]).toEqual(['SECRET_REFUSED', expect.stringContaining('agent_id')])
        expect(JSON.stringify(error)).not.toContain(SECRET)
      }
      expect(JSON.stringify(await t.call('memory_event', 'list', { limit: 100 }))).not.toContain(SECRET)
    }))

  test('in one of many entries, in turns of a log, in a vote: nothing is stored', () =>
    withApp(async (t) => {
      const entries = [
        { name: 'a', content: 'fine' },
        { name: 'b', content: `first\nthen ${SECRET}` },
      ]
      const bulk = await t.refused('memory_knowledge', 'bulk_add', { entries })
      expect(bulk.message).toContain('entries[1].content, line 2')
      expect((await t.call('memory_knowledge', 'list', {}))['entries']).toEqual([])
      const { id } = await t.call('memory_scope', 'start', { scope_type: 'session', name: 'Work' })
      const turns = [{ content: 'hello' }, { content: SECRET }]
      expect((await t.refused('memory_scope', 'log', { session_id: id, turns })).message).toContain(
        'turns[1]',
      )
      const vote = { task_id: 't', vote_value: { key: SECRET } }
      expect((await t.refused('memory_voting', 'record_vote', vote)).message).toContain('vote_value.key')
    }))

  test('one that was stored before is taken out with replace, and put in with neither replace nor append', async () => {
    const t = await openTestApp({ env: { AGENT_MEMORY_SECRETS: 'allow' } })
    try {
      await t.call('memory_knowledge', 'add', { name: 'ci', content: `The runner uses ${SECRET} today.` })
      const strict = await t.secondApp({ env: {} })
      const update = { name: 'ci', replace: { old: SECRET, new: 'a key in the vault' } }
      expect(await strict.call('memory_knowledge', 'update', update)).toMatchObject({
        content: 'The runner uses a key in the vault today.',
      })
      for (const edit of [{ append: SECRET }, { replace: { old: 'today', new: SECRET } }])
        expect((await strict.refused('memory_knowledge', 'update', { name: 'ci', ...edit })).name).toBe(
          'SECRET_REFUSED',
        )
    } finally {
      await t.close()
    }
  })

  test('one that is asked for is answered as always', () =>
    withApp(async (t) => {
      expect(await t.call('memory_query', 'search', { query: SECRET })).toMatchObject({ results: [] })
    }))
})

describe('AGENT_MEMORY_SECRETS', () => {
  const add = (t: TestApp) =>
    t.call('memory_knowledge', 'add', { name: 'ci', content: `The runner uses ${SECRET} today.` })
  const content = async (t: TestApp) => (await t.call('memory_knowledge', 'get', { name: 'ci' }))['content']

  test('mask stores the text without it, and says where', () =>
    withApp({ env: { AGENT_MEMORY_SECRETS: 'mask' } }, async (t) => {
      expect(await add(t)).toMatchObject({
        secrets_masked: [{ place: 'content', kind: expect.any(String) as string }],
      })
      expect(await content(t)).toMatch(/^The runner uses \[.* masked\] today\.$/)
    }))

  test('mask never gives a file or an agent another name', () =>
    withApp({ env: { AGENT_MEMORY_SECRETS: 'mask' } }, async (t) => {
      const named = [
        { file_path: `keys/${SECRET}` },
        { file_paths: [`keys/${SECRET}`] },
        { file_path: 'a', agent_id: SECRET },
      ]
      for (const given of named)
        expect((await t.refused('memory_file_lock', 'checkout', given)).name).toBe('SECRET_REFUSED')
      expect(await t.call('memory_file_lock', 'list')).toEqual({ locks: [] })
    }))

  test('allow stores it; an import of it is refused with its line, or masked', async () => {
    const t = await openTestApp({ env: { AGENT_MEMORY_SECRETS: 'allow' } })
    try {
      await add(t)
      expect(await content(t)).toContain(SECRET)
      const file = await exported(t)
      await withApp(async (other) => {
        await expect(imported(other, file)).rejects.toThrow(
          /^Line 4: entry\.content looks like it holds a secret/,
        )
        expect((await other.call('memory_scope', 'list', { scope_type: 'project' }))['scopes']).toEqual([])
      })
      await withApp({ env: { AGENT_MEMORY_SECRETS: 'mask' } }, async (other) => {
        expect((await imported(other, file)).entry).toMatchObject({ added: 1 })
        const { results } = await other.call<{ results: { snippet: string }[] }>('memory_query', 'search', {
          query: 'runner',
          scope_type: 'project',
        })
        expect(JSON.stringify(results)).not.toContain(SECRET)
      })
    } finally {
      await t.close()
    }
  })
})
