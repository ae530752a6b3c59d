/** What a listed tool says of itself, and the toolset that lists it. */
export interface ToolInfo {
  readonly toolset: string
  readonly title: string
  readonly description: string
  /** Also where a client shows only names until its model searches for more. */
  readonly isAlwaysShown?: true
  /** What such a search finds it by. */
  readonly searchHint?: string
}

/** Every tool. The descriptions are read by agents at each start: short, and what to use it for first. */
export const TOOLS = {
  memory_query: {
    toolset: 'core',
    title: 'Find memories',
    description: 'Search all memories in reach, or get a context: what to read first.',
    isAlwaysShown: true,
    searchHint:
      'shared memory of this project: context before a task, search for guidelines, decisions, commands',
  },
  memory_guideline: { toolset: 'core', title: 'Guidelines', description: 'Rules that agents must follow.' },
  memory_knowledge: {
    toolset: 'core',
    title: 'Knowledge',
    description: 'Facts and decisions worth keeping.',
  },
  memory_tool: { toolset: 'core', title: 'Tools', description: 'Commands and tools that are known to work.' },
  memory_scope: {
    toolset: 'core',
    title: 'Scopes',
    description: 'Orgs, projects and sessions that memories belong to; log what happens in a session.',
  },
  memory_tag: { toolset: 'core', title: 'Tags', description: 'Attach tags to memories and list them.' },
  memory_relation: { toolset: 'core', title: 'Relations', description: 'Link memories with each other.' },
  memory_file_lock: {
    toolset: 'coordination',
    title: 'File locks',
    description: 'Check a file out before editing it, so that no other agent edits it at the same time.',
    isAlwaysShown: true,
  },
  memory_voting: {
    toolset: 'coordination',
    title: 'Voting',
    description: 'Let several agents vote on an answer and see whether they agree.',
  },
  memory_conflict: {
    toolset: 'coordination',
    title: 'Conflicts',
    description: 'See and resolve changes that collided.',
  },
  memory_event: {
    toolset: 'coordination',
    title: 'Events',
    description: 'What other agents changed: list it, or wait for it.',
  },
  memory_permission: {
    toolset: 'admin',
    title: 'Permissions',
    description: 'Who may read, write and administer what.',
  },
  memory_key: { toolset: 'admin', title: 'Keys', description: 'Keys for HTTP: who may ask, and as whom.' },
  memory_health: {
    toolset: 'core',
    title: 'Health',
    description: 'State of the server, its database, cache and locks.',
  },
  memory_audit: {
    toolset: 'admin',
    title: 'Audit',
    description:
      'What was written, refused and forced, in a chain of hashes that shows whether a row was changed.',
  },
} as const satisfies Readonly<Record<string, ToolInfo>>

export type ToolName = keyof typeof TOOLS
export type Toolset = (typeof TOOLS)[ToolName]['toolset']

/** Those that have a tool. */
export const TOOLSETS: readonly Toolset[] = [...new Set(Object.values(TOOLS).map(({ toolset }) => toolset))]
