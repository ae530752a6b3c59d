// Made by scripts/generate.ts from the operations: change those.

import type { Arguments, Call, FollowRequest, Resync, Spec, Told } from './calls.ts'

export interface QuerySearchInput {
  /** What to look for; ≤ 20000 characters */
  query: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Every scope, none hides another; default false */
  everywhere?: boolean
  /** Default: all */
  types?: ('guideline' | 'knowledge' | 'tool' | 'observation')[]
  /** Any of include, none of exclude; default {} */
  tags?: {
    include?: string[]
    exclude?: string[]
  }
  /** 1–100; default 10 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** default "auto" */
  mode?: 'auto' | 'lexical' | 'semantic' | 'hybrid'
  /** Wider scopes too; default true */
  inherit?: boolean
  /** Sessions of the scope too; default true */
  include_sessions?: boolean
  /** Why each is there; default false */
  explain?: boolean
  /** Session turns around each hit; 0–5; default 0 */
  turns_around?: number
  include_superseded?: boolean
  /** 0–100 */
  min_priority?: number
  /** ISO 8601 */
  updated_after?: string
  /** As stored and valid then */
  as_of?: string
  /** default "eventual" */
  consistency?: 'eventual' | 'strong'
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface QuerySearchResult {
  results: {
    id: string
    type: string
    /** Short unique name in its scope */
    name: string
    content?: string
    tags?: string[]
    priority?: number
    metadata?: {
      [k: string]: unknown
    }
    scope_type?: 'global' | 'org' | 'project' | 'session'
    scope_id?: string | null
    version: number
    status?: 'active' | 'inactive'
    created_at?: string
    created_by?: string
    updated_at: string
    updated_by?: string
    /** Entries of that name in wider scopes, hidden by this one */
    overrides?: {
      id: string
      scope_type: 'global' | 'org' | 'project' | 'session'
      scope_id: string | null
    }[]
    /** Its valid_until is past: only asked for is it found */
    expired?: true
    /** Id of the entry that stands in its place */
    superseded_by?: string
    /** Its review_by has come */
    review_due?: true
    /** Anchors that have changed: is it still true? */
    changed_files?: string[]
    /** Its valid_from is to come */
    not_yet_valid?: true
    scope?: {
      type: 'global' | 'org' | 'project' | 'session'
      id: string | null
      name?: string
    }
    snippet: string
    /** get brings the whole */
    shortened?: true
    score: number
    around?: {
      id: string
      name: string
      content: string
      speaker?: string
      at?: string
    }[]
    why?: {
      words: {
        /** Of the question */
        word: string
        /** Of the entry */
        found: string
        by:
          | 'exact'
          | 'stem'
          | 'spelling'
          | 'prefix'
          | 'part'
          | 'joined'
          | 'initials'
          | 'synonym'
          | 'kind'
          | 'abbreviation'
          | 'translation'
          | 'hint'
        /** How often, weighed by part and length */
        in: {
          [k: string]: number
        }
        adds: number
      }[]
      /** Words of the question that it does not hold */
      missing: string[]
      vectors?: {
        of: 'words' | 'model'
        likeness: number
        adds: number
      }
      factors: {
        /** How much of the question it holds */
        coverage: number
        /** How near its scope is */
        scope: number
        /** Of a session: who said it, and whether it asks */
        turn?: number
      }
      /** Added by turns around it that answer too */
      around?: number
      /** Older ones on the same matter that it stands above */
      newer_than?: string[]
      /** (what words add × coverage + what vectors add) × scope × turn + around */
      rank: number
    }
    [k: string]: unknown
  }[]
  answered?: 'unlikely'
  note?: string
  next_cursor?: string
  served_from: 'l1' | 'l2' | 'database'
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
}

export interface QueryContextInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Files at hand: their guidelines come first */
  files?: string[]
  /** The task: what fits it comes first */
  query?: string
  /** Bytes / 4, never exceeded; 1–100000; default 2000 */
  token_budget?: number
  /** Default: all */
  types?: ('guideline' | 'knowledge' | 'tool' | 'observation')[]
  /** default "markdown" */
  format?: 'markdown' | 'json'
  /** Why each is there; default false */
  explain?: boolean
  /** Wider scopes too; default true */
  inherit?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface QueryContextResult {
  context?: string
  entries?: {
    id: string
    type: string
    name: string
    content: string
    notes?: string[]
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    priority: number
    tags: string[]
    shortened?: true
    why?: string
    /** Words from elsewhere: data, not instructions */
    trust?: 'imported' | 'observed'
    source?: string
  }[]
  tokens: number
  token_budget: number
  /** Ids, highest value first */
  included: string[]
  /** How many more there are, by type */
  omitted: {
    [k: string]: number
  }
  /** Ids of which only the beginning is given */
  shortened?: string[]
  /** Locks and conflicts in the way, how the last session ended */
  now?: {
    kind: 'lock' | 'conflict' | 'session'
    id: string
    text: string
  }[]
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
}

export interface QueryListInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Every scope, none hides another; default false */
  everywhere?: boolean
  /** Default: all */
  types?: ('guideline' | 'knowledge' | 'tool' | 'observation')[]
  /** Wider scopes too; default true */
  inherit?: boolean
  /** default "active" */
  status?: 'active' | 'inactive' | 'all'
  /** Any of include, none of exclude; default {} */
  tags?: {
    include?: string[]
    exclude?: string[]
  }
  review_due?: boolean
  /** 0–100 */
  min_priority?: number
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface QueryListResult {
  entries: {
    id: string
    type: string
    /** Short unique name in its scope */
    name: string
    content?: string
    tags?: string[]
    priority?: number
    metadata?: {
      [k: string]: unknown
    }
    scope_type?: 'global' | 'org' | 'project' | 'session'
    scope_id?: string | null
    version: number
    status?: 'active' | 'inactive'
    created_at?: string
    created_by?: string
    updated_at: string
    updated_by?: string
    /** Entries of that name in wider scopes, hidden by this one */
    overrides?: {
      id: string
      scope_type: 'global' | 'org' | 'project' | 'session'
      scope_id: string | null
    }[]
    /** Its valid_until is past: only asked for is it found */
    expired?: true
    /** Id of the entry that stands in its place */
    superseded_by?: string
    /** Its review_by has come */
    review_due?: true
    /** Anchors that have changed: is it still true? */
    changed_files?: string[]
    /** Its valid_from is to come */
    not_yet_valid?: true
    scope?: {
      type: 'global' | 'org' | 'project' | 'session'
      id: string | null
      name?: string
    }
    /** Of a content that is not here, or what was found in it */
    snippet?: string
    /** get brings the whole */
    shortened?: true
    [k: string]: unknown
  }[]
  next_cursor?: string
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
}

export interface QueryGetInput {
  id: string
  /** Where in a long content to go on: next_offset; ≥ 0; default 0 */
  offset?: number
  /** Of the content: bytes / 4; 1–250000 */
  max_tokens?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface QueryGetResult {
  id: string
  type: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags: string[]
  priority: number
  metadata: {
    [k: string]: unknown
  }
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  version: number
  status: 'active' | 'inactive'
  created_at: string
  created_by: string
  updated_at: string
  updated_by: string
  /** Entries of that name in wider scopes, hidden by this one */
  overrides?: {
    id: string
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
  }[]
  /** Its valid_until is past: only asked for is it found */
  expired?: true
  /** Id of the entry that stands in its place */
  superseded_by?: string
  /** Its review_by has come */
  review_due?: true
  /** Anchors that have changed: is it still true? */
  changed_files?: string[]
  /** Its valid_from is to come */
  not_yet_valid?: true
  /** Not all of it is here */
  shortened?: true
  /** Characters of the whole content */
  content_length?: number
  /** Pass it as offset for the next part */
  next_offset?: number
  [k: string]: unknown
}

export interface QueryReindexInput {
  /** Make them all anew; default false */
  restart?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface QueryReindexResult {
  /** AGENT_MEMORY_EMBEDDINGS */
  kind: 'off' | 'words' | 'openai' | 'local'
  state: 'off' | 'ready' | 'building' | 'failing'
  model?: string
  /** Entries that have their vector */
  embedded?: number
  /** Of so many */
  entries?: number
  dimensions?: number
  /** The model in use while the vectors of the other one are made */
  searched?: string
  /** Why there is no progress */
  error?: string
}

export interface GuidelineAddInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags?: string[]
  /** 0 to 100, default 50; 0–100 */
  priority?: number
  metadata?: {
    [k: string]: unknown
  }
  /** Kind of rule, e.g. security, style; ≤ 8192 characters */
  category?: string
  /** Why the rule exists; ≤ 8192 characters */
  rationale?: string
  /** Code that keeps the rule and code that breaks it */
  examples?: {
    good?: string[]
    bad?: string[]
  }
  /** File globs it applies to */
  applies_to?: string[]
  /** Forbidden texts or /regular expressions/ */
  forbidden?: string[]
  trust?: 'stated' | 'imported' | 'observed'
  verified_at?: string
  review_by?: string
  /** Its files */
  anchors?: string[]
  /** What the hook does on a breach */
  enforce?: 'block' | 'warn' | 'off'
  /** Update the entry if the name is taken; default false */
  upsert?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface GuidelineAddResult {
  id: string
  type: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags: string[]
  priority: number
  metadata: {
    [k: string]: unknown
  }
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  version: number
  status: 'active' | 'inactive'
  created_at: string
  created_by: string
  updated_at: string
  updated_by: string
  /** Entries of that name in wider scopes, hidden by this one */
  overrides?: {
    id: string
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
  }[]
  /** Its valid_until is past: only asked for is it found */
  expired?: true
  /** Id of the entry that stands in its place */
  superseded_by?: string
  /** Its review_by has come */
  review_due?: true
  /** Anchors that have changed: is it still true? */
  changed_files?: string[]
  /** Its valid_from is to come */
  not_yet_valid?: true
  conflict_id?: string
  /** Near-duplicates in reach: update one of them instead? */
  similar?: {
    id: string
    name: string
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    /** 0 to 1 */
    similarity: number
  }[]
  [k: string]: unknown
}

export interface GuidelineUpdateInput {
  id: string
  /** With id: the new name. Without: which one */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Version the change was made on; ≥ 1 */
  base_version?: number
  content?: string
  tags?: string[]
  /** 0 to 100, default 50; 0–100 */
  priority?: number
  metadata?: {
    [k: string]: unknown
  }
  /** Text to put behind content */
  append?: string
  /** Instead of content: {old, new}; old stands in it once */
  replace?: {
    old: string
    new: string
  }
  /** Kind of rule, e.g. security, style; ≤ 8192 characters */
  category?: string
  /** Why the rule exists; ≤ 8192 characters */
  rationale?: string
  /** Code that keeps the rule and code that breaks it */
  examples?: {
    good?: string[]
    bad?: string[]
  }
  /** File globs it applies to */
  applies_to?: string[]
  /** Forbidden texts or /regular expressions/ */
  forbidden?: string[]
  trust?: 'stated' | 'imported' | 'observed'
  verified_at?: string
  review_by?: string
  /** Its files */
  anchors?: string[]
  /** What the hook does on a breach */
  enforce?: 'block' | 'warn' | 'off'
  /** Own fields to take out */
  unset?: (
    | 'category'
    | 'rationale'
    | 'examples'
    | 'applies_to'
    | 'forbidden'
    | 'trust'
    | 'verified_at'
    | 'review_by'
    | 'anchors'
    | 'enforce'
  )[]
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface GuidelineUpdateResult {
  id: string
  type: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags: string[]
  priority: number
  metadata: {
    [k: string]: unknown
  }
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  version: number
  status: 'active' | 'inactive'
  created_at: string
  created_by: string
  updated_at: string
  updated_by: string
  /** Entries of that name in wider scopes, hidden by this one */
  overrides?: {
    id: string
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
  }[]
  /** Its valid_until is past: only asked for is it found */
  expired?: true
  /** Id of the entry that stands in its place */
  superseded_by?: string
  /** Its review_by has come */
  review_due?: true
  /** Anchors that have changed: is it still true? */
  changed_files?: string[]
  /** Its valid_from is to come */
  not_yet_valid?: true
  /** Others had changed other fields since base_version */
  merged?: boolean
  /** Overwrote a change that another agent had just made */
  conflict_id?: string
  [k: string]: unknown
}

export interface GuidelineGetInput {
  id: string
  /** Short unique name in its scope */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Wider scopes too; default true */
  inherit?: boolean
  /** all: an expired one too; default "active" */
  status?: 'active' | 'all'
  /** An earlier version; ≥ 1 */
  version?: number
  /** From next_offset; ≥ 0; default 0 */
  offset?: number
  /** Of the content: bytes / 4; 1–250000 */
  max_tokens?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export type GuidelineGetResult = QueryGetResult

export interface GuidelineListInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Wider scopes too; default true */
  inherit?: boolean
  /** default "active" */
  status?: 'active' | 'inactive' | 'all'
  /** Any of include, none of exclude; default {} */
  tags?: {
    include?: string[]
    exclude?: string[]
  }
  review_due?: boolean
  /** 0–100 */
  min_priority?: number
  /** ISO 8601 */
  updated_after?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export type GuidelineListResult = QueryListResult

export interface GuidelineHistoryInput {
  id: string
  /** Short unique name in its scope */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface GuidelineHistoryResult {
  id: string
  versions: {
    id: string
    type: string
    /** Short unique name in its scope */
    name: string
    content?: string
    tags?: string[]
    priority?: number
    metadata?: {
      [k: string]: unknown
    }
    scope_type?: 'global' | 'org' | 'project' | 'session'
    scope_id?: string | null
    version: number
    status?: 'active' | 'inactive'
    created_at?: string
    created_by?: string
    updated_at: string
    updated_by?: string
    /** Entries of that name in wider scopes, hidden by this one */
    overrides?: {
      id: string
      scope_type: 'global' | 'org' | 'project' | 'session'
      scope_id: string | null
    }[]
    /** Its valid_until is past: only asked for is it found */
    expired?: true
    /** Id of the entry that stands in its place */
    superseded_by?: string
    /** Its review_by has come */
    review_due?: true
    /** Anchors that have changed: is it still true? */
    changed_files?: string[]
    /** Its valid_from is to come */
    not_yet_valid?: true
    scope?: {
      type: 'global' | 'org' | 'project' | 'session'
      id: string | null
      name?: string
    }
    /** Of a content that is not here, or what was found in it */
    snippet?: string
    /** get brings the whole */
    shortened?: true
    [k: string]: unknown
  }[]
  next_cursor?: string
}

export interface GuidelineDeactivateInput {
  id: string
  /** Short unique name in its scope */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface GuidelineDeactivateResult {
  id: string
  type: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags: string[]
  priority: number
  metadata: {
    [k: string]: unknown
  }
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  version: number
  status: 'active' | 'inactive'
  created_at: string
  created_by: string
  updated_at: string
  updated_by: string
  /** Entries of that name in wider scopes, hidden by this one */
  overrides?: {
    id: string
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
  }[]
  /** Its valid_until is past: only asked for is it found */
  expired?: true
  /** Id of the entry that stands in its place */
  superseded_by?: string
  /** Its review_by has come */
  review_due?: true
  /** Anchors that have changed: is it still true? */
  changed_files?: string[]
  /** Its valid_from is to come */
  not_yet_valid?: true
  [k: string]: unknown
}

export type GuidelineReactivateInput = GuidelineDeactivateInput

export type GuidelineReactivateResult = GuidelineDeactivateResult

export interface GuidelineDeleteInput {
  id: string
  /** Short unique name in its scope */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Version the change was made on; ≥ 1 */
  base_version?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface GuidelineDeleteResult {
  id: string
  type: string
  name: string
  /** The last version it had */
  version: number
  deleted: true
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
}

export interface GuidelineBulkAddInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Each as for add */
  entries: {
    /** Short unique name in its scope */
    name: string
    content: string
    tags?: string[]
    /** 0 to 100, default 50 */
    priority?: number
    metadata?: {
      [k: string]: unknown
    }
    /** Kind of rule, e.g. security, style */
    category?: string
    /** Why the rule exists */
    rationale?: string
    /** Code that keeps the rule and code that breaks it */
    examples?: {
      good?: string[]
      bad?: string[]
    }
    /** File globs it applies to */
    applies_to?: string[]
    /** Forbidden texts or /regular expressions/ */
    forbidden?: string[]
    trust?: 'stated' | 'imported' | 'observed'
    verified_at?: string
    review_by?: string
    /** Its files */
    anchors?: string[]
    /** What the hook does on a breach */
    enforce?: 'block' | 'warn' | 'off'
  }[]
  /** Update the entry if the name is taken; default false */
  upsert?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface GuidelineBulkAddResult {
  entries: {
    id: string
    name: string
    version: number
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
  }[]
}

export interface KnowledgeAddInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags?: string[]
  /** 0 to 100, default 50; 0–100 */
  priority?: number
  metadata?: {
    [k: string]: unknown
  }
  category?: 'decision' | 'fact' | 'context' | 'reference'
  /** 0–1 */
  confidence?: number
  /** Where it comes from; ≤ 8192 characters */
  source?: string
  trust?: 'stated' | 'imported' | 'observed'
  verified_at?: string
  review_by?: string
  /** Its files */
  anchors?: string[]
  /** True from (ISO 8601) */
  valid_from?: string
  /** True until (ISO 8601) */
  valid_until?: string
  /** Update the entry if the name is taken; default false */
  upsert?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export type KnowledgeAddResult = GuidelineAddResult

export interface KnowledgeUpdateInput {
  id: string
  /** With id: the new name. Without: which one */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Version the change was made on; ≥ 1 */
  base_version?: number
  content?: string
  tags?: string[]
  /** 0 to 100, default 50; 0–100 */
  priority?: number
  metadata?: {
    [k: string]: unknown
  }
  /** Text to put behind content */
  append?: string
  /** Instead of content: {old, new}; old stands in it once */
  replace?: {
    old: string
    new: string
  }
  category?: 'decision' | 'fact' | 'context' | 'reference'
  /** 0–1 */
  confidence?: number
  /** Where it comes from; ≤ 8192 characters */
  source?: string
  trust?: 'stated' | 'imported' | 'observed'
  verified_at?: string
  review_by?: string
  /** Its files */
  anchors?: string[]
  /** True from (ISO 8601) */
  valid_from?: string
  /** True until (ISO 8601) */
  valid_until?: string
  /** Own fields to take out */
  unset?: (
    | 'category'
    | 'confidence'
    | 'source'
    | 'trust'
    | 'verified_at'
    | 'review_by'
    | 'anchors'
    | 'valid_from'
    | 'valid_until'
  )[]
  /** Who calls, where no key says it */
  agent_id?: string
}

export type KnowledgeUpdateResult = GuidelineUpdateResult

export type KnowledgeGetInput = GuidelineGetInput

export type KnowledgeGetResult = QueryGetResult

export type KnowledgeListInput = GuidelineListInput

export type KnowledgeListResult = QueryListResult

export type KnowledgeHistoryInput = GuidelineHistoryInput

export type KnowledgeHistoryResult = GuidelineHistoryResult

export type KnowledgeDeactivateInput = GuidelineDeactivateInput

export type KnowledgeDeactivateResult = GuidelineDeactivateResult

export type KnowledgeReactivateInput = GuidelineDeactivateInput

export type KnowledgeReactivateResult = GuidelineDeactivateResult

export type KnowledgeDeleteInput = GuidelineDeleteInput

export type KnowledgeDeleteResult = GuidelineDeleteResult

export interface KnowledgeBulkAddInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Each as for add */
  entries: {
    /** Short unique name in its scope */
    name: string
    content: string
    tags?: string[]
    /** 0 to 100, default 50 */
    priority?: number
    metadata?: {
      [k: string]: unknown
    }
    category?: 'decision' | 'fact' | 'context' | 'reference'
    confidence?: number
    /** Where it comes from */
    source?: string
    trust?: 'stated' | 'imported' | 'observed'
    verified_at?: string
    review_by?: string
    /** Its files */
    anchors?: string[]
    /** True from (ISO 8601) */
    valid_from?: string
    /** True until (ISO 8601) */
    valid_until?: string
  }[]
  /** Update the entry if the name is taken; default false */
  upsert?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export type KnowledgeBulkAddResult = GuidelineBulkAddResult

export interface ToolAddInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Short unique name in its scope */
  name: string
  content: string
  tags?: string[]
  /** 0 to 100, default 50; 0–100 */
  priority?: number
  metadata?: {
    [k: string]: unknown
  }
  category?: 'mcp' | 'cli' | 'function' | 'api'
  /** Its parameters as JSON Schema */
  parameters?: {
    [k: string]: unknown
  }
  /** Calls that work */
  examples?: (
    | string
    | {
        [k: string]: unknown
      }
  )[]
  /** When not to use it; ≤ 8192 characters */
  constraints?: string
  trust?: 'stated' | 'imported' | 'observed'
  verified_at?: string
  review_by?: string
  /** Its files */
  anchors?: string[]
  /** The command line itself; ≤ 8192 characters */
  command?: string
  /** Update the entry if the name is taken; default false */
  upsert?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ToolAddResult = GuidelineAddResult

export interface ToolUpdateInput {
  id: string
  /** With id: the new name. Without: which one */
  name?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Version the change was made on; ≥ 1 */
  base_version?: number
  content?: string
  tags?: string[]
  /** 0 to 100, default 50; 0–100 */
  priority?: number
  metadata?: {
    [k: string]: unknown
  }
  /** Text to put behind content */
  append?: string
  /** Instead of content: {old, new}; old stands in it once */
  replace?: {
    old: string
    new: string
  }
  category?: 'mcp' | 'cli' | 'function' | 'api'
  /** Its parameters as JSON Schema */
  parameters?: {
    [k: string]: unknown
  }
  /** Calls that work */
  examples?: (
    | string
    | {
        [k: string]: unknown
      }
  )[]
  /** When not to use it; ≤ 8192 characters */
  constraints?: string
  trust?: 'stated' | 'imported' | 'observed'
  verified_at?: string
  review_by?: string
  /** Its files */
  anchors?: string[]
  /** The command line itself; ≤ 8192 characters */
  command?: string
  /** Own fields to take out */
  unset?: (
    | 'category'
    | 'parameters'
    | 'examples'
    | 'constraints'
    | 'trust'
    | 'verified_at'
    | 'review_by'
    | 'anchors'
    | 'command'
  )[]
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ToolUpdateResult = GuidelineUpdateResult

export type ToolGetInput = GuidelineGetInput

export type ToolGetResult = QueryGetResult

export type ToolListInput = GuidelineListInput

export type ToolListResult = QueryListResult

export type ToolHistoryInput = GuidelineHistoryInput

export type ToolHistoryResult = GuidelineHistoryResult

export type ToolDeactivateInput = GuidelineDeactivateInput

export type ToolDeactivateResult = GuidelineDeactivateResult

export type ToolReactivateInput = GuidelineDeactivateInput

export type ToolReactivateResult = GuidelineDeactivateResult

export type ToolDeleteInput = GuidelineDeleteInput

export type ToolDeleteResult = GuidelineDeleteResult

export interface ToolBulkAddInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Each as for add */
  entries: {
    /** Short unique name in its scope */
    name: string
    content: string
    tags?: string[]
    /** 0 to 100, default 50 */
    priority?: number
    metadata?: {
      [k: string]: unknown
    }
    category?: 'mcp' | 'cli' | 'function' | 'api'
    /** Its parameters as JSON Schema */
    parameters?: {
      [k: string]: unknown
    }
    /** Calls that work */
    examples?: (
      | string
      | {
          [k: string]: unknown
        }
    )[]
    /** When not to use it */
    constraints?: string
    trust?: 'stated' | 'imported' | 'observed'
    verified_at?: string
    review_by?: string
    /** Its files */
    anchors?: string[]
    /** The command line itself */
    command?: string
  }[]
  /** Update the entry if the name is taken; default false */
  upsert?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ToolBulkAddResult = GuidelineBulkAddResult

export interface ScopeCreateInput {
  scope_type: 'org' | 'project'
  name: string
  /** Org of the project */
  org_id?: string
  /** Folder of the project */
  root_path?: string
  purpose?: string
  metadata?: {
    [k: string]: unknown
  }
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeCreateResult {
  id: string | null
  scope_type: 'global' | 'org' | 'project' | 'session'
  name: string
  /** The scope it inherits from; null for global */
  parent_id: string | null
  root_path: string | null
  purpose: string | null
  status: 'active' | 'ended'
  metadata: {
    [k: string]: unknown
  }
  version: number
  created_at: string
  created_by: string
  updated_at: string
  updated_by: string
  ended_at: string | null
}

export interface ScopeGetInput {
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id: string
  name?: string
  /** An earlier version; ≥ 1 */
  version?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ScopeGetResult = ScopeCreateResult

export interface ScopeListInput {
  /** default "project" */
  scope_type?: 'org' | 'project' | 'session'
  /** Only projects of this org */
  org_id?: string
  /** Only sessions of this project */
  project_id?: string
  /** default "all" */
  status?: 'active' | 'ended' | 'all'
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeListResult {
  scopes: {
    id: string | null
    scope_type: 'global' | 'org' | 'project' | 'session'
    name: string
    /** The scope it inherits from; null for global */
    parent_id: string | null
    root_path: string | null
    purpose: string | null
    status: 'active' | 'ended'
    metadata: {
      [k: string]: unknown
    }
    version: number
    created_at: string
    created_by: string
    updated_at: string
    updated_by: string
    ended_at: string | null
  }[]
  next_cursor?: string
}

export interface ScopeTreeInput {
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–500; default 100 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeTreeResult {
  scopes: {
    id: string | null
    scope_type: 'global' | 'org' | 'project' | 'session'
    name: string
    /** The scope it inherits from; null for global */
    parent_id: string | null
    status: 'active' | 'ended'
    root_path: string | null
    /** Active entries by type, those of its own alone */
    entries: {
      [k: string]: number
    }
    open_conflicts: number
  }[]
  next_cursor?: string
}

export interface ScopeUpdateInput {
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id: string
  name?: string
  org_id?: string
  /** Folder of the project */
  root_path?: string
  purpose?: string
  metadata?: {
    [k: string]: unknown
  }
  /** Version the change was made on; ≥ 1 */
  base_version?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ScopeUpdateResult = ScopeCreateResult

export interface ScopeMoveInput {
  /** Id, name or folder of the project */
  from: string
  /** New folder, or the project that takes it in */
  to: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeMoveResult {
  id: string | null
  scope_type: 'global' | 'org' | 'project' | 'session'
  name: string
  /** The scope it inherits from; null for global */
  parent_id: string | null
  root_path: string | null
  purpose: string | null
  status: 'active' | 'ended'
  metadata: {
    [k: string]: unknown
  }
  version: number
  created_at: string
  created_by: string
  updated_at: string
  updated_by: string
  ended_at: string | null
  /** The entries went to a project that was there */
  merged: boolean
  moved: number
  /** Entries that both had, kept once */
  identical: number
  /** Of one name with other words: both are kept, with an open conflict */
  conflicts: number
}

export interface ScopeDeleteInput {
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id: string
  /** Its entries and sessions too; default false */
  cascade?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeDeleteResult {
  id: string
  scope_type: 'global' | 'org' | 'project' | 'session'
  name: string
  deleted: true
  deleted_entries: number
  deleted_scopes: number
}

export interface ScopeCurrentInput {
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeCurrentResult {
  id: string | null
  scope_type: 'global' | 'org' | 'project' | 'session'
  name: string
  root_path: string | null
  /** False until something is written to it */
  exists: boolean
  inherits: {
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    name: string
  }[]
  /** Where memory that is missed here may be */
  hint?: string
}

export interface ScopePresenceInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 50 */
  limit?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopePresenceResult {
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  agents: {
    agent_id: string
    state: 'waiting' | 'editing' | 'active' | 'idle'
    /** What its session or its last lock is for */
    working_on: string | null
    since: string
    last_seen_at: string | null
    session: {
      id: string
      name: string
    } | null
    locks: {
      /** As the lock is kept: absolute and normalised */
      file_path: string
      purpose: string | null
      acquired_at: string
      expires_at: string
    }[]
    more_locks?: number
    waits_for: {
      file_path: string
      held_by: string | null
    }[]
  }[]
  more_agents?: number
  /** The place of the locks cannot be reached now */
  locks_known?: false
}

export interface ScopeStartInput {
  /** default "session" */
  scope_type?: 'session'
  /** Default: the current project */
  project_id?: string
  name: string
  purpose?: string
  metadata?: {
    [k: string]: unknown
  }
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ScopeStartResult = ScopeCreateResult

export interface ScopeEndInput {
  /** default "session" */
  scope_type?: 'session'
  session_id: string
  /** The same as session_id */
  scope_id?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export type ScopeEndResult = ScopeCreateResult

export interface ScopeLogInput {
  session_id: string
  /** {content, speaker?, role?, at?, name?} */
  turns: {
    content: string
    /** Who said or did it */
    speaker?: string
    /** user, assistant, tool … */
    role?: string
    /** When (ISO 8601) */
    at?: string
    /** Short unique name in its scope */
    name?: string
  }[]
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ScopeLogResult {
  session_id: string
  entries: {
    id: string
    name: string
    sequence: number
  }[]
}

export interface TagAttachInput {
  entry_id: string
  tags: string[]
  /** Who calls, where no key says it */
  agent_id?: string
}

export type TagAttachResult = GuidelineDeactivateResult

export type TagDetachInput = TagAttachInput

export type TagDetachResult = GuidelineDeactivateResult

export interface TagListInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Wider scopes too; default true */
  inherit?: boolean
  /** Tags that begin so; default "" */
  prefix?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface TagListResult {
  tags: {
    tag: string
    count: number
  }[]
  next_cursor?: string
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
}

export interface RelationCreateInput {
  from_id: string
  to_id: string
  relation_type: string
  metadata?: {
    [k: string]: unknown
  }
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface RelationCreateResult {
  id: string
  from_id: string
  to_id: string
  relation_type: string
  metadata: {
    [k: string]: unknown
  }
  created_at: string
  created_by: string
}

export interface RelationDeleteInput {
  /** Id of the relation */
  id: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface RelationDeleteResult {
  id: string
  from_id: string
  to_id: string
  relation_type: string
  metadata: {
    [k: string]: unknown
  }
  created_at: string
  created_by: string
  deleted: true
}

export interface RelationListInput {
  entry_id: string
  /** Which end the entry is; default "both" */
  direction?: 'from' | 'to' | 'both'
  relation_type?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface RelationListResult {
  relations: {
    id: string
    from_id: string
    to_id: string
    relation_type: string
    metadata: {
      [k: string]: unknown
    }
    created_at: string
    created_by: string
  }[]
  next_cursor?: string
}

export interface RelationConsolidateInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  types?: ('guideline' | 'knowledge' | 'tool' | 'observation')[]
  /** false merges, and needs keep and merge; default true */
  dry_run?: boolean
  /** Id of the entry that stays */
  keep?: string
  /** Ids of those that it supersedes */
  merge?: string[]
  /** Entries to compare; 1–500; default 200 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface RelationConsolidateResult {
  dry_run: boolean
  groups?: {
    keep: {
      id: string
      type: string
      name: string
      updated_at: string
    }
    duplicates: {
      id: string
      type: string
      name: string
      updated_at: string
      /** 0 to 1 */
      similarity: number
    }[]
  }[]
  next_cursor?: string
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string | null
  kept?: {
    id: string
    type: string
    /** Short unique name in its scope */
    name: string
    content: string
    tags: string[]
    priority: number
    metadata: {
      [k: string]: unknown
    }
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    version: number
    status: 'active' | 'inactive'
    created_at: string
    created_by: string
    updated_at: string
    updated_by: string
    /** Entries of that name in wider scopes, hidden by this one */
    overrides?: {
      id: string
      scope_type: 'global' | 'org' | 'project' | 'session'
      scope_id: string | null
    }[]
    /** Its valid_until is past: only asked for is it found */
    expired?: true
    /** Id of the entry that stands in its place */
    superseded_by?: string
    /** Its review_by has come */
    review_due?: true
    /** Anchors that have changed: is it still true? */
    changed_files?: string[]
    /** Its valid_from is to come */
    not_yet_valid?: true
    [k: string]: unknown
  }
  merged?: string[]
}

export interface ConflictListInput {
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  entry_id?: string
  /** default "open" */
  status?: 'open' | 'resolved' | 'all'
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ConflictListResult {
  conflicts: {
    id: string
    entry_id: string
    entry_type: 'guideline' | 'knowledge' | 'tool' | 'observation'
    scope_id: string | null
    status: 'open' | 'resolved'
    /** Whether the incoming change was applied */
    kind: 'refused' | 'overwritten'
    base_version: number | null
    current_version: number
    /** What both sides changed */
    fields: string[]
    /** What stood in the entry */
    current_values: {
      [k: string]: unknown
    }
    /** What the later write said */
    incoming_values: {
      [k: string]: unknown
    }
    current_agent: string
    incoming_agent: string
    created_at: string
    resolution: ('current' | 'incoming' | 'merged') | null
    resolved_at: string | null
    resolved_by: string | null
  }[]
  next_cursor?: string
}

export interface ConflictGetInput {
  id: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ConflictGetResult {
  id: string
  entry_id: string
  entry_type: 'guideline' | 'knowledge' | 'tool' | 'observation'
  scope_id: string | null
  status: 'open' | 'resolved'
  /** Whether the incoming change was applied */
  kind: 'refused' | 'overwritten'
  base_version: number | null
  current_version: number
  /** What both sides changed */
  fields: string[]
  /** What stood in the entry */
  current_values: {
    [k: string]: unknown
  }
  /** What the later write said */
  incoming_values: {
    [k: string]: unknown
  }
  current_agent: string
  incoming_agent: string
  created_at: string
  resolution: ('current' | 'incoming' | 'merged') | null
  resolved_at: string | null
  resolved_by: string | null
}

export interface ConflictResolveInput {
  id: string
  resolution: 'current' | 'incoming' | 'merged'
  /** Merged text, with resolution merged */
  content?: string
  /** Merged values of other fields; default {} */
  merged?: {
    [k: string]: unknown
  }
  /** The version that was seen, where the entry has moved on; ≥ 1 */
  base_version?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface ConflictResolveResult {
  id: string
  entry_id: string
  entry_type: 'guideline' | 'knowledge' | 'tool' | 'observation'
  scope_id: string | null
  status: 'open' | 'resolved'
  /** Whether the incoming change was applied */
  kind: 'refused' | 'overwritten'
  base_version: number | null
  current_version: number
  /** What both sides changed */
  fields: string[]
  /** What stood in the entry */
  current_values: {
    [k: string]: unknown
  }
  /** What the later write said */
  incoming_values: {
    [k: string]: unknown
  }
  current_agent: string
  incoming_agent: string
  created_at: string
  resolution: ('current' | 'incoming' | 'merged') | null
  resolved_at: string | null
  resolved_by: string | null
  entry: {
    id: string
    type: string
    /** Short unique name in its scope */
    name: string
    content: string
    tags: string[]
    priority: number
    metadata: {
      [k: string]: unknown
    }
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    version: number
    status: 'active' | 'inactive'
    created_at: string
    created_by: string
    updated_at: string
    updated_by: string
    /** Entries of that name in wider scopes, hidden by this one */
    overrides?: {
      id: string
      scope_type: 'global' | 'org' | 'project' | 'session'
      scope_id: string | null
    }[]
    /** Its valid_until is past: only asked for is it found */
    expired?: true
    /** Id of the entry that stands in its place */
    superseded_by?: string
    /** Its review_by has come */
    review_due?: true
    /** Anchors that have changed: is it still true? */
    changed_files?: string[]
    /** Its valid_from is to come */
    not_yet_valid?: true
    [k: string]: unknown
  }
}

export interface FileLockCheckoutInput {
  /** Absolute, or relative to the project root */
  file_path?: string
  /** Instead of file_path: several, all or none Items: Absolute, or relative to the project root */
  file_paths?: string[]
  /** How long the lock lasts; 100–86400000 */
  ttl_ms?: number
  /** The same in seconds; 0.1–86400 */
  expires_in?: number
  /** How long to wait while another agent has it; 0–3600000 */
  wait_ms?: number
  /** Shown to agents who want the file */
  purpose?: string
  /** Renew until checkin, or until this server ends; default false */
  keep_alive?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export type FileLockCheckoutResult =
  | {
      locked: true
      /** As the lock is kept: absolute and normalised */
      file_path: string
      agent_id: string
      /** Larger than that of every earlier lock; give it to verify */
      fencing_token: number
      expires_at: string
      ttl_ms: number
    }
  | {
      locks: {
        locked: true
        /** As the lock is kept: absolute and normalised */
        file_path: string
        agent_id: string
        /** Larger than that of every earlier lock; give it to verify */
        fencing_token: number
        expires_at: string
        ttl_ms: number
      }[]
    }

export interface FileLockCheckinInput {
  /** Absolute, or relative to the project root */
  file_path?: string
  /** Instead of file_path: several, all or none Items: Absolute, or relative to the project root */
  file_paths?: string[]
  /** Only the lock that has it, not a later one of yours; ≥ 1 */
  fencing_token?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export type FileLockCheckinResult =
  | {
      released: true
      /** As the lock is kept: absolute and normalised */
      file_path: string
      agent_id: string
      /** Of the lock that has ended */
      fencing_token: number
    }
  | {
      locks: {
        released: true
        /** As the lock is kept: absolute and normalised */
        file_path: string
        agent_id: string
        /** Of the lock that has ended */
        fencing_token: number
      }[]
    }

export interface FileLockRenewInput {
  /** Absolute, or relative to the project root */
  file_path?: string
  /** Instead of file_path: several, all or none Items: Absolute, or relative to the project root */
  file_paths?: string[]
  /** How long the lock lasts; 100–86400000 */
  ttl_ms?: number
  /** The same in seconds; 0.1–86400 */
  expires_in?: number
  /** Only the lock that has it, not a later one of yours; ≥ 1 */
  fencing_token?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export type FileLockRenewResult = FileLockCheckoutResult

export interface FileLockVerifyInput {
  /** Absolute, or relative to the project root */
  file_path: string
  /** From checkout; ≥ 1 */
  fencing_token: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface FileLockVerifyResult {
  valid: boolean
  /** As the lock is kept: absolute and normalised */
  file_path: string
  agent_id: string
  /** Larger than that of every earlier lock; give it to verify */
  fencing_token: number
  /** Why it is not valid; superseded: you hold the file by a later lock */
  reason?: 'not_found' | 'expired' | 'superseded' | 'other_holder'
  /** Who has the file instead */
  held_by?: string
  /** Of your lock */
  expires_at?: string
}

export interface FileLockStatusInput {
  /** Absolute, or relative to the project root */
  file_path: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface FileLockStatusResult {
  locked: boolean
  /** As the lock is kept: absolute and normalised */
  file_path: string
  /** The holder */
  agent_id?: string
  /** Larger than that of every earlier lock; give it to verify */
  fencing_token?: number
  acquired_at?: string
  expires_at?: string
  ttl_ms?: number
  purpose?: string
  /** Agents in the queue */
  waiting: number
}

export interface FileLockListInput {
  /** Beginning of the path; relative to the project root unless absolute */
  prefix?: string
  /** Only the locks of this agent */
  agent_id?: string
  /** Also who waits for each; default false */
  queues?: boolean
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
}

export interface FileLockListResult {
  locks: {
    locked: true
    /** As the lock is kept: absolute and normalised */
    file_path: string
    agent_id: string
    /** Larger than that of every earlier lock; give it to verify */
    fencing_token: number
    acquired_at: string
    expires_at: string
    ttl_ms: number
    purpose: string | null
    /** With queues: agents that wait, the next one first */
    queue?: string[]
  }[]
  next_cursor?: string
}

export interface FileLockForceUnlockInput {
  /** Absolute, or relative to the project root */
  file_path: string
  /** Why; everybody can read it */
  reason: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface FileLockForceUnlockResult {
  unlocked: true
  /** As the lock is kept: absolute and normalised */
  file_path: string
  /** Who had it */
  held_by: string
  /** Of the lock that was ended */
  fencing_token: number
}

export interface VotingRecordVoteInput {
  /** Name of the question */
  task_id: string
  /** Default: global */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Any JSON, as text too; equal by content */
  vote_value: unknown
  /** 0 to 1; kept, not counted; 0–1 */
  confidence?: number
  /** Why */
  reasoning?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface VotingRecordVoteResult {
  task_id: string
  agent_id: string
  /** The value as it was given */
  vote_value: unknown
  confidence: number | null
  reasoning: string | null
  created_at: string
  /** When the vote was given or replaced */
  updated_at: string
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  /** True when you had voted before */
  replaced: boolean
}

export interface VotingGetConsensusInput {
  /** Name of the question */
  task_id: string
  /** Default: global */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Lead over every other value; 1–1000000; default 1 */
  k?: number
  /** Fewest votes in all; 1–1000000; default 1 */
  quorum?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface VotingGetConsensusResult {
  task_id: string
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  has_consensus: boolean
  /** There when has_consensus is true; may be null */
  winning_value?: unknown
  /** How many agents have voted */
  votes: number
  /** Lead of the first value over the next, as the votes stand now */
  margin: number
  /** Votes since then are recorded, and flip nothing; missing where it could not be kept */
  decided_at?: string
  /** Who is for another value, and why; at most 100 are shown */
  dissent?: {
    agent_id: string
    /** The value as it was given */
    vote_value: unknown
    reasoning: string | null
  }[]
  /** Values and their votes, most first; at most 100 are shown */
  tally: {
    value: unknown
    votes: number
  }[]
  /** How many different values there are */
  values: number
}

export interface VotingListVotesInput {
  /** Name of the question */
  task_id: string
  /** Default: global */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface VotingListVotesResult {
  task_id: string
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  votes: {
    task_id: string
    agent_id: string
    /** The value as it was given */
    vote_value: unknown
    confidence: number | null
    reasoning: string | null
    created_at: string
    /** When the vote was given or replaced */
    updated_at: string
  }[]
  next_cursor?: string
}

export interface VotingListTasksInput {
  /** Only in this scope */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface VotingListTasksResult {
  tasks: {
    task_id: string
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    scope_name: string
    /** How many agents have voted */
    votes: number
    first_vote_at: string
    last_vote_at: string
    /** Values and their votes, most first; at most 100 are shown */
    tally: {
      value: unknown
      votes: number
    }[]
    /** How many different values there are */
    values: number
  }[]
  next_cursor?: string
}

export interface VotingGetStatsInput {
  /** Name of the question */
  task_id?: string
  /** Default: global */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface VotingGetStatsResult {
  /** The task asked for; left out when all are counted */
  task_id?: string
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string | null
  /** Tasks with a vote */
  tasks: number
  /** Votes that stand; a replaced one is not counted */
  votes: number
  /** Different agents who voted */
  agents: number
  /** Over the votes that gave one; null when none did */
  average_confidence: number | null
  first_vote_at: string | null
  last_vote_at: string | null
  /** Only for one task: values and their votes, most first; at most 100 */
  tally?: {
    value: unknown
    votes: number
  }[]
  /** Only for one task: how many different values there are */
  values?: number
}

export interface EventListInput {
  /** Events after this number; default: from the beginning (list), from now (wait); ≥ 0 */
  since?: number
  /** Only these, e.g. lock.released or entry.* */
  types?: string[]
  /** Only events in scopes of this type */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  /** Only events in this scope */
  scope_id?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface EventListResult {
  /** Oldest first */
  events: {
    v: 1
    /** Over Redis: key prefix and database number, as on the channel */
    ns?: string
    id: string
    /** Grows with every change */
    seq: number
    /** Over Redis: grows whenever Redis has lost its memory */
    epoch?: number
    type:
      | 'entry.created'
      | 'entry.updated'
      | 'entry.deactivated'
      | 'entry.reactivated'
      | 'entry.deleted'
      | 'scope.created'
      | 'scope.updated'
      | 'scope.ended'
      | 'scope.deleted'
      | 'lock.acquired'
      | 'lock.released'
      | 'lock.expired'
      | 'lock.forced'
      | 'lock.wanted'
      | 'vote.recorded'
      | 'vote.decided'
      | 'conflict.opened'
      | 'conflict.resolved'
      | 'call.refused'
      | 'permission.granted'
      | 'permission.revoked'
      | 'key.created'
      | 'key.revoked'
      | 'instance.up'
      | 'instance.down'
    scope: {
      type: 'global' | 'org' | 'project' | 'session'
      id: string | null
    }
    entry?: {
      type: string
      id: string
      version: number
    }
    /** Version counters after the change */
    versions: {
      [k: string]: number
    }
    /** Of a lock.* event */
    lock?: {
      [k: string]: unknown
    }
    /** Ids and numbers; never content */
    detail?: {
      [k: string]: unknown
    }
    agent_id: string
    instance_id: string
    at: string
  }[]
  /** Pass it as since to go on without a gap */
  last_seq: number
  /** Events after since are gone: read again what you rely on */
  resync?: true
  next_cursor?: string
}

export interface EventWaitInput {
  /** Events after this number; default: from the beginning (list), from now (wait); ≥ 0 */
  since?: number
  /** Only these, e.g. lock.released or entry.* */
  types?: string[]
  /** Only events in scopes of this type */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  /** Only events in this scope */
  scope_id?: string
  /** Then the answer has no events; 0–60000; default 25000 */
  timeout_ms?: number
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface EventWaitResult {
  /** Oldest first */
  events: {
    v: 1
    /** Over Redis: key prefix and database number, as on the channel */
    ns?: string
    id: string
    /** Grows with every change */
    seq: number
    /** Over Redis: grows whenever Redis has lost its memory */
    epoch?: number
    type:
      | 'entry.created'
      | 'entry.updated'
      | 'entry.deactivated'
      | 'entry.reactivated'
      | 'entry.deleted'
      | 'scope.created'
      | 'scope.updated'
      | 'scope.ended'
      | 'scope.deleted'
      | 'lock.acquired'
      | 'lock.released'
      | 'lock.expired'
      | 'lock.forced'
      | 'lock.wanted'
      | 'vote.recorded'
      | 'vote.decided'
      | 'conflict.opened'
      | 'conflict.resolved'
      | 'call.refused'
      | 'permission.granted'
      | 'permission.revoked'
      | 'key.created'
      | 'key.revoked'
      | 'instance.up'
      | 'instance.down'
    scope: {
      type: 'global' | 'org' | 'project' | 'session'
      id: string | null
    }
    entry?: {
      type: string
      id: string
      version: number
    }
    /** Version counters after the change */
    versions: {
      [k: string]: number
    }
    /** Of a lock.* event */
    lock?: {
      [k: string]: unknown
    }
    /** Ids and numbers; never content */
    detail?: {
      [k: string]: unknown
    }
    agent_id: string
    instance_id: string
    at: string
  }[]
  /** Pass it as since to go on without a gap */
  last_seq: number
  /** Events after since are gone: read again what you rely on */
  resync?: true
}

export type HealthInput = ScopeCurrentInput

export interface HealthResult {
  /** unhealthy: nothing works; degraded: a part does not */
  status: 'healthy' | 'degraded' | 'unhealthy'
  /** What is wrong, a sentence a part */
  problems: string[]
  version: string
  instance_id: string
  uptime_ms: number
  /** type, connected, latency_ms, schema_version, path */
  database: {
    tsType?: 'unknown'
    [k: string]: unknown
  }
  /** enabled, connected */
  redis: {
    tsType?: 'unknown'
    [k: string]: unknown
  }
  /** l1: hits, misses, entries, bytes */
  cache: {
    tsType?: 'unknown'
    [k: string]: unknown
  }
  /** backend, held */
  locks: {
    tsType?: 'unknown'
    [k: string]: unknown
  }
  /** backend, last_seq, connected */
  events: {
    tsType?: 'unknown'
    [k: string]: unknown
  }
  /** index, entries, active, embeddings */
  search: {
    tsType?: 'unknown'
    [k: string]: unknown
  }
}

export interface PermissionGrantInput {
  /** The agent that it is for; * for every one */
  grantee: string
  /** write can read too, admin all */
  permission: 'read' | 'write' | 'admin'
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Only entries of this type; default: all in the scope */
  entry_type?: 'guideline' | 'knowledge' | 'tool' | 'observation'
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface PermissionGrantResult {
  id: string
  /** The agent, or * for every one */
  grantee: string
  permission: 'read' | 'write' | 'admin'
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  /** Only entries of this type; null: all that the scope holds */
  entry_type: ('guideline' | 'knowledge' | 'tool' | 'observation') | null
  created_at: string
  created_by: string
  /** What it was granted there before */
  replaced: ('read' | 'write' | 'admin') | null
}

export interface PermissionRevokeInput {
  /** Of the grant, as list shows it */
  id?: string
  /** Without an id: whose */
  grantee?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Only entries of this type; default: all in the scope */
  entry_type?: 'guideline' | 'knowledge' | 'tool' | 'observation'
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface PermissionRevokeResult {
  id: string
  /** The agent, or * for every one */
  grantee: string
  permission: 'read' | 'write' | 'admin'
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  /** Only entries of this type; null: all that the scope holds */
  entry_type: ('guideline' | 'knowledge' | 'tool' | 'observation') | null
  created_at: string
  created_by: string
  revoked: true
}

export interface PermissionCheckInput {
  permission: 'read' | 'write' | 'admin'
  /** Whose; default: your own */
  grantee?: string
  /** Default: the current project */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Only entries of this type; default: all in the scope */
  entry_type?: 'guideline' | 'knowledge' | 'tool' | 'observation'
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface PermissionCheckResult {
  allowed: boolean
  because: string
  grantee: string
  permission: 'read' | 'write' | 'admin'
  scope_type: 'global' | 'org' | 'project' | 'session'
  scope_id: string | null
  /** Only entries of this type; null: all that the scope holds */
  entry_type: ('guideline' | 'knowledge' | 'tool' | 'observation') | null
  /** What allows it */
  grant?: {
    id: string
    /** The agent, or * for every one */
    grantee: string
    permission: 'read' | 'write' | 'admin'
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    /** Only entries of this type; null: all that the scope holds */
    entry_type: ('guideline' | 'knowledge' | 'tool' | 'observation') | null
    created_at: string
    created_by: string
  }
  /** Whether your own calls are held to it on this way in */
  enforced: boolean
}

export interface PermissionListInput {
  /** Only of this agent */
  grantee?: string
  /** Only in this scope */
  scope_type?: 'global' | 'org' | 'project' | 'session'
  scope_id?: string
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface PermissionListResult {
  grants: {
    id: string
    /** The agent, or * for every one */
    grantee: string
    permission: 'read' | 'write' | 'admin'
    scope_type: 'global' | 'org' | 'project' | 'session'
    scope_id: string | null
    /** Only entries of this type; null: all that the scope holds */
    entry_type: ('guideline' | 'knowledge' | 'tool' | 'observation') | null
    created_at: string
    created_by: string
  }[]
  next_cursor?: string
}

export interface KeyCreateInput {
  /** The agent that it stands for */
  agent: string
  /** What it is for, as list shows it; ≤ 200 characters */
  name?: string
  /** How long it opens; default: for ever; 1–99999 */
  days?: number
  /** The agent may everything from now on; default false */
  admin?: boolean
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface KeyCreateResult {
  id: string
  /** The agent that it stands for */
  agent_id: string
  name: string | null
  created_at: string
  created_by: string
  expires_at: string | null
  revoked_at: string | null
  /** Shown this once */
  key: string
}

export type KeyListInput = ScopeCurrentInput

export interface KeyListResult {
  keys: {
    id: string
    /** The agent that it stands for */
    agent_id: string
    name: string | null
    created_at: string
    created_by: string
    expires_at: string | null
    revoked_at: string | null
  }[]
}

export interface KeyRevokeInput {
  /** Its id, as list shows it */
  id: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface KeyRevokeResult {
  id: string
  /** The agent that it stands for */
  agent_id: string
  name: string | null
  created_at: string
  created_by: string
  expires_at: string | null
  revoked_at: string | null
}

export interface AuditListInput {
  /** Bytes / 4, default 4000; 250–250000 */
  token_budget?: number
  /** 1–100; default 20 */
  limit?: number
  /** From next_cursor; ≤ 16384 characters */
  cursor?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface AuditListResult {
  records: {
    seq: number
    event_id: string
    /** As memory_event shows it */
    event: {
      [k: string]: unknown
    }
    prev_hash: string
    hash: string
  }[]
  next_cursor?: string
}

export interface AuditVerifyInput {
  /** A head that was noted before: must still be part of it */
  head?: string
  /** Who calls, where no key says it */
  agent_id?: string
}

export interface AuditVerifyResult {
  intact: boolean
  rows: number
  /** Hash of the last row: keep it elsewhere */
  head: string
  problems: {
    seq: number
    kind: 'altered' | 'removed' | 'moved' | 'inserted' | 'cut_off' | 'log_altered' | 'unknown_head'
    event_id: string | null
    message: string
  }[]
}

/** What happened: of which scope, to which entry or lock, through whom. */
export type MemoryEvent = EventListResult['events'][number]

/**
 * What an agent can do, whichever way it is connected: a method for each operation. Each throws AgentMemoryError where the call is
 * refused; docs/reference/errors.md says by which name, and what to do.
 */
export abstract class Memory {
  protected abstract send<T>(spec: Spec, input: Arguments, options: Call): Promise<T>

