import type { ScopeType } from '../scope.ts'

export type EntryStatus = 'active' | 'inactive'

/** What all entry types share; each type's own fields stand beside these (see entry-types/). */
export interface EntryBase {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly content: string
  readonly scope_type: ScopeType
  readonly scope_id: string | null
  readonly tags: readonly string[]
  readonly priority: number
  readonly version: number
  readonly status: EntryStatus
  readonly created_at: string
  readonly created_by: string
  readonly updated_at: string
  readonly updated_by: string
  readonly metadata: Readonly<Record<string, unknown>>
}

/** One stored memory: the shared fields and its type's own ones, as every interface shows it. */
export type Entry = EntryBase & Readonly<Record<string, unknown>>

export const DEFAULT_PRIORITY = 50
export const LIMITS = {
  nameBytes: 512,
  contentBytes: 262_144,
  tags: 50,
  tagBytes: 128,
  metadataBytes: 65_536,
  metadataDepth: 200,
  bulkEntries: 1000,
} as const
