import { MARK, type World } from './world.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * One call of a caller without rights in the other project. `refused`: as if it were not there, or as not
 * granted. `quiet`: it is answered, without a trace of the other project.
 */
export interface Attempt {
  readonly args: Json
  readonly expect: 'refused' | 'quiet'
  /** Which argument names something by its id: another id, of nothing, must be answered in the same way. */
  readonly id?: string
  /** Who may do it; default: bob, whose project it is. */
  readonly by?: 'bob' | 'root'
}

type Row = (world: World) => readonly Attempt[]

const byId = (args: Json, id = 'id'): Attempt => ({ args, expect: 'refused', id })
const refused = (args: Json, by: Attempt['by'] = 'bob'): Attempt => ({ args, expect: 'refused', by })
const quiet = (args: Json): Attempt => ({ args, expect: 'quiet' })

/** A scope that is named: its id stands for nothing to those who may not see it. */
const inScope =
  (args: Json = {}): Row =>
  ({ theirs }) => [
    byId({ scope_type: 'project', scope_id: theirs.id, ...args }, 'scope_id'),
    byId({ scope_type: 'session', scope_id: theirs.session, ...args }, 'scope_id'),
  ]

const own = ({ mine }: Pick<World, 'mine'>): Json => ({ scope_type: 'project', scope_id: mine.id })

function entryRows(word: 'guideline' | 'knowledge' | 'tool', name: string): Readonly<Record<string, Row>> {
  const tool = `memory_${word}`
  const both =
    (more: Json = {}): Row =>
    ({ theirs }) => [
      byId({ id: theirs[word], ...more }),
      byId({ scope_type: 'project', scope_id: theirs.id, name: `${MARK} ${name}`, ...more }, 'scope_id'),
    ]
  const reads: Row = (world) => [
    ...both()(world),
    // From where one stands a name of theirs is no name.
    refused({ scope_type: 'project', scope_id: world.mine.id, name: `${MARK} ${name}` }, 'root'),
  ]
  return {
    [`${tool} add`]: inScope({ name: 'planted', content: 'planted' }),
    [`${tool} bulk_add`]: inScope({ entries: [{ name: 'planted too', content: 'planted' }] }),
    [`${tool} update`]: both({ content: 'changed' }),
    [`${tool} get`]: (world) => both()(world),
    [`${tool} list`]: (world) => [
      ...inScope()(world),
      quiet({ scope_type: 'project', scope_id: world.mine.id }),
      quiet({ scope_type: 'project', scope_id: world.mine.id, status: 'all', tags: { include: [MARK] } }),
    ],
    [`${tool} history`]: (world) => reads(world).slice(0, 2),
    [`${tool} deactivate`]: both(),
    [`${tool} reactivate`]: both(),
    [`${tool} delete`]: ({ theirs }) => [byId({ id: theirs[word] })],
  }
}

const LATER = new Date(Date.UTC(2099, 0)).toISOString()

