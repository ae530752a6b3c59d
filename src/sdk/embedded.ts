import type { Memory } from './catalogue.ts'

// What `agent-memory/embedded` brings; it is made in src/embedded.ts, with all of the program.

/** Which memory, and who calls. */
export interface EmbeddedOptions {
  /** The folder of the database; default as for the command: AGENT_MEMORY_DATA_DIR, else ~/.agent-memory. */
  readonly dataDir?: string
  /** Default: AGENT_MEMORY_AGENT_ID, else a name for this one. */
  readonly agentId?: string
  /** Settings by the names of their variables; they override the environment. */
  readonly settings?: Readonly<Record<string, string>>
}

/** A memory in this process. To be closed: it holds locks, timers and the database. */
export interface EmbeddedMemory extends Memory, AsyncDisposable {
  close(): Promise<void>
}

/** Opens the database that the settings name. Throws AgentMemoryError where that cannot be done. */
export type OpenMemory = (options?: EmbeddedOptions) => Promise<EmbeddedMemory>
