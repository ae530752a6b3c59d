// Where people keep what agents are to know, in a repository; paths with / from its root.

/** Rules for agents, under the names that the programs look for. */
const RULES = [
  // In capitals, as they are looked for: docs/agents.md is a page about agents.
  /(?:^|\/)(?:AGENTS|CLAUDE|GEMINI|QWEN|CRUSH|WARP)(?:\.local|\.override)?\.md$/,
  /^(?:agents|claude|gemini)\.md$/i,
  /(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules|roorules|goosehints)$/i,
  /(?:^|\/)\.github\/copilot-instructions\.md$/i,
  /\.instructions\.md$/i,
  /\.mdc$/i,
  /(?:^|\/)\.(?:cursor|windsurf|claude|continue|roo|amazonq|augment|trae)\/rules(?:-[\w-]+)?\//i,
  /(?:^|\/)\.(?:kiro\/steering|clinerules|junie)\//i,
]
const DECISIONS = [
  /(?:^|\/)(?:adrs?|decisions?|decision[-_]records?|architecture[-_]decisions?(?:[-_]records?)?)\//i,
  /(?:^|\/)adr[-_]?\d[^/]*$/i,
]
/** Beside decisions: what is to be filled in, and the list of them all. */
const NO_DECISIONS = [/(?:^|[-_/])template\.md$/i, /(?:^|\/)index\.md$/i]
const MEMORY_BANKS = [/(?:^|\/)\.?(?:memory[-_]?bank|memories)\//i]

export type FileKind = 'rules' | 'decisions' | 'notes'

export function kindOf(path: string): FileKind {
  if (RULES.some((pattern) => pattern.test(path))) return 'rules'
  const isDecision = DECISIONS.some((pattern) => pattern.test(path))
  return isDecision && !NO_DECISIONS.some((pattern) => pattern.test(path)) ? 'decisions' : 'notes'
}

/** Whether a file of a whole repository is one of those; its other pages are for people. */
export function isKnown(path: string): boolean {
  return kindOf(path) !== 'notes' || MEMORY_BANKS.some((pattern) => pattern.test(path))
}

/** Whether it is Markdown by its name. */
export function isMarkdown(path: string): boolean {
  return /\.(?:md|mdc|markdown)$|(?:^|\/)\.(?:cursorrules|windsurfrules|clinerules|roorules|goosehints)$/i.test(
    path,
  )
}
