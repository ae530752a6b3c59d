import type { TestApp } from './app.ts'

/** What is hard to write down. */
export const TEXT = 'Grüße, 世界 🌍 \u2028 "quoted" \\ back\ttab\nline  שלום'

/** One of everything that is exported. */
export async function fill(t: TestApp): Promise<void> {
  const org = await t.call<{ id: string }>('memory_scope', 'create', {
    scope_type: 'org',
    name: 'Ünïcode & Söhne',
  })
  const project = await t.call<{ id: string }>('memory_scope', 'create', {
    scope_type: 'project',
    name: 'shop',
    org_id: org.id,
    root_path: '/srv/shop',
    metadata: { __proto__: null, '10': 'ten', '9': { deep: [1, null, 'ü'] } },
  })
  const at = { scope_type: 'project', scope_id: project.id }
  const rule = await t.call<{ id: string; version: number }>('memory_guideline', 'add', {
    ...at,
    name: 'No force push',
    content: TEXT,
    tags: ['git', 'größe'],
    examples: { good: ['git push'], bad: ['git push -f'] },
    metadata: { b: 1, a: { '2': 'two', '1': 'one' } },
  })
  const fact = await t.call<{ id: string }>('memory_knowledge', 'add', {
    ...at,
    name: 'Port',
    content: '8080',
    category: 'fact',
    confidence: 0.7,
    valid_from: '2026-01-01T01:00:00+01:00',
  })
  await t.call('memory_tool', 'add', {
    scope_type: 'global',
    name: 'jq',
    content: 'JSON',
    command: 'jq .',
    parameters: { x: { y: [] } },
  })
  for (const priority of [60, 70, 80]) await t.call('memory_guideline', 'update', { id: rule.id, priority })
  await t
    .call('memory_guideline', 'update', {
      id: rule.id,
      base_version: rule.version,
      content: 'mine',
      priority: 1,
    })
    .catch(() => {})
  await t.call('memory_knowledge', 'deactivate', { id: fact.id })
  await t.call('memory_relation', 'create', { from_id: rule.id, to_id: fact.id, relation_type: 'depends_on' })
  const session = await t.call<{ id: string }>('memory_scope', 'start', {
    scope_type: 'session',
    project_id: project.id,
    name: 'Monday',
    purpose: TEXT,
  })
  await t.call('memory_scope', 'log', {
    session_id: session.id,
    turns: [{ content: 'a' }, { content: TEXT, speaker: '世' }],
  })
  await t.call('memory_voting', 'record_vote', {
    task_id: 'türe',
    vote_value: { b: [TEXT], a: null },
    confidence: 0.5,
  })
  // Decided now: the next vote comes too late.
  await t.call('memory_voting', 'get_consensus', { task_id: 'türe' })
  await t.call('memory_voting', 'record_vote', { task_id: 'türe', vote_value: null }, { agentId: 'second' })
  const own = { task_id: 'türe', scope_type: 'project', scope_id: project.id }
  await t.call('memory_voting', 'record_vote', { ...own, vote_value: 'of the project' })
  await t.call('memory_voting', 'get_consensus', own)
}

/** What an export leaves out, or shows no trace of: a lock that was held, what was deleted, settled and ended, large texts. */
export async function fillMore(t: TestApp): Promise<void> {
  const at = { scope_type: 'global' }
  for (const name of ['Large', '大きい']) {
    await t.call('memory_knowledge', 'add', {
      ...at,
      name,
      content: `${name} ${'文章 text 🌍 '.repeat(10_000)}`,
    })
  }
  await t.call('memory_tool', 'add', { ...at, name: 'Gone', content: 'for ever' })
  await t.call('memory_tool', 'delete', { ...at, name: 'Gone' })
  await t.call('memory_knowledge', 'add', {
    ...at,
    name: 'Offer',
    content: 'old',
    valid_until: '2026-02-01T00:00:00Z',
  })
  await t.call('memory_knowledge', 'update', { ...at, name: 'Offer', content: 'mine', base_version: 1 })
  await t
    .call('memory_knowledge', 'update', { ...at, name: 'Offer', content: 'yours', base_version: 1 })
    .catch(() => {})
  const { conflicts } = await t.call<{ conflicts: { id: string; fields: string[] }[] }>(
    'memory_conflict',
    'list',
  )
  await t.call('memory_conflict', 'resolve', { id: conflicts[0]?.id, resolution: 'incoming' })
  const session = await t.call<{ id: string }>('memory_scope', 'start', {
    scope_type: 'session',
    name: 'Ended',
  })
  await t.call('memory_scope', 'end', { scope_type: 'session', scope_id: session.id })
  for (const file_path of ['/srv/a.ts', '/srv/b.ts']) {
    await t.call('memory_file_lock', 'checkout', { file_path, agent_id: 'tester' })
    await t.call('memory_file_lock', 'checkin', { file_path, agent_id: 'tester' })
  }
}
