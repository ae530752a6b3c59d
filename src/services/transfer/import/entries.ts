import type { Entry } from '../../../domain/entries/entry.ts'
import { GLOBAL_SCOPE_ID, outsideScopeId, type Scope } from '../../../domain/scope.ts'
import type { RecordOf } from '../../../domain/transfer.ts'
import { findEntry } from '../../../store/entries/entries.ts'
import { findVersion, insertVersions } from '../../../store/transfer.ts'
import { entryChange } from '../../entry-changes.ts'
import { badLine } from '../lines.ts'
import type { Numbered } from '../parse.ts'
import { EntryBatch } from './entry-batch.ts'
import { type ImportRun, isSame, type Outcome, saysTheSame } from './run.ts'
import { isSeen } from './tombstones.ts'

type VersionRecord = RecordOf<'version'>
export type EntryRecord = RecordOf<'entry'> | VersionRecord

/** An entry of the file as it is to stand here. */
interface Placed {
  readonly entry: Entry
  readonly scopeId: string
  readonly chain: readonly Scope[]
  readonly line: number
}

/** The entry whose earlier versions come next, and what became of it. */
interface Current {
  readonly entry: Entry
  readonly outcome: Outcome
  lastVersion: number
}

/** Puts entries in, each followed by its history. */
export class EntryImport {
  readonly #run: ImportRun
  #batch: EntryBatch
  #current: Current | undefined
  /** Whether all was added so far: the next ones likely will be. */
  #areNew = true

  constructor(run: ImportRun) {
    this.#run = run
    this.#batch = new EntryBatch(run.unit)
  }

  /** Some records that follow each other; answers what became of each. */
  async apply(records: readonly Numbered<EntryRecord>[]): Promise<Outcome[]> {
    this.#batch = new EntryBatch(this.#run.unit)
    const placed: Placed[] = []
    for (const { record, line, words } of records) {
      placed.push(await this.#place(record.entry, line))
      if (words) this.#batch.keep(record.entry, words)
    }
    const entries = placed.filter((_, at) => records[at]?.record.kind === 'entry')
    const loaded = this.#batch.load(entries)
    if (this.#areNew) this.#batch.cut(entries)
    await loaded
    const outcomes: Outcome[] = []
    for (const [at, { record }] of records.entries()) {
      const one = placed[at]
      if (one)
        outcomes.push(record.kind === 'entry' ? await this.#entry(one) : await this.#version(record, one))
    }
    this.#batch.flush()
    this.#areNew = outcomes.every((outcome) => outcome === 'added')
    return outcomes
  }

  async #place(given: Entry, line: number): Promise<Placed> {
    const chain = await this.#run.chain(given.scope_id, line)
    const [scope] = chain
    if (scope?.type !== given.scope_type)
      throw badLine(line, `says that the entry's scope is a ${given.scope_type}, which it is not`)
    return { entry: { ...given, scope_id: outsideScopeId(scope.id) }, scopeId: scope.id, chain, line }
  }

  async #entry(placed: Placed): Promise<Outcome> {
    const outcome = await this.#put(placed)
    this.#current = { entry: placed.entry, outcome, lastVersion: 0 }
    return outcome
  }

  async #put(placed: Placed): Promise<Outcome> {
    const { entry, chain, line } = placed
    const { unit, caller, droppedEntries } = this.#run
    const here = this.#batch.find(entry.id)
    if (here && (isSame(here, entry) || saysTheSame(here, entry))) return 'identical'
    if (here && !this.#isEdited(here, entry) && !this.#replaces(line, here, entry)) return 'kept'
    if (!here && this.#staysDeleted(placed)) {
      droppedEntries.add(entry.id)
      return 'kept'
    }
    const namesake = await this.#namesake(placed)
    if (namesake && !this.#replaces(line, namesake, entry)) {
      droppedEntries.add(entry.id)
      return 'kept'
    }
    if (namesake) await this.#remove(namesake, placed)
    const made = here ? await this.#overwrite(here, placed) : await this.#add(placed)
    unit.record(entryChange(here ? 'entry.updated' : 'entry.created', made, chain, caller))
    return here || namesake ? 'replaced' : 'added'
  }

  /** Puts it in as the file has it, or under the next number where its name or id was read at that version before. */
  async #add(placed: Placed): Promise<Entry> {
    const { entry, scopeId } = placed
    const retired = this.#batch.retiredVersion(placed)
    const made = { ...entry, version: retired < entry.version ? entry.version : retired + 1 }
    this.#batch.add({ entry: made, scopeId })
    return made
  }

