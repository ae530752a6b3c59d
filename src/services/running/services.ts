import type { Permissions } from '../access/permissions.ts'
import type { Places } from '../access/places.ts'
import type { Arrivals } from '../agents/arrivals.ts'
import type { Notices } from '../agents/notices.ts'
import type { Presence } from '../agents/presence.ts'
import type { Refusals } from '../agents/refusals.ts'
import type { Audit } from '../audit/audit.ts'
import type { Embeddings } from '../embeddings/embeddings.ts'
import type { Conflicts } from '../entries/conflicts/conflicts.ts'
import type { Consolidation } from '../entries/consolidation.ts'
import type { Entries } from '../entries/entries.ts'
import type { Relations } from '../entries/relations.ts'
import type { Tags } from '../entries/tags.ts'
import type { EntryWrites } from '../entries/writes.ts'
import type { Events } from '../events.ts'
import type { Hooks } from '../hooks/hooks.ts'
import type { Leases } from '../leases/leases.ts'
import type { Contexts } from '../reading/contexts.ts'
import type { Search } from '../reading/search.ts'
import type { ProjectMoves } from '../scopes/move.ts'
import type { Scopes } from '../scopes/scopes.ts'
import type { Sessions } from '../scopes/sessions.ts'
import type { ScopeWrites } from '../scopes/writes.ts'
import type { Drafts } from '../transfer/drafts/drafts.ts'
import type { Transfer } from '../transfer/transfer.ts'
import type { Votes } from '../votes.ts'
import type { AnsweredCalls } from './answered-calls.ts'
import type { ApiKeys } from './api-keys.ts'
import type { Health } from './health.ts'
import type { WholeAnswers } from './whole-answers.ts'

/** All use cases, as operations reach them (`ctx.entries`, `ctx.scopes`, …). Built in app.ts. */
export interface Services {
  readonly scopes: Scopes
  readonly scopeWrites: ScopeWrites
  readonly projectMoves: ProjectMoves
  readonly sessions: Sessions
  readonly entries: Entries
  readonly entryWrites: EntryWrites
  readonly tags: Tags
  readonly relations: Relations
  readonly consolidation: Consolidation
  readonly conflicts: Conflicts
  readonly votes: Votes
  readonly leases: Leases
  readonly events: Events
  readonly health: Health
  readonly contexts: Contexts
  readonly search: Search
  readonly embeddings: Embeddings
  readonly transfer: Transfer
  readonly apiKeys: ApiKeys
  readonly permissions: Permissions
  readonly places: Places
  readonly answeredCalls: AnsweredCalls
  readonly wholeAnswers: WholeAnswers
  readonly drafts: Drafts
  readonly hooks: Hooks
  readonly arrivals: Arrivals
  readonly presence: Presence
  readonly notices: Notices
  readonly refusals: Refusals
  readonly audit: Audit
}
