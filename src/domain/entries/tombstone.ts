/** What is left of an entry that was deleted: none of its words. */
export interface Tombstone {
  readonly id: string
  readonly type: string
  /** The last one that it had. */
  readonly version: number
  readonly deleted_at: string
  readonly deleted_by: string
}
