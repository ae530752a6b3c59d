import { isAbsolute, normalize } from 'node:path'
import { type Clock, isoTime } from '../../domain/clock.ts'
import type { Entry } from '../../domain/entries/entry.ts'
import { nextVersion } from '../../domain/entries/version.ts'
import { AppError } from '../../domain/errors.ts'
import type { Scope } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { findEntry, replaceEntry, takenNames } from '../../store/entries/entries.ts'
import { listEntries } from '../../store/entries/list.ts'
import { givenVersions } from '../../store/entries/past/retired-names.ts'
import { buryEntry, moveTombstones } from '../../store/entries/past/tombstones.ts'
import {
  deleteScope,
  findScope,
  findScopeByRoot,
  findScopesByName,
  listScopes,
  scopeChain,
} from '../../store/scopes/scopes.ts'
import type { Store, WriteUnit } from '../../store/store.ts'
import { moveVotes } from '../../store/votes.ts'
import { recordConflict } from '../entries/conflicts/conflict-record.ts'
import { entryChange } from '../entry-changes.ts'
import type { Caller } from '../running/caller.ts'
import { scopeChange } from '../scope-changes.ts'
import { everythingIn } from './everything-in.ts'
import { type Author, putScope } from './put-scope.ts'

const AT_ONCE = 200
/** What is written about an entry, beside where it stands and what became of it. */
const NOT_WORDS = new Set([
  'id',
  'scope_id',
  'scope_type',
  'version',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
])

/** What a move did. `merged` says that there was a project already. */
export interface Moved {
  readonly project: Scope
  readonly merged: boolean
  readonly moved: number
  readonly identical: number
  readonly conflicts: number
}

interface Ends {
  readonly from: readonly Scope[]
  readonly to: readonly Scope[]
}

