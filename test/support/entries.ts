import type { Entry } from '../../src/domain/entries/entry.ts'
import { newId } from '../../src/domain/ids.ts'
import type { Scope } from '../../src/domain/scope.ts'

const AT = '2026-01-01T00:00:00.000Z'
const WRITTEN = { created_at: AT, created_by: 'tester', updated_at: AT, updated_by: 'tester' }

/** An entry of knowledge in the global scope, unless `more` says otherwise. */
export function anEntry(more: Partial<Entry> = {}): Entry {
  const id = newId()
  const shared = {
    type: 'knowledge',
    scope_type: 'global',
    scope_id: null,
    priority: 50,
    version: 1,
  } as const
  return {
    id,
    name: id,
    content: '',
    tags: [],
    status: 'active',
    metadata: {},
    ...shared,
    ...WRITTEN,
    ...more,
  }
}

export function aScope(type: Scope['type'], parentId: string): Scope {
  const id = newId()
  const more = { root_path: null, purpose: null, status: 'active', metadata: {}, ended_at: null } as const
  return { id, type, name: id, parent_id: parentId, version: 1, ...more, ...WRITTEN }
}
