import { afterEach, expect, test, vi } from 'vitest'
import { withApp } from '../support/app.ts'

// The clock of a machine is set back now and then. What changed later is never dated before what it replaced.

const DAY_MS = 86_400_000

function setBackADay(): void {
  const now = Date.now.bind(Date)
  vi.spyOn(Date, 'now').mockImplementation(() => now() - DAY_MS)
}

afterEach(() => {
  vi.restoreAllMocks()
})

interface Dated {
  readonly created_at: string
  readonly updated_at: string
  readonly ended_at?: string | null
}

test('a vote, an entry, a project and a session keep their order', () =>
  withApp(async (t) => {
    const vote = { task_id: 'task', vote_value: 1 }
    await t.call('memory_voting', 'record_vote', vote)
    const { id } = await t.call('memory_knowledge', 'add', { name: 'n', content: 'c' })
    const session = await t.call<{ id: string }>('memory_scope', 'start', {
      scope_type: 'session',
      name: 's',
    })
    const org = await t.call<{ id: string }>('memory_scope', 'create', { scope_type: 'org', name: 'o' })
    setBackADay()
    const changed: Dated[] = [
      await t.call('memory_voting', 'record_vote', { ...vote, vote_value: 2 }),
      await t.call('memory_knowledge', 'update', { id, content: 'd' }),
      await t.call('memory_scope', 'update', { scope_id: org.id, name: 'p' }),
    ]
    const ended = await t.call<Dated>('memory_scope', 'end', { session_id: session.id })
    for (const { created_at, updated_at } of [...changed, ended])
      expect(updated_at >= created_at, `${updated_at} after ${created_at}`).toBe(true)
    expect(String(ended.ended_at) >= ended.created_at).toBe(true)
  }))
