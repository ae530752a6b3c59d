import { type Clock, isoTime } from '../../../domain/clock.ts'
import type { Entry } from '../../../domain/entries/entry.ts'
import { AppError } from '../../../domain/errors.ts'
import { newId } from '../../../domain/ids.ts'
import { nearestRef, SCOPE_TYPES, type Scope } from '../../../domain/scope.ts'
import type { Reader } from '../../../store/access.ts'
import { findRelationBetween, insertRelation } from '../../../store/entries/relations.ts'
import { findScope, findScopesByName } from '../../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../../store/store.ts'
import { recordLink } from '../../entries/relations.ts'
import type { Caller, ScopeArgument } from '../../running/caller.ts'
import { nearestScope } from '../../scopes/named-scope.ts'
import type { Scopes } from '../../scopes/scopes.ts'
import type { SecretGuard } from '../../secrets/secret-guard.ts'
import type { Draft, DraftLink, Filed, Reading } from './draft.ts'
import { EarlierImports } from './earlier.ts'
import { DraftImport } from './import-drafts.ts'
import { importFiled } from './import-filed.ts'
import {
  type DraftOptions,
  type DraftReport,
  itemOf,
  itemOfPlaced,
  type LeftOut,
  type LinkCounts,
  linkOf,
  whyLeftOut,
} from './report.ts'

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
    const records = await this.#admittedRecords(reading.records)
    await this.#scopes.askRepository(caller)
    const run = (unit: WriteUnit) => this.#run(unit, caller, { ...reading, drafts, records }, options)
    return options.isDryRun ? this.#store.rehearse(run) : this.#store.write(run)
  }

  async #run(unit: WriteUnit, caller: Caller, reading: Reading, options: DraftOptions): Promise<DraftReport> {
    const filed = await importFiled(unit, caller, reading.records, options)
    if (reading.records.length > 0 && reading.drafts.length === 0) return filed
    const argument = await scopeArgument(unit.db, options.scope)
    const chain = await this.#scopes.chainForWrite(unit, caller, argument)
    const [scope] = chain
    if (!scope) throw new RangeError('a scope chain is never empty')
    const earlier = new EarlierImports()
    await earlier.load(unit.db, scope.id, reading)
    const { onConflict, isDryRun } = options
    const drafts = new DraftImport({ unit, caller, clock: this.#clock, chain, earlier, onConflict })
    const counts = { ...filed.counts }
    const changes = [...filed.changes]
    const entries = new Map<string, Entry>()
    const deleted = new Set<string>()
    for (const draft of reading.drafts) {
      const placed = await drafts.place(draft)
      counts[placed.outcome]++
      const { heading } = draft.origin
      if (placed.outcome === 'deleted') deleted.add(heading)
      else entries.set(heading, placed.entry)
      if (placed.outcome !== 'identical')
        changes.push({ outcome: placed.outcome, ...itemOfPlaced(draft, placed), ...draft.place })
    }
    const made = await this.#link(unit, caller, reading.links, { entries, deleted })
    const links = {
      added: made.added + filed.links.added,
      identical: made.identical + filed.links.identical,
    }
    const vanished = earlier.left().map(({ entry, imported }) => ({ ...itemOf(entry), file: imported.file }))
    const ref = { ...nearestRef(chain), scope_name: scope.name }
    return { ...ref, counts, links, left_out: made.left_out, changes, vanished, dry_run: isDryRun }
  }

  /** Links between what was read. One to a name that the file does not have means nothing here. */
  async #link(
    unit: WriteUnit,
    caller: Caller,
    links: readonly DraftLink[],
    read: { readonly entries: ReadonlyMap<string, Entry>; readonly deleted: ReadonlySet<string> },
  ): Promise<LinkCounts & { readonly left_out: readonly LeftOut[] }> {
    const counts = { added: 0, identical: 0 }
    const left_out: LeftOut[] = []
    for (const link of links) {
      const [from, to] = [read.entries.get(link.from), read.entries.get(link.to)]
      if (from && to && from.id !== to.id) counts[await this.#linkOne(unit, caller, link, { from, to })]++
      else left_out.push({ ...linkOf(link), why: whyLeftOut(link, read) })
    }
    return { ...counts, left_out }
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

  async #admittedRecords(records: readonly Filed[]): Promise<Filed[]> {
    const admitted: Filed[] = []
    for (const { file, record } of records)
      admitted.push({ file, record: (await this.#secrets.admit(record, `${file}: `)).value })
    return admitted
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

/** What a word for a scope means. */
async function scopeArgument(db: Reader, word: string | undefined): Promise<ScopeArgument> {
  if (word === undefined) return {}
  const type = SCOPE_TYPES.find((each) => each === word.toLowerCase())
  if (type) return { scope_type: type }
  const byId = await findScope(db, word)
  const found = byId ? [byId] : await scopesNamed(db, word)
  const [scope, second] = found
  if (scope && !second) return { scope_id: scope.id }
  const near = second
    ? undefined
    : ((await nearestScope(db, 'project', word)) ?? (await nearestScope(db, 'org', word)))
  const list = 'Give global, org, project, or the id of one that memory_scope list shows.'
  throw new AppError(
    'INVALID_SCOPE',
    `scope: ${second ? 'several scopes have' : 'no scope has'} that name.`,
    {
      details: { ids: found.map(({ id }) => id) },
      suggestion: near ? `Did you mean '${near.name.slice(0, 64)}' (${near.id})? ${list}` : list,
    },
  )
}

async function scopesNamed(db: Reader, name: string): Promise<Scope[]> {
  const projects = await findScopesByName(db, { type: 'project', name })
  return [...projects, ...(await findScopesByName(db, { type: 'org', name }))]
}