  /** What the file says becomes the next version: a number that was given out never means something else. */
  async #overwrite(here: Entry, placed: Placed): Promise<Entry> {
    const scopeId = here.scope_id ?? GLOBAL_SCOPE_ID
    const version = Math.max(here.version, placed.entry.version, this.#batch.retiredVersion(placed)) + 1
    const made = { ...placed.entry, version, updated_at: new Date().toISOString() }
    await this.#batch.overwrite({ entry: here, scopeId }, { ...placed, entry: made })
    // It leaves a scope: what was read there is out of date too.
    if (scopeId !== placed.scopeId) {
      const chain = await this.#run.chain(here.scope_id, placed.line)
      this.#run.unit.record(entryChange('entry.updated', here, chain, this.#run.caller))
    }
    return made
  }

  /**
   * An entry that was deleted here stays so, unless the file's was changed elsewhere and the caller chose
   * which side counts.
   */
  #staysDeleted({ entry, line }: Placed): boolean {
    const tombstone = this.#batch.findTombstone(entry.id)
    if (!tombstone) return false
    const { deleted_at: here } = tombstone
    if (this.#run.onConflict === 'refuse' && isSeen(entry, tombstone)) return true
    const clash = { kind: 'entry' as const, id: entry.id, here, given: entry.updated_at, wasDeleted: true }
    return !this.#run.replaces(line, clash)
  }

  #replaces(line: number, { id, updated_at }: Entry, given: Entry): boolean {
    return this.#run.replaces(line, { kind: 'entry', id, here: updated_at, given: given.updated_at })
  }

  #isEdited(here: Entry, given: Entry): boolean {
    return this.#run.mayBeEdited && here.version === given.version && here.updated_at === given.updated_at
  }

  /** Another entry that has this one's type and name in its scope. */
  async #namesake(placed: Placed): Promise<Entry | undefined> {
    const id = this.#batch.findNamesake(placed)
    if (id === undefined) return undefined
    this.#batch.flush()
    return findEntry(this.#run.unit.db, id)
  }

  async #remove(other: Entry, { scopeId, chain }: Placed): Promise<void> {
    const { unit, caller } = this.#run
    await this.#batch.remove({ entry: other, scopeId })
    unit.record(entryChange('entry.deleted', other, chain, { ...caller, detail: { name: other.name } }))
  }

  async #version({ superseded_at }: VersionRecord, { entry, line }: Placed): Promise<Outcome> {
    const current = this.#current
    if (
      entry.id !== current?.entry.id ||
      entry.version <= current.lastVersion ||
      entry.version >= current.entry.version
    )
      throw badLine(line, 'holds a version that does not belong to the entry before it')
    current.lastVersion = entry.version
    if (current.outcome === 'kept') return 'kept'
    if (current.outcome !== 'added') return this.#keepVersion({ entry, superseded_at }, line)
    this.#batch.addVersion({ entry, superseded_at })
    return 'added'
  }

  /** A version that is here stays as it was read. */
  async #keepVersion(version: Omit<VersionRecord, 'kind'>, line: number): Promise<Outcome> {
    const { entry } = version
    this.#batch.flush()
    const here = await findVersion(this.#run.unit.db, entry.id, entry.version)
    if (here && isSame(here, version)) return 'identical'
    if (here) {
      if (this.#current?.outcome === 'identical')
        this.#run.replaces(line, { kind: 'version', id: entry.id, here: null, given: null })
      return 'kept'
    }
    await insertVersions(this.#run.unit.db, [version])
    return 'added'
  }
}
