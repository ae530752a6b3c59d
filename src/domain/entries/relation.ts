/** A directed link between two entries, such as `depends_on` or `supersedes`. */
export interface Relation {
  readonly id: string
  readonly from_id: string
  readonly to_id: string
  readonly relation_type: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly created_at: string
  readonly created_by: string
}
