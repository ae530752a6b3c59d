import { join } from 'node:path'
import type { Place } from '../setup/clients/client-files.ts'
import { openCodePlugin } from './opencode-plugin.ts'
import { type ProgramFile, shellProgram } from './program-files.ts'

/** One hook that a client is to call: for which tools, and within how many seconds where that must be said. */
interface WantedHook {
  readonly event: string
  readonly matcher?: string
  readonly timeout?: number
  /** The client's server runs then: where the version can, a tool of it is called instead of a program. */
  readonly byTool?: true
  /** Its payload does not name the event: the command does. */
  readonly isNamed?: true
}

interface AnyClient {
  readonly id: string
  readonly title: string
  /** The user's file, or folder. */
  readonly file: (place: Place) => string
  /** Its presence says that the client is here. */
  readonly marker: (place: Place) => string
  /** The project's own file, relative to its root. */
  readonly projectFile?: string
  /** What the user does for the client to run them. */
  readonly next: string
}

/** A client whose hooks stand in a JSON file under `hooks`, by event. */
export interface SettingsClient extends AnyClient {
  readonly hooks: readonly WantedHook[]
  /** A hook stands in the list of its event as it is, not in a group, and has a command for each kind of shell. */
  readonly isFlat?: true
}

/** A client whose hooks are files of their own; the command is one line for a shell. */
export interface FilesClient extends AnyClient {
  readonly files: (place: Place, command: string) => readonly ProgramFile[]
}

export type InstallClient = SettingsClient | FilesClient

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
      {
        event: 'PreToolUse',
        matcher: 'Write|Edit|MultiEdit|NotebookEdit|Bash|mcp__agent-memory__.*',
        byTool: true,
      },
      { event: 'SessionStart' },
      { event: 'UserPromptSubmit', byTool: true },
      { event: 'Stop', byTool: true },
      { event: 'SubagentStop', byTool: true },
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
      { event: 'UserPromptSubmit' },
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
      { event: 'BeforeAgent' },
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
      { event: 'UserPromptSubmit' },
      { event: 'Stop' },
      { event: 'SubagentStop' },
      { event: 'SessionEnd' },
    ],
    next: SHARED_NEXT,
  },
  {
    id: 'copilot-cli',
    title: 'Copilot CLI',
    file: (place) => join(place.home, '.copilot', 'settings.json'),
    marker: (place) => join(place.home, '.copilot'),
    isFlat: true,
    hooks: [
      // Only in this spelling the context of a session's start reaches the model.
      { event: 'sessionStart', isNamed: true },
      { event: 'userPromptSubmitted', isNamed: true },
      { event: 'preToolUse', isNamed: true },
      { event: 'agentStop', isNamed: true },
      { event: 'sessionEnd', isNamed: true },
    ],
    next: SHARED_NEXT,
  },
  {
    id: 'cline',
    title: 'Cline CLI',
    file: clineHooks,
    marker: (place) => join(place.home, '.cline'),
    files: (place, command) =>
      ['PreToolUse', 'PostToolUse', 'TaskComplete'].map((event) =>
        shellProgram(join(clineHooks(place), event), command),
      ),
    next: `${SHARED_NEXT} Where a write is refused, Cline ends the task.`,
  },
  {
    id: 'opencode',
    title: 'opencode',
    file: openCodePluginFile,
    marker: openCodeHome,
    files: (place, command) => [
      { file: openCodePluginFile(place), text: openCodePlugin(command), mode: 0o644 },
    ],
    next: SHARED_NEXT,
  },
]

function clineHooks({ home }: Place): string {
  return join(home, '.cline', 'hooks')
}

function openCodePluginFile(place: Place): string {
  return join(openCodeHome(place), 'plugin', 'agent-memory.js')
}

function openCodeHome({ home, env }: Place): string {
  return join(env.XDG_CONFIG_HOME || join(home, '.config'), 'opencode')
}

function claudeHome({ home, env }: Place): string {
  return env.CLAUDE_CONFIG_DIR || join(home, '.claude')
}

function codexHome({ home, env }: Place): string {
  return env.CODEX_HOME || join(home, '.codex')
}
