const AT = '2026-01-01T00:00:00.000Z'

/** A vote and a decision as databases before migration 0018 hold them. */
export const OLDER_VOTES = [
  `insert into vote (task_id, agent_id, vote_value, canonical, confidence, reasoning, created_at, updated_at)
    values ('t', 'ann', '"a"', '"a"', 0.5, null, '${AT}', '${AT}')`,
  `insert into vote_decision (task_id, k, quorum, canonical, decided_at) values ('t', 1, 2, '"a"', '${AT}')`,
]

/** What becomes of them. */
export const VOTE = {
  scope_id: 'global',
  task_id: 't',
  agent_id: 'ann',
  vote_value: '"a"',
  canonical: '"a"',
  confidence: 0.5,
  reasoning: null,
  created_at: AT,
  updated_at: AT,
}
export const DECISION = {
  scope_id: 'global',
  task_id: 't',
  k: 1,
  quorum: 2,
  canonical: '"a"',
  decided_at: AT,
}