/** Gives a project another folder, or what it holds to another project. */
export class ProjectMoves {
  readonly #store: Store
  readonly #clock: Clock

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Each end is a project's id, name or folder; `to` may be a folder that no project has yet. One transaction. */
  async move(caller: Caller, { from, to }: { from: string; to: string }): Promise<Moved> {
    return this.#store.write(async (unit) => {
      const project = await requireProject(unit.db, from)
      const other = await findProjectCalled(unit.db, to)
      if (other?.id === project.id)
        throw new AppError('INVALID_PARAMETER', 'to: that is the same project.', {
          details: { id: other.id },
        })
      if (!other) return this.#giveFolder(unit, caller, project, to)
      return this.#merge(unit, caller, { project, other })
    })
  }

  async #giveFolder(unit: WriteUnit, caller: Caller, project: Scope, folder: string): Promise<Moved> {
    if (!isAbsolute(folder)) {
      throw new AppError('NOT_FOUND', 'to: no project has that id or name, and it is no absolute path.', {
        suggestion: 'Give the folder as an absolute path, or a project that memory_scope list shows.',
      })
    }
    const after = { ...project, root_path: normalize(folder) }
    const moved = await putScope(unit, { before: project, after }, this.#author(caller))
    return { project: moved, merged: false, moved: 0, identical: 0, conflicts: 0 }
  }

  async #merge(
    unit: WriteUnit,
    caller: Caller,
    { project, other }: { project: Scope; other: Scope },
  ): Promise<Moved> {
    const ends = { from: await scopeChain(unit.db, project.id), to: await scopeChain(unit.db, other.id) }
    const counts = { moved: 0, identical: 0, conflicts: 0 }
    for (;;) {
      const entries = await listEntries(unit.db, { ...everythingIn(project.id), limit: AT_ONCE })
      if (entries.length === 0) break
      for (const entry of entries) counts[await this.#moveEntry(unit, caller, entry, ends)]++
    }
    await this.#moveSessions(unit, caller, ends)
    await moveTombstones(unit.db, { from: project.id, to: other.id })
    await moveVotes(unit.db, { from: project.id, to: other.id })
    await deleteScope(unit.db, project)
    unit.record(scopeChange('scope.deleted', project, caller.agentId))
    return { project: other, merged: true, ...counts }
  }

  /** What both have is kept once. Where they differ, both stand there: the one that comes under a name of its own, with a conflict. */
  async #moveEntry(
    unit: WriteUnit,
    caller: Caller,
    entry: Entry,
    ends: Ends,
  ): Promise<'moved' | 'identical' | 'conflicts'> {
    const [target] = ends.to
    if (!target) throw new RangeError('a scope chain is never empty')
    const place = { scopeId: target.id, type: entry.type }
    const id = (await takenNames(unit.db, { ...place, names: [entry.name] })).get(entry.name)
    const namesake = id === undefined ? undefined : await findEntry(unit.db, id)
    const fields = namesake ? differing(entry, namesake) : []
    if (namesake && fields.length === 0) {
      await buryEntry(unit.db, entry, { ...caller, at: isoTime(this.#clock.now()) })
      const detail = { name: entry.name, same_as: namesake.id }
      unit.record(entryChange('entry.deleted', entry, ends.from, { ...caller, detail }))
      return 'identical'
    }
    const name = namesake
      ? await this.#freeName(unit.db, place, `${entry.name} (${ends.from[0]?.name})`)
      : entry.name
    const moved = await this.#place(unit, caller, { entry, name, ends })
    if (!namesake) return 'moved'
    const clash = { kind: 'overwritten' as const, baseVersion: null, chain: ends.to, fields }
    const sides = { current: namesake, currentAgent: namesake.updated_by, incoming: moved }
    await recordConflict(
      unit,
      { ...caller, agentId: entry.updated_by },
      { ...clash, ...sides },
      this.#clock.now(),
    )
    return 'conflicts'
  }

  async #place(
    unit: WriteUnit,
    caller: Caller,
    { entry, name, ends }: { entry: Entry; name: string; ends: Ends },
  ): Promise<Entry> {
    const scope_id = ends.to[0]?.id ?? null
    const names = { scopeId: scope_id ?? '', type: entry.type, names: [name] }
    const retired = (await givenVersions(unit.db, names)).get(name) ?? 0
    const author = { ...this.#author(caller), retired }
    const after: Entry = { ...nextVersion(entry, { name }, author), scope_id }
    await replaceEntry(unit.db, entry, after)
    // It leaves one scope for the other: what was read in either is out of date.
    unit.record(entryChange('entry.updated', entry, ends.from, caller))
    unit.record(entryChange('entry.updated', after, ends.to, caller))
    return after
  }

  async #freeName(db: Reader, place: { scopeId: string; type: string }, wanted: string): Promise<string> {
    for (let n = 1; ; n++) {
      const name = n === 1 ? wanted : `${wanted} ${n}`
      if ((await takenNames(db, { ...place, names: [name] })).size === 0) return name
    }
  }

  async #moveSessions(unit: WriteUnit, caller: Caller, { from, to }: Ends): Promise<void> {
    for (;;) {
      const parentId = from[0]?.id ?? ''
      const sessions = await listScopes(unit.db, { type: 'session', parentId, limit: AT_ONCE })
      if (sessions.length === 0) return
      for (const before of sessions) {
        const after = { ...before, parent_id: to[0]?.id ?? null }
        await putScope(unit, { before, after }, this.#author(caller))
      }
    }
  }

  #author({ agentId }: Caller): Author {
    return { agentId, now: this.#clock.now() }
  }
}

function differing(one: Entry, other: Entry): string[] {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...fields].filter(
    (field) => !NOT_WORDS.has(field) && JSON.stringify(one[field]) !== JSON.stringify(other[field]),
  )
}

async function requireProject(db: Reader, called: string): Promise<Scope> {
  const found = await findProjectCalled(db, called)
  if (found) return found
  throw new AppError('NOT_FOUND', 'from: no project has that id, name or folder.', {
    suggestion: 'memory_scope list with scope_type project shows them all.',
  })
}

async function findProjectCalled(db: Reader, called: string): Promise<Scope | undefined> {
  const byId = await findScope(db, called)
  if (byId?.type === 'project') return byId
  if (isAbsolute(called)) return findScopeByRoot(db, normalize(called))
  const [first, second] = await findScopesByName(db, { type: 'project', name: called })
  if (second)
    throw new AppError('INVALID_SCOPE', 'More than one project has that name.', {
      details: { ids: [first?.id, second.id] },
      suggestion: 'Give the id of the one you mean.',
    })
  return first
}
