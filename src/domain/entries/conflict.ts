/** How a conflict was settled: one side's values, or values that somebody made of both. */
export const RESOLUTIONS = ['current', 'incoming', 'merged'] as const
export type Resolution = (typeof RESOLUTIONS)[number]

/** Two agents changed the same fields of one entry. Both sides' values are kept here, whatever became of the entry. */
export interface Conflict {
  readonly id: string
  readonly entry_id: string
  readonly entry_type: string
  readonly scope_id: string | null
  readonly status: 'open' | 'resolved'
  /** `refused`: the incoming change was not applied. `overwritten`: it was, over another agent's fresh one. */
  readonly kind: 'refused' | 'overwritten'
  readonly base_version: number | null
  readonly current_version: number
  readonly fields: readonly string[]
  readonly current_values: Readonly<Record<string, unknown>>
  readonly incoming_values: Readonly<Record<string, unknown>>
  readonly current_agent: string
  readonly incoming_agent: string
  readonly created_at: string
  readonly resolution: string | null
  readonly resolved_at: string | null
  readonly resolved_by: string | null
}