  /** Events as they happen, until the loop is left or the signal says so. */
  abstract follow(request?: FollowRequest): AsyncGenerator<MemoryEvent | Resync, void>

  readonly query = {
    /** Find memories by words, identifiers or paths, best first. */
    search: (input: QuerySearchInput, options: Call = {}): Promise<QuerySearchResult & Told> =>
      this.send({"tool":"memory_query","action":"search","routes":["GET /v1/search","POST /v1/search"],"reads":true}, { ...input }, options),
    /** What to read first, packed into a token budget. */
    context: (input: QueryContextInput = {}, options: Call = {}): Promise<QueryContextResult & Told> =>
      this.send({"tool":"memory_query","action":"context","routes":["POST /v1/context"],"reads":true}, { ...input }, options),
    /** List entries of several types together, newest first. */
    list: (input: QueryListInput = {}, options: Call = {}): Promise<QueryListResult & Told> =>
      this.send({"tool":"memory_query","action":"list","routes":["GET /v1/entries"],"reads":true}, { ...input }, options),
    /** Get one entry by id, whatever its type. */
    get: (input: QueryGetInput, options: Call = {}): Promise<QueryGetResult & Told> =>
      this.send({"tool":"memory_query","action":"get","routes":["GET /v1/entries/{id}"],"reads":true}, { ...input }, options),
    /** Show how far the vectors of entries are; with restart make all of them anew, beside those in use. */
    reindex: (input: QueryReindexInput = {}, options: Call = {}): Promise<QueryReindexResult & Told> =>
      this.send({"tool":"memory_query","action":"reindex","routes":["POST /v1/reindex"],"reads":false}, { ...input }, options),
  }
  readonly guideline = {
    /** Add a guideline. */
    add: (input: GuidelineAddInput, options: Call = {}): Promise<GuidelineAddResult & Told> =>
      this.send({"tool":"memory_guideline","action":"add","routes":["POST /v1/guidelines"],"reads":false}, { ...input }, options),
    /** Change fields of a guideline; give base_version so that nobody's words are lost. */
    update: (input: GuidelineUpdateInput, options: Call = {}): Promise<GuidelineUpdateResult & Told> =>
      this.send({"tool":"memory_guideline","action":"update","routes":["PATCH /v1/guidelines/{id}"],"reads":false}, { ...input }, options),
    /** Get one guideline by id, or by name as it reads from a scope. */
    get: (input: GuidelineGetInput, options: Call = {}): Promise<GuidelineGetResult & Told> =>
      this.send({"tool":"memory_guideline","action":"get","routes":["GET /v1/guidelines/{id}"],"reads":true}, { ...input }, options),
    /** List entries of type guideline, newest first. */
    list: (input: GuidelineListInput = {}, options: Call = {}): Promise<GuidelineListResult & Told> =>
      this.send({"tool":"memory_guideline","action":"list","routes":["GET /v1/guidelines"],"reads":true}, { ...input }, options),
    /** Get every version of a guideline, newest first. */
    history: (input: GuidelineHistoryInput, options: Call = {}): Promise<GuidelineHistoryResult & Told> =>
      this.send({"tool":"memory_guideline","action":"history","routes":["GET /v1/guidelines/{id}/versions"],"reads":true}, { ...input }, options),
    /** Take a guideline out of use; it stays in the history and can come back. */
    deactivate: (input: GuidelineDeactivateInput, options: Call = {}): Promise<GuidelineDeactivateResult & Told> =>
      this.send({"tool":"memory_guideline","action":"deactivate","routes":["POST /v1/guidelines/{id}/deactivate"],"reads":false}, { ...input }, options),
    /** Put a deactivated guideline back into use. */
    reactivate: (input: GuidelineReactivateInput, options: Call = {}): Promise<GuidelineReactivateResult & Told> =>
      this.send({"tool":"memory_guideline","action":"reactivate","routes":["POST /v1/guidelines/{id}/reactivate"],"reads":false}, { ...input }, options),
    /** Delete a guideline with all its versions for good (deactivate is the everyday way). */
    delete: (input: GuidelineDeleteInput, options: Call = {}): Promise<GuidelineDeleteResult & Told> =>
      this.send({"tool":"memory_guideline","action":"delete","routes":["DELETE /v1/guidelines/{id}"],"reads":false}, { ...input }, options),
    /** Add up to 1000 entries of type guideline in one transaction, all or none. */
    bulkAdd: (input: GuidelineBulkAddInput, options: Call = {}): Promise<GuidelineBulkAddResult & Told> =>
      this.send({"tool":"memory_guideline","action":"bulk_add","routes":["POST /v1/guidelines/bulk"],"reads":false}, { ...input }, options),
  }
  readonly knowledge = {
    /** Add a knowledge. */
    add: (input: KnowledgeAddInput, options: Call = {}): Promise<KnowledgeAddResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"add","routes":["POST /v1/knowledge"],"reads":false}, { ...input }, options),
    /** Change fields of a knowledge; give base_version so that nobody's words are lost. */
    update: (input: KnowledgeUpdateInput, options: Call = {}): Promise<KnowledgeUpdateResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"update","routes":["PATCH /v1/knowledge/{id}"],"reads":false}, { ...input }, options),
    /** Get one knowledge by id, or by name as it reads from a scope. */
    get: (input: KnowledgeGetInput, options: Call = {}): Promise<KnowledgeGetResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"get","routes":["GET /v1/knowledge/{id}"],"reads":true}, { ...input }, options),
    /** List entries of type knowledge, newest first. */
    list: (input: KnowledgeListInput = {}, options: Call = {}): Promise<KnowledgeListResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"list","routes":["GET /v1/knowledge"],"reads":true}, { ...input }, options),
    /** Get every version of a knowledge, newest first. */
    history: (input: KnowledgeHistoryInput, options: Call = {}): Promise<KnowledgeHistoryResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"history","routes":["GET /v1/knowledge/{id}/versions"],"reads":true}, { ...input }, options),
    /** Take a knowledge out of use; it stays in the history and can come back. */
    deactivate: (input: KnowledgeDeactivateInput, options: Call = {}): Promise<KnowledgeDeactivateResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"deactivate","routes":["POST /v1/knowledge/{id}/deactivate"],"reads":false}, { ...input }, options),
    /** Put a deactivated knowledge back into use. */
    reactivate: (input: KnowledgeReactivateInput, options: Call = {}): Promise<KnowledgeReactivateResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"reactivate","routes":["POST /v1/knowledge/{id}/reactivate"],"reads":false}, { ...input }, options),
    /** Delete a knowledge with all its versions for good (deactivate is the everyday way). */
    delete: (input: KnowledgeDeleteInput, options: Call = {}): Promise<KnowledgeDeleteResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"delete","routes":["DELETE /v1/knowledge/{id}"],"reads":false}, { ...input }, options),
    /** Add up to 1000 entries of type knowledge in one transaction, all or none. */
    bulkAdd: (input: KnowledgeBulkAddInput, options: Call = {}): Promise<KnowledgeBulkAddResult & Told> =>
      this.send({"tool":"memory_knowledge","action":"bulk_add","routes":["POST /v1/knowledge/bulk"],"reads":false}, { ...input }, options),
  }
  readonly tool = {
    /** Add a tool. */
    add: (input: ToolAddInput, options: Call = {}): Promise<ToolAddResult & Told> =>
      this.send({"tool":"memory_tool","action":"add","routes":["POST /v1/tools"],"reads":false}, { ...input }, options),
    /** Change fields of a tool; give base_version so that nobody's words are lost. */
    update: (input: ToolUpdateInput, options: Call = {}): Promise<ToolUpdateResult & Told> =>
      this.send({"tool":"memory_tool","action":"update","routes":["PATCH /v1/tools/{id}"],"reads":false}, { ...input }, options),
    /** Get one tool by id, or by name as it reads from a scope. */
    get: (input: ToolGetInput, options: Call = {}): Promise<ToolGetResult & Told> =>
      this.send({"tool":"memory_tool","action":"get","routes":["GET /v1/tools/{id}"],"reads":true}, { ...input }, options),
    /** List entries of type tool, newest first. */
    list: (input: ToolListInput = {}, options: Call = {}): Promise<ToolListResult & Told> =>
      this.send({"tool":"memory_tool","action":"list","routes":["GET /v1/tools"],"reads":true}, { ...input }, options),
    /** Get every version of a tool, newest first. */
    history: (input: ToolHistoryInput, options: Call = {}): Promise<ToolHistoryResult & Told> =>
      this.send({"tool":"memory_tool","action":"history","routes":["GET /v1/tools/{id}/versions"],"reads":true}, { ...input }, options),
    /** Take a tool out of use; it stays in the history and can come back. */
    deactivate: (input: ToolDeactivateInput, options: Call = {}): Promise<ToolDeactivateResult & Told> =>
      this.send({"tool":"memory_tool","action":"deactivate","routes":["POST /v1/tools/{id}/deactivate"],"reads":false}, { ...input }, options),
    /** Put a deactivated tool back into use. */
    reactivate: (input: ToolReactivateInput, options: Call = {}): Promise<ToolReactivateResult & Told> =>
      this.send({"tool":"memory_tool","action":"reactivate","routes":["POST /v1/tools/{id}/reactivate"],"reads":false}, { ...input }, options),
    /** Delete a tool with all its versions for good (deactivate is the everyday way). */
    delete: (input: ToolDeleteInput, options: Call = {}): Promise<ToolDeleteResult & Told> =>
      this.send({"tool":"memory_tool","action":"delete","routes":["DELETE /v1/tools/{id}"],"reads":false}, { ...input }, options),
    /** Add up to 1000 entries of type tool in one transaction, all or none. */
    bulkAdd: (input: ToolBulkAddInput, options: Call = {}): Promise<ToolBulkAddResult & Told> =>
      this.send({"tool":"memory_tool","action":"bulk_add","routes":["POST /v1/tools/bulk"],"reads":false}, { ...input }, options),
  }
  readonly scope = {
    /** Create an org or a project. */
    create: (input: ScopeCreateInput, options: Call = {}): Promise<ScopeCreateResult & Told> =>
      this.send({"tool":"memory_scope","action":"create","routes":["POST /v1/scopes"],"reads":false}, { ...input }, options),
    /** Get one scope by id, or an org or project by name. */
    get: (input: ScopeGetInput, options: Call = {}): Promise<ScopeGetResult & Told> =>
      this.send({"tool":"memory_scope","action":"get","routes":["GET /v1/scopes/{scope_id}"],"reads":true}, { ...input }, options),
    /** List orgs, projects or sessions, newest first. */
    list: (input: ScopeListInput = {}, options: Call = {}): Promise<ScopeListResult & Told> =>
      this.send({"tool":"memory_scope","action":"list","routes":["GET /v1/scopes"],"reads":true}, { ...input }, options),
    /** List scopes of every type, newest first, with how much each holds. */
    tree: (input: ScopeTreeInput = {}, options: Call = {}): Promise<ScopeTreeResult & Told> =>
      this.send({"tool":"memory_scope","action":"tree","routes":["GET /v1/scopes/tree"],"reads":true}, { ...input }, options),
    /** Change a scope; with org_id, move a project into that org. */
    update: (input: ScopeUpdateInput, options: Call = {}): Promise<ScopeUpdateResult & Told> =>
      this.send({"tool":"memory_scope","action":"update","routes":["PATCH /v1/scopes/{scope_id}"],"reads":false}, { ...input }, options),
    /** Give a project another folder, or all it holds to another project. */
    move: (input: ScopeMoveInput, options: Call = {}): Promise<ScopeMoveResult & Told> =>
      this.send({"tool":"memory_scope","action":"move","routes":["POST /v1/scopes/move"],"reads":false}, { ...input }, options),
    /** Delete an empty scope; with cascade also everything in it, for good. */
    delete: (input: ScopeDeleteInput, options: Call = {}): Promise<ScopeDeleteResult & Told> =>
      this.send({"tool":"memory_scope","action":"delete","routes":["DELETE /v1/scopes/{scope_id}"],"reads":false}, { ...input }, options),
    /** Say which scope a call without one means. */
    current: (input: ScopeCurrentInput = {}, options: Call = {}): Promise<ScopeCurrentResult & Told> =>
      this.send({"tool":"memory_scope","action":"current","routes":["GET /v1/scopes/current"],"reads":true}, { ...input }, options),
    /** Say who is at work here: on what, holding and waiting for which files. */
    presence: (input: ScopePresenceInput = {}, options: Call = {}): Promise<ScopePresenceResult & Told> =>
      this.send({"tool":"memory_scope","action":"presence","routes":["GET /v1/presence"],"reads":true}, { ...input }, options),
    /** Start a session in a project. */
    start: (input: ScopeStartInput, options: Call = {}): Promise<ScopeStartResult & Told> =>
      this.send({"tool":"memory_scope","action":"start","routes":["POST /v1/sessions"],"reads":false}, { ...input }, options),
    /** End a session: it stays readable, and nothing more is written to it. */
    end: (input: ScopeEndInput, options: Call = {}): Promise<ScopeEndResult & Told> =>
      this.send({"tool":"memory_scope","action":"end","routes":["POST /v1/sessions/{session_id}/end"],"reads":false}, { ...input }, options),
    /** Append what happened to a session, in order. */
    log: (input: ScopeLogInput, options: Call = {}): Promise<ScopeLogResult & Told> =>
      this.send({"tool":"memory_scope","action":"log","routes":["POST /v1/sessions/{session_id}/turns"],"reads":false}, { ...input }, options),
  }
  readonly tag = {
    /** Attach tags to an entry of any type. */
    attach: (input: TagAttachInput, options: Call = {}): Promise<TagAttachResult & Told> =>
      this.send({"tool":"memory_tag","action":"attach","routes":["POST /v1/entries/{entry_id}/tags"],"reads":false}, { ...input }, options),
    /** Take tags off an entry. */
    detach: (input: TagDetachInput, options: Call = {}): Promise<TagDetachResult & Told> =>
      this.send({"tool":"memory_tag","action":"detach","routes":["DELETE /v1/entries/{entry_id}/tags"],"reads":false}, { ...input }, options),
    /** List the tags in use and how often. */
    list: (input: TagListInput = {}, options: Call = {}): Promise<TagListResult & Told> =>
      this.send({"tool":"memory_tag","action":"list","routes":["GET /v1/tags"],"reads":true}, { ...input }, options),
  }
  readonly relation = {
    /** Link two entries, for example depends_on, supersedes, explains. */
    create: (input: RelationCreateInput, options: Call = {}): Promise<RelationCreateResult & Told> =>
      this.send({"tool":"memory_relation","action":"create","routes":["POST /v1/relations"],"reads":false}, { ...input }, options),
    /** Take a link away; the entries stay. */
    delete: (input: RelationDeleteInput, options: Call = {}): Promise<RelationDeleteResult & Told> =>
      this.send({"tool":"memory_relation","action":"delete","routes":["DELETE /v1/relations/{id}"],"reads":false}, { ...input }, options),
    /** List the links of an entry, newest first. */
    list: (input: RelationListInput, options: Call = {}): Promise<RelationListResult & Told> =>
      this.send({"tool":"memory_relation","action":"list","routes":["GET /v1/relations"],"reads":true}, { ...input }, options),
    /** Show near-duplicates; with dry_run false merge those that you name: keep supersedes merge. */
    consolidate: (input: RelationConsolidateInput = {}, options: Call = {}): Promise<RelationConsolidateResult & Told> =>
      this.send({"tool":"memory_relation","action":"consolidate","routes":["POST /v1/consolidate"],"reads":false}, { ...input }, options),
  }
  readonly conflict = {
    /** List conflicts, newest first: of a scope, of an entry, or of the current project. */
    list: (input: ConflictListInput = {}, options: Call = {}): Promise<ConflictListResult & Told> =>
      this.send({"tool":"memory_conflict","action":"list","routes":["GET /v1/conflicts"],"reads":true}, { ...input }, options),
    /** Get one conflict with both sides. */
    get: (input: ConflictGetInput, options: Call = {}): Promise<ConflictGetResult & Told> =>
      this.send({"tool":"memory_conflict","action":"get","routes":["GET /v1/conflicts/{id}"],"reads":true}, { ...input }, options),
    /** Settle a conflict: take one side, or give merged values. */
    resolve: (input: ConflictResolveInput, options: Call = {}): Promise<ConflictResolveResult & Told> =>
      this.send({"tool":"memory_conflict","action":"resolve","routes":["POST /v1/conflicts/{id}/resolve"],"reads":false}, { ...input }, options),
  }
  readonly fileLock = {
    /** Lock a file, or several at once, before editing; again to keep it longer. */
    checkout: (input: FileLockCheckoutInput = {}, options: Call = {}): Promise<FileLockCheckoutResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"checkout","routes":["POST /v1/locks"],"reads":false}, { ...input }, options),
    /** Give back a file that you locked; whoever waits for it is told at once. */
    checkin: (input: FileLockCheckinInput = {}, options: Call = {}): Promise<FileLockCheckinResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"checkin","routes":["DELETE /v1/locks"],"reads":false}, { ...input }, options),
    /** Keep a file that you locked for as long again, or for ttl_ms from now. */
    renew: (input: FileLockRenewInput = {}, options: Call = {}): Promise<FileLockRenewResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"renew","routes":["POST /v1/locks/renew"],"reads":false}, { ...input }, options),
    /** Ask, right before writing, whether your lock still stands. */
    verify: (input: FileLockVerifyInput, options: Call = {}): Promise<FileLockVerifyResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"verify","routes":["POST /v1/locks/verify"],"reads":true}, { ...input }, options),
    /** See who has a file, until when, what for, and how many wait for it. */
    status: (input: FileLockStatusInput, options: Call = {}): Promise<FileLockStatusResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"status","routes":["GET /v1/locks/status"],"reads":true}, { ...input }, options),
    /** List the locks that stand, by path. */
    list: (input: FileLockListInput = {}, options: Call = {}): Promise<FileLockListResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"list","routes":["GET /v1/locks"],"reads":true}, { ...input }, options),
    /** End another agent's lock; kept as an event with who did it and why. */
    forceUnlock: (input: FileLockForceUnlockInput, options: Call = {}): Promise<FileLockForceUnlockResult & Told> =>
      this.send({"tool":"memory_file_lock","action":"force_unlock","routes":["POST /v1/locks/force-unlock"],"reads":false}, { ...input }, options),
  }
  readonly voting = {
    /** Give your vote on a task; voting again replaces it. */
    recordVote: (input: VotingRecordVoteInput, options: Call = {}): Promise<VotingRecordVoteResult & Told> =>
      this.send({"tool":"memory_voting","action":"record_vote","routes":["POST /v1/votes"],"reads":false}, { ...input }, options),
    /** See whether one value is ahead of every other by k votes. */
    getConsensus: (input: VotingGetConsensusInput, options: Call = {}): Promise<VotingGetConsensusResult & Told> =>
      this.send({"tool":"memory_voting","action":"get_consensus","routes":["GET /v1/votes/consensus"],"reads":false}, { ...input }, options),
    /** List the agents' votes on a task. */
    listVotes: (input: VotingListVotesInput, options: Call = {}): Promise<VotingListVotesResult & Told> =>
      this.send({"tool":"memory_voting","action":"list_votes","routes":["GET /v1/votes"],"reads":true}, { ...input }, options),
    /** List what is voted on, the latest vote first, with the tally of each. */
    listTasks: (input: VotingListTasksInput = {}, options: Call = {}): Promise<VotingListTasksResult & Told> =>
      this.send({"tool":"memory_voting","action":"list_tasks","routes":["GET /v1/votes/tasks"],"reads":true}, { ...input }, options),
    /** Count votes, agents and tasks: of one task with its tally, of a scope, or of all. */
    getStats: (input: VotingGetStatsInput = {}, options: Call = {}): Promise<VotingGetStatsResult & Told> =>
      this.send({"tool":"memory_voting","action":"get_stats","routes":["GET /v1/votes/stats"],"reads":true}, { ...input }, options),
  }
  readonly event = {
    /** List what happened, oldest first. */
    list: (input: EventListInput = {}, options: Call = {}): Promise<EventListResult & Told> =>
      this.send({"tool":"memory_event","action":"list","routes":["GET /v1/events"],"reads":true}, { ...input }, options),
    /** Wait until something happens. */
    wait: (input: EventWaitInput = {}, options: Call = {}): Promise<EventWaitResult & Told> =>
      this.send({"tool":"memory_event","action":"wait","routes":["GET /v1/events/wait"],"reads":true}, { ...input }, options),
  }
  /** Show the state of the server and of each part, and what is wrong. */
  readonly health = (input: HealthInput = {}, options: Call = {}): Promise<HealthResult & Told> =>
      this.send({"tool":"memory_health","action":null,"routes":["GET /v1/health"],"reads":true}, { ...input }, options)
  readonly permission = {
    /** Grant an agent read, write or admin in a scope and all below it. */
    grant: (input: PermissionGrantInput, options: Call = {}): Promise<PermissionGrantResult & Told> =>
      this.send({"tool":"memory_permission","action":"grant","routes":["POST /v1/permissions"],"reads":false}, { ...input }, options),
    /** Take a grant back, by its id or by whose it is and where. */
    revoke: (input: PermissionRevokeInput = {}, options: Call = {}): Promise<PermissionRevokeResult & Told> =>
      this.send({"tool":"memory_permission","action":"revoke","routes":["DELETE /v1/permissions/{id}","POST /v1/permissions/revoke"],"reads":false}, { ...input }, options),
    /** Say whether an agent may do something in a scope, and why. */
    check: (input: PermissionCheckInput, options: Call = {}): Promise<PermissionCheckResult & Told> =>
      this.send({"tool":"memory_permission","action":"check","routes":["GET /v1/permissions/check"],"reads":true}, { ...input }, options),
    /** List what was granted, newest first: to you, and to all in the scopes that you administer. */
    list: (input: PermissionListInput = {}, options: Call = {}): Promise<PermissionListResult & Told> =>
      this.send({"tool":"memory_permission","action":"list","routes":["GET /v1/permissions"],"reads":true}, { ...input }, options),
  }
  readonly key = {
    /** Make a key for HTTP; it is shown this once. */
    create: (input: KeyCreateInput, options: Call = {}): Promise<KeyCreateResult & Told> =>
      this.send({"tool":"memory_key","action":"create","routes":["POST /v1/keys"],"reads":false}, { ...input }, options),
    /** List the keys for HTTP, without the keys themselves. */
    list: (input: KeyListInput = {}, options: Call = {}): Promise<KeyListResult & Told> =>
      this.send({"tool":"memory_key","action":"list","routes":["GET /v1/keys"],"reads":true}, { ...input }, options),
    /** Let a key open nothing any more, from now on and everywhere. */
    revoke: (input: KeyRevokeInput, options: Call = {}): Promise<KeyRevokeResult & Told> =>
      this.send({"tool":"memory_key","action":"revoke","routes":["DELETE /v1/keys/{id}"],"reads":false}, { ...input }, options),
  }
  readonly audit = {
    /** List what the audit holds, the latest first: writes, refusals, forced unlocks, permissions. */
    list: (input: AuditListInput = {}, options: Call = {}): Promise<AuditListResult & Told> =>
      this.send({"tool":"memory_audit","action":"list","routes":["GET /v1/audit"],"reads":true}, { ...input }, options),
    /** Read the whole audit and name every row that was altered, removed or moved. */
    verify: (input: AuditVerifyInput = {}, options: Call = {}): Promise<AuditVerifyResult & Told> =>
      this.send({"tool":"memory_audit","action":"verify","routes":["GET /v1/audit/verify"],"reads":true}, { ...input }, options),
  }
}
