import type { Entry } from '../../../domain/entries/entry.ts'
import type { ScopeRef } from '../../../domain/scope.ts'
import type { OnConflict } from '../import/run.ts'
import type { Draft, DraftLink } from './draft.ts'
import type { DraftOutcome, Placed } from './import-drafts.ts'

export interface DraftOptions {
  /** `global`, `org`, `project`, or the id or name of a project or org; the current project where nothing is given. */
  readonly scope: string | undefined
  readonly onConflict: OnConflict
  /** Says what would happen, and does nothing. */
  readonly isDryRun: boolean
}

/** One entry of the report: what was read, or what is no longer there to be read. */
export interface Item {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly file: string
  readonly line?: number
}

export interface LinkCounts {
  readonly added: number
  readonly identical: number
}

/** A link of the file that was not made. */
export interface LeftOut {
  readonly from: string
  readonly to: string
  readonly relation_type: string
  readonly file: string
  readonly line: number
  readonly why: string
}

/** What became of what was read. */
export interface DraftReport extends ScopeRef {
  readonly scope_name: string
  readonly counts: Readonly<Record<DraftOutcome, number>>
  readonly links: LinkCounts
  /** Links that could not be made, and why. */
  readonly left_out: readonly LeftOut[]
  /** All but those that are as they were. */
  readonly changes: readonly (Item & { readonly outcome: DraftOutcome })[]
  /** Entries of an earlier import whose place in the files is gone; they stay. */
  readonly vanished: readonly Item[]
  readonly dry_run: boolean
}

export function itemOf({ id, type, name }: Entry): Pick<Item, 'id' | 'type' | 'name'> {
  return { id, type, name }
}

export function itemOfPlaced({ names }: Draft, placed: Placed): Pick<Item, 'id' | 'type' | 'name'> {
  if (placed.outcome !== 'deleted') return itemOf(placed.entry)
  const { id, type } = placed.tombstone
  return { id, type, name: names[0] ?? '' }
}

export function linkOf({ from, to, relation_type, place }: DraftLink): Omit<LeftOut, 'why'> {
  return { from, to, relation_type, ...place }
}

/** The rest of a sentence about the link. */
export function whyLeftOut(
  { from, to }: DraftLink,
  {
    entries,
    deleted,
  }: { readonly entries: ReadonlyMap<string, Entry>; readonly deleted: ReadonlySet<string> },
): string {
  const ends = [...new Set([from, to])].filter((name) => !entries.has(name))
  const reasons = ends.map((name) =>
    deleted.has(name) ? `"${name}" was deleted here` : `"${name}" is not in the file`,
  )
  return reasons.join(', ') || 'both ends are one entry'
}
