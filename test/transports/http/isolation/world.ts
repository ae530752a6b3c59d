import type { TestApp } from '../../../support/app.ts'

/** Stands in every text of the project of others: an answer that holds it tells of them. */
export const MARK = 'zebrafish'

/** What stands in one project. */
export interface Project {
  readonly mark: string
  readonly id: string
  readonly name: string
  readonly root: string
  readonly org: string
  readonly session: string
  readonly guideline: string
  readonly knowledge: string
  readonly tool: string
  readonly second: string
  readonly relation: string
  readonly conflict: string
  readonly turn: string
  readonly lock: string
  readonly token: number
}

/** Two projects of two orgs, and their rights: alice administers hers, bob his; root everything. */
export interface World {
  readonly t: TestApp
  readonly mine: Project
  readonly theirs: Project
  /** What was granted to carol in theirs. */
  readonly grant: string
  /** The id of a key of bob. */
  readonly key: string
  /** A task that both vote on by its name. */
  readonly task: string
}

export const KEYS =
  'key-of-alice:alice,key-of-bob:bob,key-of-carol:carol,key-of-nobody:nobody,key-of-root:root'
export const headersOf = (agent: string) => ({ authorization: `Bearer key-of-${agent}` })

type Made = Readonly<Record<string, unknown>> & { readonly id: string }

export async function makeWorld(t: TestApp): Promise<World> {
  const mine = await makeProject(t, { mark: 'meerkat', root: '/srv/mine', agent: 'alice' })
  const theirs = await makeProject(t, { mark: MARK, root: '/srv/theirs', agent: 'bob' })
  const grant = (grantee: string, scope: object) =>
    t.call<Made>('memory_permission', 'grant', { grantee, permission: 'admin', ...scope })
  await grant('alice', { scope_type: 'project', scope_id: mine.id })
  await grant('root', { scope_type: 'global' })
  await grant('bob', { scope_type: 'project', scope_id: theirs.id })
  const { id } = await grant('carol', { scope_type: 'session', scope_id: theirs.session })
  const task = `${MARK}-task`
  for (const where of [{}, { scope_id: theirs.id }, { scope_id: theirs.session }]) {
    const vote = { task_id: task, vote_value: MARK, reasoning: MARK, ...where }
    await t.call('memory_voting', 'record_vote', vote, { agentId: 'bob' })
  }
  const key = (await t.app.services.apiKeys.create('operator', { agentId: 'bob' })).id
  return { t, mine, theirs, grant: id, key, task }
}

interface Plan {
  readonly mark: string
  readonly root: string
  readonly agent: string
}

async function makeProject(t: TestApp, { mark, root, agent }: Plan): Promise<Project> {
  const as = { agentId: agent, workspace: null }
  const call = (tool: string, action: string, args: object, more = {}) =>
    t.call<Made>(`memory_${tool}`, action, { ...args }, { ...as, ...more })
  const org = (await call('scope', 'create', { scope_type: 'org', name: `${mark} org` })).id
  const name = `${mark} project`
  const made = { scope_type: 'project', name, org_id: org, root_path: root }
  const { id } = await call('scope', 'create', made)
  const scope = { scope_type: 'project', scope_id: id }
  const add = (tool: string, word: string) =>
    call(tool, 'add', { ...scope, name: `${mark} ${word}`, content: `${mark} says ${word}`, tags: [mark] })
  const guideline = (await add('guideline', 'rule')).id
  const knowledge = (await add('knowledge', 'fact')).id
  const tool = (await add('tool', 'command')).id
  const second = (await add('knowledge', 'second')).id
  await add('knowledge', 'third')
  const link = { from_id: knowledge, to_id: guideline, relation_type: 'explains' }
  const relation = (await call('relation', 'create', link)).id
  const session = (await call('scope', 'start', { project_id: id, name: `${mark} session` })).id
  const turns = [{ content: `${mark} was said` }]
  const logged = await call('scope', 'log', { session_id: session, turns })
  const [turn] = logged['entries'] as Made[]
  const change = { id: second, base_version: 1 }
  await call('knowledge', 'update', { ...change, content: `${mark} one side` })
  const other = { ...change, content: `${mark} other side` }
  await call('knowledge', 'update', other, { agentId: 'other' }).catch(() => {})
  const { conflicts } = await t.call<{ conflicts: Made[] }>('memory_conflict', 'list', scope)
  const lock = `${root}/${mark}.ts`
  const held = await call('file_lock', 'checkout', { file_path: lock, ttl_ms: 3_600_000, purpose: mark })
  return {
    mark,
    id,
    name,
    root,
    org,
    session,
    guideline,
    knowledge,
    tool,
    second,
    relation,
    conflict: conflicts[0]?.id ?? '',
    turn: turn?.id ?? '',
    lock,
    token: Number(held['fencing_token']),
  }
}

/** All that is stored of a project and its locks, as the operator of the server sees it. */
export async function stateOf({ t }: World, { id, session, org, lock }: Project): Promise<string> {
  const look = (tool: string, action: string, args: object) =>
    t.call(`memory_${tool}`, action, { limit: 100, ...args }, { agentId: 'operator', workspace: null })
  const parts = []
  for (const scope_id of [id, session])
    for (const tool of ['guideline', 'knowledge', 'tool'])
      parts.push(await look(tool, 'list', { scope_id, status: 'all', inherit: false }))
  parts.push(await look('conflict', 'list', { scope_id: id, status: 'all' }))
  for (const scope_id of [id, session, org])
    parts.push(await t.call('memory_scope', 'get', { scope_id }, { workspace: null }))
  parts.push(await look('scope', 'list', { scope_type: 'session', project_id: id }))
  parts.push(await t.call('memory_file_lock', 'status', { file_path: lock }, { workspace: null }))
  parts.push(await look('permission', 'list', { scope_id: id }))
  for (const where of [{}, { scope_id: id }, { scope_id: session }])
    parts.push(await look('voting', 'list_votes', { task_id: `${MARK}-task`, ...where }))
  parts.push(await look('voting', 'list_tasks', { scope_id: id }))
  // What has been decided of theirs, and by which rule.
  parts.push(
    await look('voting', 'get_consensus', { task_id: `${MARK}-task`, scope_id: id, limit: undefined }),
  )
  return JSON.stringify(parts)
}
