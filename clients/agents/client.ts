import type { Dialect } from '../model/dialect.ts'
import type { ScriptedModel } from '../model/scripted-model.ts'

/** Folders of one run, and where the model listens. */
export interface Seat {
  readonly home: string
  readonly project: string
  readonly modelUrl: string
}

export interface Remote {
  readonly url: string
  readonly key: string
}

export interface Start {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export interface ToolUse {
  readonly tool: string
  readonly args: Readonly<Record<string, unknown>>
}

export interface Editing {
  /** With the right to edit, and to run the hooks, without being asked. */
  readonly start: (place: Seat, prompt: string) => Start
  readonly read: (file: string) => ToolUse
  readonly write: (file: string, text: string) => ToolUse
}

/** A command-line agent as it comes from the npm registry. */
export interface CliClient {
  /** Its name in `agent-memory setup`, too. */
  readonly id: string
  readonly title: string
  readonly package: string
  readonly version: string
  /** Its command. */
  readonly program: string
  readonly dialect: Dialect
  /** What its user has done before: chosen a model, trusted the folder. */
  readonly prepare: (place: Seat) => void
  /** Left out where only its hooks are tried, as `start` is. Writes a remote server into its settings, and lets it use the tools. */
  readonly connectHttp?: (place: Seat, server: Remote) => void
  /** Begins a new session by itself when the server says that the old one is gone, as MCP asks. */
  readonly renewsSessions?: boolean
  /** One task, with nobody to ask. */
  readonly start?: (place: Seat, prompt: string) => Start
  /** The same with our prompt `session_start` for a task; without it the client knows no prompts. */
  readonly startPrompt?: (place: Seat, task: string) => Start
  /** How its model reads and writes whole files, where hooks of ours can be installed. */
  readonly editing?: Editing
  /** Where it tells its model only the names of most tools: loads one in full. */
  readonly reveal?: (model: ScriptedModel, tool: string) => Promise<void>
  /** A harmless thing that its model can do while the servers start. */
  readonly pause: ToolUse
}
