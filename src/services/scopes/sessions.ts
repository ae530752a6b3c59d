import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { firstVersion } from '../../domain/entries/version.ts'
import { AppError } from '../../domain/errors.ts'
import { insertEntries, takenNames } from '../../store/entries/entries.ts'
import { takeNumbers } from '../../store/leases/counters.ts'
import type { Store } from '../../store/store.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller } from '../running/caller.ts'
import type { Scopes } from './scopes.ts'

/** One thing that was said or done in a session. */
export interface Turn {
  readonly content: string
  readonly speaker?: string | undefined
  readonly role?: string | undefined
  readonly at?: string | undefined
  readonly name?: string | undefined
}

/** The log of a session: what happened, in order. */
export class Sessions {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #clock: Clock

  constructor(store: Store, scopes: Scopes, clock: Clock) {
    this.#store = store
    this.#scopes = scopes
    this.#clock = clock
  }

  /**
   * Appends all turns or none. The sequence goes on where the session's last turn stood, whichever agent
   * wrote it.
   */
  async log(caller: Caller, sessionId: string, turns: readonly Turn[]): Promise<Entry[]> {
    return this.#store.write(
      async (unit) => {
        const chain = await this.#scopes.chainForWrite(unit, caller, {
          scope_type: 'session',
          scope_id: sessionId,
        })
        const [session] = chain
        if (!session) throw new RangeError('a scope chain is never empty')
        const first = await takeNumbers(unit.db, `session:${session.id}`, turns.length)
        const now = this.#clock.now()
        const entries = turns.map((turn, index) => {
          const sequence = first + index
          const given = {
            ...turn,
            name: turn.name ?? turnName(sequence),
            at: turn.at ?? isoTime(now),
            sequence,
          }
          return firstVersion('observation', session, given, { agentId: caller.agentId, now })
        })
        await refuseTakenNames(entries, (names) =>
          takenNames(unit.db, { scopeId: session.id, type: 'observation', names }),
        )
        await insertEntries(unit.db, entries, { scopeId: session.id })
        for (const entry of entries) unit.record(entryChange('entry.created', entry, chain, caller))
        return entries
      },
      { changes: 'one scope', line: JSON.stringify(['session', sessionId]) },
    )
  }
}

function turnName(sequence: number): string {
  return `turn-${String(sequence).padStart(6, '0')}`
}

async function refuseTakenNames(
  entries: readonly Entry[],
  find: (names: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<void> {
  const names = entries.map((entry) => entry.name)
  const taken = await find(names)
  const index = names.findIndex((name, place) => taken.has(name) || names.indexOf(name) !== place)
  if (index < 0) return
  throw new AppError('ALREADY_EXISTS', `turns.${index}: the session already has a turn of that name.`, {
    details: { index, ...(taken.has(names[index] ?? '') && { id: taken.get(names[index] ?? '') }) },
    suggestion: 'Leave name out, or choose another.',
  })
}
