import type { z } from 'zod'
import type { Entry } from '../../domain/entries/entry.ts'
import type { get as conflictGet } from '../../operations/conflict/get.ts'
import type { list as conflictList } from '../../operations/conflict/list.ts'
import type { resolve } from '../../operations/conflict/resolve.ts'
import type { list as eventList } from '../../operations/event/list.ts'
import type { forceUnlock } from '../../operations/file-lock/force-unlock.ts'
import type { list as lockList } from '../../operations/file-lock/list.ts'
import type { check } from '../../operations/health/check.ts'
import type { create as keyCreate } from '../../operations/key/create.ts'
import type { list as keyList } from '../../operations/key/list.ts'
import type { revoke as keyRevoke } from '../../operations/key/revoke.ts'
import type { check as permissionCheck } from '../../operations/permission/check.ts'
import type { grant } from '../../operations/permission/grant.ts'
import type { list as grantList } from '../../operations/permission/list.ts'
import type { revoke as grantRevoke } from '../../operations/permission/revoke.ts'
import type { get as entryGet } from '../../operations/query/get.ts'
import type { list as entryList } from '../../operations/query/list.ts'
import type { search } from '../../operations/query/search.ts'
import type { create as relationCreate } from '../../operations/relation/create.ts'
import type { remove as relationDelete } from '../../operations/relation/delete.ts'
import type { list as relationList } from '../../operations/relation/list.ts'
import type { presence } from '../../operations/scope/presence.ts'
import type { tree } from '../../operations/scope/tree.ts'
import type { attach } from '../../operations/tag/change.ts'
import type { list as tagList } from '../../operations/tag/list.ts'
import type { listTasks } from '../../operations/voting/list-tasks.ts'

type Output<O extends { readonly output: z.ZodType }> = z.output<O['output']>

/** An entry as a list shows it; only `get` brings the whole for sure. */
export type Hit = Output<typeof entryList>['entries'][number] & { readonly score?: number }
export type WholeEntry = Entry & {
  readonly shortened?: boolean
  readonly expired?: boolean
  readonly next_offset?: number
}
export type Conflict = Output<typeof conflictGet>
export type MemoryEvent = Output<typeof eventList>['events'][number]
export type Lock = Output<typeof lockList>['locks'][number]
export type HealthReport = Output<typeof check>
export type Relation = Output<typeof relationList>['relations'][number]
export type CountedScope = Output<typeof tree>['scopes'][number]
export type AgentAtWork = Output<typeof presence>['agents'][number]
export type VoteTask = Output<typeof listTasks>['tasks'][number]

export type ApiKey = Output<typeof keyList>['keys'][number]
export type Grant = Output<typeof grantList>['grants'][number]

export interface Deleted {
  readonly id: string
  readonly deleted: true
}

/** The routes that the page asks, and what each answers: as the operations say it. test/page/routes.test.ts holds them to the catalogue. */
export interface Answers {
  'GET /v1/health': HealthReport
  'GET /v1/events': Output<typeof eventList>
  'GET /v1/presence': Output<typeof presence>
  'GET /v1/locks': Output<typeof lockList>
  'POST /v1/locks/force-unlock': Output<typeof forceUnlock>
  'GET /v1/votes/tasks': Output<typeof listTasks>
  'GET /v1/scopes/tree': Output<typeof tree>
  'GET /v1/tags': Output<typeof tagList>
  'GET /v1/search': Output<typeof search>
  'GET /v1/entries': Output<typeof entryList>
  'GET /v1/entries/{id}': Output<typeof entryGet> & WholeEntry
  'POST /v1/entries/{entry_id}/tags': Output<typeof attach>
  'DELETE /v1/entries/{entry_id}/tags': Output<typeof attach>
  'GET /v1/relations': Output<typeof relationList>
  'POST /v1/relations': Output<typeof relationCreate>
  'DELETE /v1/relations/{id}': Output<typeof relationDelete>
  'GET /v1/keys': Output<typeof keyList>
  'POST /v1/keys': Output<typeof keyCreate>
  'DELETE /v1/keys/{id}': Output<typeof keyRevoke>
  'GET /v1/permissions': Output<typeof grantList>
  'GET /v1/permissions/check': Output<typeof permissionCheck>
  'POST /v1/permissions': Output<typeof grant>
  'DELETE /v1/permissions/{id}': Output<typeof grantRevoke>
  'GET /v1/conflicts': Output<typeof conflictList>
  'GET /v1/conflicts/{id}': Conflict
  'POST /v1/conflicts/{id}/resolve': Output<typeof resolve>
}

/** The same on each of the three kinds of entries that are written by hand. */
export interface KindAnswers {
  POST: WholeEntry & { readonly similar?: readonly { readonly name: string }[] }
  'GET {id}': WholeEntry
  'GET {id}/versions': { readonly versions: readonly Hit[]; readonly next_cursor?: string }
  'PATCH {id}': WholeEntry & { readonly merged?: boolean; readonly conflict_id?: string }
  'DELETE {id}': Deleted
  'POST {id}/deactivate': WholeEntry
  'POST {id}/reactivate': WholeEntry
}
