import type { Conflicts } from './conflicts.ts'
import type { Contexts } from './contexts.ts'
import type { Entries } from './entries.ts'
import type { EntryWrites } from './entry-writes.ts'
import type { Events } from './events.ts'
import type { Health } from './health.ts'
import type { Leases } from './leases.ts'
import type { Relations } from './relations.ts'
import type { ScopeWrites } from './scope-writes.ts'
import type { Scopes } from './scopes.ts'
import type { Search } from './search.ts'
import type { Sessions } from './sessions.ts'
import type { Tags } from './tags.ts'
import type { Transfer } from './transfer/transfer.ts'
import type { Votes } from './votes.ts'

/** All use cases, as operations reach them (`ctx.entries`, `ctx.scopes`, …). Built in app.ts. */
export interface Services {
  readonly scopes: Scopes
  readonly scopeWrites: ScopeWrites
  readonly sessions: Sessions
  readonly entries: Entries
  readonly entryWrites: EntryWrites
  readonly tags: Tags
  readonly relations: Relations
  readonly conflicts: Conflicts
  readonly votes: Votes
  readonly leases: Leases
  readonly events: Events
  readonly health: Health
  readonly contexts: Contexts
  readonly search: Search
  readonly transfer: Transfer
}
