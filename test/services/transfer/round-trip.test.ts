import { describe, expect, test } from 'vitest'
import { type TestApp, withApp } from '../../support/app.ts'
import { fill, TEXT } from '../../support/one-of-everything.ts'
import { expectNews } from '../../support/redis-env.ts'
import { exported, imported } from './files.ts'

describe('export, import, export', () => {
  test('gives the same bytes, with one of everything', () =>
    withApp((from) =>
      withApp(async (to) => {
        await fill(from)
        const file = await exported(from)
        const kinds = file
          .trimEnd()
          .split('\n')
          .map((line) => (JSON.parse(line) as { kind: string }).kind)
        expect(new Set(kinds)).toEqual(
          new Set(['header', 'scope', 'entry', 'version', 'relation', 'conflict', 'vote']),
        )
        const counts = await imported(to, file, { pieceBytes: 7 })
        expect(counts.scope).toEqual({ added: 3, identical: 1, kept: 0, replaced: 0 })
        expect(counts.version.added).toBeGreaterThan(3)
        expect(await exported(to)).toBe(file)
      }),
    ))

  test('gives the same bytes, with 10,000 entries', () =>
    withApp((from) =>
      withApp(async (to) => {
        for (let batch = 0; batch < 10; batch++) {
          const entries = Array.from({ length: 1000 }, (_, i) => ({
            name: `Fact ${batch}-${i} 事実`,
            content: `${TEXT} number ${batch * 1000 + i}`,
            tags: [`t${i % 7}`],
          }))
          await from.call('memory_knowledge', 'bulk_add', { entries })
        }
        const file = await exported(from)
        expect((await imported(to, file)).entry.added).toBe(10_000)
        expect(await exported(to)).toBe(file)
      }),
    ))

  test('leaves what is imported as good as what was written here', () =>
    withApp((from) =>
      withApp(async (to) => {
        await fill(from)
        await imported(to, await exported(from))
        const found = await to.call<{ results: { name: string; tags: string[] }[] }>(
          'memory_query',
          'search',
          {
            query: 'Grüße',
            include_sessions: false,
            scope_type: 'project',
            scope_id: (await project(to)).id,
          },
        )
        expect(found.results).toMatchObject([{ name: 'No force push', tags: ['git', 'größe'] }])
        const { versions } = await to.call<{ versions: { priority: number }[] }>(
          'memory_guideline',
          'history',
          {
            name: 'No force push',
            scope_type: 'project',
            scope_id: (await project(to)).id,
          },
        )
        expect(versions.map(({ priority }) => priority)).toEqual(expect.arrayContaining([50, 60, 70, 80]))
        const list = (scope: object) =>
          to.call<{ events: { type: string; agent_id: string }[] }>('memory_event', 'list', {
            limit: 100,
            ...scope,
          })
        // The project that came with the file is not the one that the caller stands in.
        const there = await list({ scope_type: 'project', scope_id: (await project(to)).id })
        const events = [...(await list({})).events, ...there.events]
        expect(new Set(events.map(({ type }) => type))).toEqual(
          new Set(['scope.created', 'entry.created', 'entry.updated', 'conflict.opened', 'vote.recorded']),
        )
        expect(new Set(events.map(({ agent_id }) => agent_id))).toEqual(new Set(['importer']))
      }),
    ))

  test('lets the log of a session go on where it stood', () =>
    withApp((from) =>
      withApp(async (to) => {
        await fill(from)
        await imported(to, await exported(from))
        const { scopes } = await to.call<{ scopes: { id: string }[] }>('memory_scope', 'list', {
          scope_type: 'session',
        })
        const log = { session_id: scopes[0]?.id, turns: [{ content: 'third' }] }
        const { entries } = await to.call<{ entries: { sequence: number }[] }>('memory_scope', 'log', log)
        expect(entries[0]).toMatchObject({ sequence: 3 })
      }),
    ))

  test('makes another process see it at its very next read', () =>
    withApp((from) =>
      withApp(async (to) => {
        await fill(from)
        const file = await exported(from)
        const other = await to.secondApp()
        const search = () =>
          other.call<{ results: unknown[] }>('memory_query', 'search', {
            query: 'JSON',
            scope_type: 'global',
          })
        const finds = async () => (await search()).results.length
        expect(await finds()).toBe(0)
        await imported(to, file)
        await expectNews(finds, 1)
      }),
    ))

  test('twice changes nothing the second time', () =>
    withApp(async (t) => {
      await fill(t)
      const file = await exported(t)
      const last = () => t.call<{ last_seq: number }>('memory_event', 'list', { limit: 1 })
      const before = await last()
      const counts = await imported(t, file)
      for (const outcomes of Object.values(counts))
        expect(outcomes).toMatchObject({ added: 0, kept: 0, replaced: 0 })
      expect(await last()).toEqual(before)
      expect(await exported(t)).toBe(file)
    }))
})

async function project(t: TestApp): Promise<{ id: string }> {
  const { scopes } = await t.call<{ scopes: { id: string; name: string }[] }>('memory_scope', 'list', {
    scope_type: 'project',
  })
  const found = scopes.find(({ name }) => name === 'shop')
  if (!found) throw new RangeError('no such project')
  return found
}
