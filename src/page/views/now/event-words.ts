import type { MemoryEvent } from '../../client/answers.ts'

interface Words {
  readonly verb: string
  readonly what: string
  /** Where more of it is shown. */
  readonly to?: readonly [view: string, query: Readonly<Record<string, string>>]
}

const VERBS: Readonly<Record<string, string>> = {
  'entry.created': 'added',
  'entry.updated': 'changed',
  'entry.deactivated': 'put aside',
  'entry.reactivated': 'brought back',
  'entry.deleted': 'deleted',
  'scope.created': 'made',
  'scope.updated': 'changed',
  'scope.ended': 'ended',
  'scope.deleted': 'deleted',
  'lock.acquired': 'locked',
  'lock.released': 'gave back',
  'lock.expired': 'ran out of time on',
  'lock.wanted': 'waits for',
  'lock.forced': 'took away the lock on',
  'vote.recorded': 'voted on',
  'vote.decided': 'found a consensus on',
  'conflict.opened': 'collided over',
  'conflict.resolved': 'settled a conflict over',
  'call.refused': 'was refused',
  'permission.granted': 'granted',
  'permission.revoked': 'took back',
  'key.created': 'made',
  'key.revoked': 'revoked',
  'instance.up': 'started',
  'instance.down': 'stopped',
}

/** An event as a sentence whose subject is the agent. */
export function eventWords(event: MemoryEvent): Words {
  const { type, entry, detail } = event
  const verb = VERBS[type] ?? type
  const [group = ''] = type.split('.')
  const other = OTHERS[group]?.(event)
  if (other) return { verb, ...other }
  if (detail?.['relation_id'] !== undefined && entry)
    return { verb: 'linked', what: article(entry.type), to: ['memory', { id: entry.id }] }
  const what = entry ? `${article(entry.type)} (v${entry.version})` : 'an entry'
  if (type === 'conflict.opened')
    return { verb, what, to: ['conflicts', { id: String(detail?.['conflict_id'] ?? '') }] }
  if (!entry || type === 'entry.deleted') return { verb, what }
  return { verb, what, to: ['memory', { id: entry.id }] }
}

/** What events of these groups are about, which is no entry. */
const OTHERS: Readonly<Record<string, (event: MemoryEvent) => Omit<Words, 'verb'>>> = {
  lock: ({ lock }) => ({ what: fileName(lock?.['file_path']) }),
  vote: ({ detail }) => ({ what: String(detail?.['task_id'] ?? 'a question') }),
  call: ({ detail }) => ({
    what: [detail?.['tool'], detail?.['action']].filter(Boolean).join(' ') || 'a call',
  }),
  instance: ({ instance_id }) => ({ what: `instance ${instance_id.slice(-8)}` }),
  scope: ({ scope }) => ({ what: `a ${scope.type}`, to: ['memory', { scope: scope.id ?? 'global' }] }),
  permission: () => ({ what: 'a permission', to: ['access', {}] }),
  key: () => ({ what: 'a key', to: ['access', {}] }),
}

function article(type: string): string {
  if (type === 'knowledge') return 'knowledge'
  return `${/^[aeiou]/.test(type) ? 'an' : 'a'} ${type}`
}

function fileName(path: unknown): string {
  return typeof path === 'string' ? (path.split('/').at(-1) ?? path) : 'a file'
}
