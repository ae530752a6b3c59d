import type { Entry } from '../../../domain/entries/entry.ts'
import type { ScopeRef } from '../../../domain/scope.ts'
import type { OnConflict } from '../import-run.ts'
import type { DraftOutcome } from './import-drafts.ts'

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

export function itemOf({ id, type, name }: Entry): Pick<Item, 'id' | 'type' | 'name'> {
  return { id, type, name }
}