/** Every operation of the catalogue, tried against the project of others. */
export const ROWS: Readonly<Record<string, Row>> = {
  'memory_query search': (world) => [
    ...inScope({ query: MARK })(world),
    quiet({ scope_type: 'project', scope_id: world.mine.id, query: MARK }),
    quiet({ scope_type: 'project', scope_id: world.mine.id, query: `${MARK} says fact`, as_of: LATER }),
    refused({ query: MARK }, 'root'),
    refused({ query: MARK, everywhere: true }, 'root'),
  ],
  'memory_query context': (world) => [
    ...inScope()(world),
    quiet({ scope_type: 'project', scope_id: world.mine.id, query: MARK }),
  ],
  'memory_query get': ({ theirs }) => [byId({ id: theirs.guideline }), byId({ id: theirs.turn })],
  'memory_query list': (world) => [
    ...inScope()(world),
    quiet({ scope_type: 'project', scope_id: world.mine.id, status: 'all' }),
    refused({ everywhere: true }, 'root'),
  ],
  ...entryRows('guideline', 'rule'),
  ...entryRows('knowledge', 'fact'),
  ...entryRows('tool', 'command'),
  'memory_scope create': ({ theirs }) => [
    { ...byId({ scope_type: 'project', name: 'planted', org_id: theirs.org }, 'org_id'), by: 'root' },
    refused({ scope_type: 'org', name: 'planted org' }, 'root'),
    refused({ scope_type: 'project', name: 'planted at the top' }, 'root'),
  ],
  'memory_scope get': ({ theirs }) => [
    byId({ scope_id: theirs.id }, 'scope_id'),
    byId({ scope_id: theirs.session, scope_type: 'session' }, 'scope_id'),
    // Of another type than it is: that it is there is not said either.
    { ...byId({ scope_id: theirs.org, scope_type: 'project' }, 'scope_id'), by: 'root' },
    refused({ scope_type: 'project', name: theirs.name }),
    byId({ scope_id: theirs.id, version: 1 }, 'scope_id'),
  ],
  'memory_scope list': ({ theirs }) => [
    quiet({ scope_type: 'project' }),
    quiet({ scope_type: 'org' }),
    quiet({ scope_type: 'session' }),
    quiet({ scope_type: 'session', project_id: theirs.id }),
  ],
  'memory_scope update': ({ theirs, mine }) => [
    byId({ scope_id: theirs.id, purpose: 'planted' }, 'scope_id'),
    { ...byId({ scope_id: mine.id, org_id: theirs.org }, 'org_id'), by: 'root' },
    // Its folder says which locks are a project's own.
    refused({ scope_id: mine.id, root_path: `${theirs.root}/x` }, 'root'),
  ],
  'memory_scope move': ({ theirs }) => [refused({ from: theirs.id, to: '/srv/elsewhere' }, 'root')],
  'memory_scope tree': () => [quiet({})],
  'memory_scope presence': (world) => [
    ...inScope()(world).slice(0, 1),
    refused({}, 'root'),
    quiet({ scope_type: 'project', scope_id: world.mine.id }),
  ],
  'memory_scope current': () => [quiet({})],
  'memory_scope start': ({ theirs }) => [byId({ project_id: theirs.id, name: 'planted' }, 'project_id')],
  'memory_scope log': ({ theirs }) => [
    byId({ session_id: theirs.session, turns: [{ content: 'planted' }] }, 'session_id'),
  ],
  'memory_scope end': ({ theirs }) => [byId({ session_id: theirs.session }, 'session_id')],
  'memory_scope delete': ({ theirs }) => [
    { ...byId({ scope_id: theirs.session, cascade: true }, 'scope_id'), by: 'root' },
    { ...byId({ scope_id: theirs.id, cascade: true }, 'scope_id'), by: 'root' },
  ],
  'memory_tag attach': ({ theirs }) => [byId({ entry_id: theirs.knowledge, tags: ['planted'] }, 'entry_id')],
  'memory_tag detach': ({ theirs }) => [byId({ entry_id: theirs.turn, tags: [MARK] }, 'entry_id')],
  'memory_tag list': (world) => [
    ...inScope()(world),
    quiet({ scope_type: 'project', scope_id: world.mine.id, prefix: MARK.slice(0, 3) }),
  ],
  'memory_relation create': ({ theirs, mine }) => [
    {
      ...byId({ from_id: mine.knowledge, to_id: theirs.tool, relation_type: 'explains' }, 'to_id'),
      by: 'root',
    },
    {
      ...byId({ from_id: theirs.tool, to_id: mine.knowledge, relation_type: 'explains' }, 'from_id'),
      by: 'root',
    },
  ],
  'memory_relation list': ({ theirs }) => [byId({ entry_id: theirs.knowledge }, 'entry_id')],
  'memory_relation consolidate': (world) => [
    ...inScope()(world),
    { ...byId({ dry_run: false, keep: world.theirs.knowledge, merge: [world.theirs.second] }, 'keep') },
    quiet({ scope_type: 'project', scope_id: world.mine.id }),
  ],
  'memory_relation delete': ({ theirs }) => [byId({ id: theirs.relation })],
  'memory_conflict list': (world) => [
    ...inScope({ status: 'all' })(world),
    byId({ entry_id: world.theirs.second, status: 'all' }, 'entry_id'),
    quiet({ scope_type: 'project', scope_id: world.mine.id, status: 'all' }),
  ],
  'memory_conflict get': ({ theirs }) => [byId({ id: theirs.conflict })],
  'memory_conflict resolve': ({ theirs }) => [byId({ id: theirs.conflict, resolution: 'incoming' })],
  'memory_file_lock checkout': ({ theirs }) => [
    refused({ file_path: `${theirs.root}/other.ts` }),
    refused({ file_paths: ['/srv/mine/a.ts', `${theirs.root}/other.ts`] }, 'root'),
    refused({ file_path: `/srv/mine/../theirs/other.ts` }),
  ],
  'memory_file_lock renew': ({ theirs }) => [refused({ file_path: theirs.lock })],
  'memory_file_lock verify': ({ theirs }) => [
    refused({ file_path: theirs.lock, fencing_token: theirs.token }),
  ],
  'memory_file_lock status': ({ theirs }) => [refused({ file_path: theirs.lock })],
  'memory_file_lock list': ({ theirs }) => [
    quiet({ queues: true }),
    quiet({ prefix: `${theirs.root}/` }),
    quiet({ agent_id: 'bob' }),
  ],
  'memory_file_lock checkin': ({ theirs }) => [refused({ file_path: theirs.lock })],
  'memory_file_lock force_unlock': ({ theirs }) => [
    refused({ file_path: `${theirs.root}/other.ts`, reason: 'planted' }),
  ],
  'memory_voting record_vote': ({ task, ...world }) => [
    ...inScope({ task_id: task, vote_value: 'planted' })({ task, ...world }),
    quiet({ task_id: 'my task', vote_value: 'planted', ...own(world) }),
    refused({ task_id: task, vote_value: 'planted' }, 'root'),
  ],
  'memory_voting get_consensus': ({ task, ...world }) => [
    ...inScope({ task_id: task, k: 1 })({ task, ...world }),
    quiet({ task_id: task, ...own(world) }),
    refused({ task_id: task }, 'root'),
  ],
  'memory_voting list_tasks': (world) => [...inScope()(world), quiet({}), quiet(own(world))],
  'memory_voting list_votes': ({ task, ...world }) => [
    ...inScope({ task_id: task })({ task, ...world }),
    quiet({ task_id: task, ...own(world) }),
    refused({ task_id: task }, 'root'),
  ],
  'memory_voting get_stats': ({ task, ...world }) => [
    ...inScope({ task_id: task })({ task, ...world }),
    ...inScope()({ task, ...world }),
    quiet({ task_id: task, ...own(world) }),
    quiet(own(world)),
    refused({ task_id: task }, 'root'),
    refused({}, 'root'),
  ],
  'memory_event list': ({ theirs }) => [
    quiet({ since: 0, limit: 100, token_budget: 25_000 }),
    quiet({ since: 0, limit: 1 }),
    quiet({ since: 0, scope_type: 'project', scope_id: theirs.id }),
    quiet({ since: 0, types: ['lock.*', 'vote.*', 'permission.*', 'conflict.*', 'scope.*'], limit: 100 }),
  ],
  'memory_event wait': ({ theirs }) => [
    quiet({ since: 0, timeout_ms: 0, scope_id: theirs.id }),
    quiet({ since: 0, timeout_ms: 0 }),
  ],
  memory_health: () => [quiet({})],
  'memory_key create': () => [
    refused({ agent: 'planted' }, 'root'),
    refused({ agent: 'alice', admin: true }, 'root'),
  ],
  'memory_key list': () => [refused({}, 'root')],
  'memory_audit list': () => [refused({}, 'root')],
  'memory_audit verify': () => [refused({}, 'root')],
  'memory_query reindex': () => [refused({}, 'root'), refused({ restart: true }, 'root')],
  'memory_key revoke': ({ key }) => [refused({ id: key }, 'root')],
  'memory_permission grant': ({ theirs }) => [
    byId({ grantee: 'alice', permission: 'read', scope_type: 'project', scope_id: theirs.id }, 'scope_id'),
    refused({ grantee: 'alice', permission: 'read', scope_type: 'global' }, 'root'),
  ],
  'memory_permission check': ({ theirs }) => [
    byId({ permission: 'read', scope_type: 'project', scope_id: theirs.id }, 'scope_id'),
    byId({ permission: 'read', grantee: 'bob', scope_type: 'project', scope_id: theirs.id }, 'scope_id'),
    refused({ permission: 'read', grantee: 'bob', scope_type: 'global' }, 'root'),
  ],
  'memory_permission list': ({ theirs }) => [
    quiet({}),
    quiet({ grantee: 'bob' }),
    byId({ scope_type: 'project', scope_id: theirs.id }, 'scope_id'),
  ],
  'memory_permission revoke': ({ theirs, grant }) => [
    { ...byId({ grantee: 'bob', scope_type: 'project', scope_id: theirs.id }, 'scope_id'), by: 'root' },
    { ...byId({ id: grant }), by: 'root' },
  ],
}

/** What takes away what the others need comes last. */
export const LAST = [
  'memory_relation consolidate',
  'memory_relation delete',
  'memory_conflict resolve',
  'memory_scope end',
  'memory_file_lock checkin',
  'memory_guideline delete',
  'memory_knowledge delete',
  'memory_tool delete',
  'memory_scope move',
  'memory_permission revoke',
  'memory_scope delete',
]
