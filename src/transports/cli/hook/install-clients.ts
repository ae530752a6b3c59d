import { join } from 'node:path'
import type { Place } from '../setup/client-files.ts'

/** One hook that a client is to call: for which tools, and within how many seconds where that must be said. */
interface WantedHook {
  readonly event: string
  readonly matcher?: string
  readonly timeout?: number
}

/** A client whose hooks stand in a JSON file under `hooks`, by event. */
export interface InstallClient {
  readonly id: string
  readonly title: string
  /** The user's file. */
  readonly file: (place: Place) => string
  /** Its presence says that the client is here. */
  readonly marker: (place: Place) => string
  /** The project's own file, relative to its root. */
  readonly projectFile?: string
  readonly hooks: readonly WantedHook[]
  /** What the user does for the client to run them. */
  readonly next: string
}

const SHARED_NEXT = 'New sessions run the hooks.'

/**
 * Only events that the oldest known versions know: an unknown one switches off all hooks of the file there. The matcher names
 * what can write, and our own tools, which are then called as the agent that the hooks lock for.
 */
export const INSTALL_CLIENTS: readonly InstallClient[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    file: (place) => join(claudeHome(place), 'settings.json'),
    marker: claudeHome,
    projectFile: '.claude/settings.local.json',
    hooks: [
      { event: 'PreToolUse', matcher: 'Write|Edit|MultiEdit|NotebookEdit|Bash|mcp__agent-memory__.*' },
      { event: 'SessionStart' },
      { event: 'Stop' },
      { event: 'SubagentStop' },
      // Without a time of its own it is killed after a second and a half.
      { event: 'SessionEnd', timeout: 10 },
    ],
    next: `${SHARED_NEXT} /hooks lists them.`,
  },
  {
    id: 'codex',
    title: 'Codex',
    file: (place) => join(codexHome(place), 'hooks.json'),
    marker: codexHome,
    hooks: [
      { event: 'PreToolUse', matcher: 'apply_patch|Bash' },
      { event: 'SessionStart' },
      { event: 'Stop' },
      { event: 'SubagentStop' },
      { event: 'SessionEnd' },
    ],
    next: 'Start codex once and review the hooks there: until then it runs none of them, and does not say so.',
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    file: (place) => join(place.home, '.gemini', 'settings.json'),
    marker: (place) => join(place.home, '.gemini'),
    projectFile: '.gemini/settings.json',
    hooks: [
      // It writes a whole file without a look at what has become of it: so what it reads is noted.
      { event: 'BeforeTool', matcher: 'write_file|replace|read_file|run_shell_command|mcp_agent-memory_.*' },
      { event: 'AfterTool', matcher: 'write_file|replace' },
      { event: 'SessionStart' },
      { event: 'AfterAgent' },
      { event: 'SessionEnd' },
    ],
    next: `${SHARED_NEXT} The project's folder must be a trusted one.`,
  },
  {
    id: 'qwen-code',
    title: 'Qwen Code',
    file: (place) => join(place.home, '.qwen', 'settings.json'),
    marker: (place) => join(place.home, '.qwen'),
    projectFile: '.qwen/settings.json',
    hooks: [
      { event: 'PreToolUse', matcher: 'write_file|edit|replace|read_file|run_shell_command' },
      { event: 'PostToolUse', matcher: 'write_file|edit|replace' },
      { event: 'SessionStart' },
      { event: 'Stop' },
      { event: 'SubagentStop' },
      { event: 'SessionEnd' },
    ],
    next: SHARED_NEXT,
  },
]

function claudeHome({ home, env }: Place): string {
  return env.CLAUDE_CONFIG_DIR || join(home, '.claude')
}

function codexHome({ home, env }: Place): string {
  return env.CODEX_HOME || join(home, '.codex')
}
