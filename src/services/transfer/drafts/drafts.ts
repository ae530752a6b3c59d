import { type Clock, isoTime } from '../../../domain/clock.ts'
import type { Entry } from '../../../domain/entries/entry.ts'
import { AppError } from '../../../domain/errors.ts'
import { newId } from '../../../domain/ids.ts'
import { nearestRef, SCOPE_TYPES, type Scope, type ScopeRef } from '../../../domain/scope.ts'
import type { Reader } from '../../../store/access.ts'
import { findRelationBetween, insertRelation } from '../../../store/entries/relations.ts'
import { findScope, findScopesByName } from '../../../store/scopes.ts'
import type { Store, WriteUnit } from '../../../store/store.ts'
import { recordLink } from '../../entries/relations.ts'
import type { Caller, ScopeArgument } from '../../running/caller.ts'
import type { Scopes } from '../../scopes/scopes.ts'
import type { SecretGuard } from '../../secrets/secret-guard.ts'
import type { OnConflict } from '../import-run.ts'
import type { Draft, DraftLink, Reading } from './draft.ts'
import { EarlierImports } from './earlier.ts'
import { DraftImport, type DraftOutcome } from './import-drafts.ts'

interface DraftOptions {
  /** `global`, `org`, `project`, or the id or name of a project or org; the current project where nothing is given. */
  readonly scope: string | undefined
  readonly onConflict: OnConflict
  /** Says what would happen, and does nothing. */
  readonly isDryRun: boolean
}

/** One entry of the report: what was read, or what is no longer there to be read. */
interface Item {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly file: string
  readonly line?: number
}

/** What became of what was read. */
export interface DraftReport extends ScopeRef {
  readonly scope_name: string
  readonly counts: Readonly<Record<DraftOutcome, number>>
  readonly links: { readonly added: number; readonly identical: number; readonly left_out: number }
  /** All but those that are as they were. */
  readonly changes: readonly (Item & { readonly outcome: DraftOutcome })[]
  /** Entries of an earlier import whose place in the files is gone; they stay. */
  readonly vanished: readonly Item[]
  readonly dry_run: boolean
}

/** Takes in what other programs' files hold. */
export class Drafts {
  readonly #store: Store
  readonly #scopes: Scopes
  readonly #secrets: SecretGuard
  readonly #clock: Clock

  constructor(store: Store, parts: { scopes: Scopes; secrets: SecretGuard; clock: Clock }) {
    this.#store = store
    this.#scopes = parts.scopes
    this.#secrets = parts.secrets
    this.#clock = parts.clock
  }

  /** Takes all or nothing. */
  async import(caller: Caller, reading: Reading, options: DraftOptions): Promise<DraftReport> {
    const drafts = await this.#admitted(reading.drafts)
    await this.#scopes.askRepository(caller)
    const run = (unit: WriteUnit) => this.#run(unit, caller, { ...reading, drafts }, options)
    return options.isDryRun ? this.#store.rehearse(run) : this.#store.write(run)
  }

  async #run(unit: WriteUnit, caller: Caller, reading: Reading, options: DraftOptions): Promise<DraftReport> {
    const argument = await scopeArgument(unit.db, options.scope)
    const chain = await this.#scopes.chainForWrite(unit, caller, argument)
    const [scope] = chain
    if (!scope) throw new RangeError('a scope chain is never empty')
    const earlier = new EarlierImports()
    await earlier.load(unit.db, scope.id, reading)
    const { onConflict, isDryRun } = options
    const drafts = new DraftImport({ unit, caller, clock: this.#clock, chain, earlier, onConflict })
    const counts = { added: 0, updated: 0, identical: 0, kept: 0 }
    const changes: DraftReport['changes'][number][] = []
    const entries = new Map<string, Entry>()
    for (const draft of reading.drafts) {
      const { outcome, entry } = await drafts.place(draft)
      counts[outcome]++
      entries.set(draft.origin.heading, entry)
      if (outcome !== 'identical') changes.push({ outcome, ...itemOf(entry), ...draft.place })
    }
    const links = await this.#link(unit, caller, reading.links, entries)
    const vanished = earlier.left().map(({ entry, imported }) => ({ ...itemOf(entry), file: imported.file }))
    const ref = { ...nearestRef(chain), scope_name: scope.name }
    return { ...ref, counts, links, changes, vanished, dry_run: isDryRun }
  }

  /** Links between what was read. One to a name that the file does not have means nothing here. */
  async #link(
    unit: WriteUnit,
    caller: Caller,
    links: readonly DraftLink[],
    entries: ReadonlyMap<string, Entry>,
  ): Promise<DraftReport['links']> {
    const counts = { added: 0, identical: 0, left_out: 0 }
    for (const link of links) {
      const [from, to] = [entries.get(link.from), entries.get(link.to)]
      counts[
        from && to && from.id !== to.id ? await this.#linkOne(unit, caller, link, { from, to }) : 'left_out'
      ]++
    }
    return counts
  }

  async #linkOne(
    unit: WriteUnit,
    caller: Caller,
    link: DraftLink,
    { from, to }: { from: Entry; to: Entry },
  ): Promise<'added' | 'identical'> {
    const ends = { from_id: from.id, to_id: to.id, relation_type: link.relation_type.trim() || 'related' }
    if (await findRelationBetween(unit.db, ends)) return 'identical'
    const now = this.#clock.now()
    const made = {
      id: newId(now),
      ...ends,
      metadata: {},
      created_at: isoTime(now),
      created_by: caller.agentId,
    }
    await insertRelation(unit.db, made)
    for (const entry of [from, to]) await recordLink(unit, caller, entry, made.id)
    return 'added'
  }

  /** The drafts as they may be stored. Throws with the line of what looks like a secret. */
  async #admitted(drafts: readonly Draft[]): Promise<Draft[]> {
    const admitted: Draft[] = []
    for (const draft of drafts) {
      const { content, names, tags, metadata, place } = draft
      const where = `${place.file}, line ${place.line}: `
      const { value } = await this.#secrets.admit({ content, names, tags, metadata }, where)
      admitted.push({ ...draft, ...value })
    }
    return admitted
  }
}

function itemOf({ id, type, name }: Entry): Pick<Item, 'id' | 'type' | 'name'> {
  return { id, type, name }
}

/** What a word for a scope means. */
async function scopeArgument(db: Reader, word: string | undefined): Promise<ScopeArgument> {
  if (word === undefined) return {}
  const type = SCOPE_TYPES.find((each) => each === word.toLowerCase())
  if (type) return { scope_type: type }
  const byId = await findScope(db, word)
  const found = byId ? [byId] : await scopesNamed(db, word)
  const [scope, second] = found
  if (scope && !second) return { scope_id: scope.id }
  throw new AppError(
    'INVALID_SCOPE',
    `scope: ${second ? 'several scopes have' : 'no scope has'} that name.`,
    {
      details: { ids: found.map(({ id }) => id) },
      suggestion: 'Give global, org, project, or the id of one that memory_scope list shows.',
    },
  )
}

async function scopesNamed(db: Reader, name: string): Promise<Scope[]> {
  const projects = await findScopesByName(db, { type: 'project', name })
  return [...projects, ...(await findScopesByName(db, { type: 'org', name }))]
}
