import type { ServerResponse } from 'node:http'

/** A tool as a model is told of it. */
export interface OfferedTool {
  readonly name: string
  /** Some clients put the tools of a server under a name of its own. */
  readonly namespace?: string
  readonly description: string
  /** JSON Schema of the arguments. */
  readonly parameters?: unknown
}

/** What came of a call, as it reaches the model. */
export interface ToolResult {
  readonly callId: string
  readonly text: string
  /** What marks it as an error, where the interface has such a mark. */
  readonly isError: boolean
}

/** One request to the model, in whatever interface. */
export interface ModelRequest {
  /** What the model is told by its client and the user: instructions, reminders, the task. */
  readonly told: string
  readonly tools: readonly OfferedTool[]
  /** All of the conversation, in order. */
  readonly results: readonly ToolResult[]
}

export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly namespace?: string
  readonly args: Readonly<Record<string, unknown>>
}

/** What the model does next. */
export type Turn = { readonly say: string } | { readonly calls: readonly ToolCall[] }

/** An interface of a provider: how its requests are read and how it streams an answer. */
export interface Dialect {
  /** Whether this request asks the model; anything else is answered with `{}`. */
  readonly asksModel: (path: string) => boolean
  readonly read: (body: unknown) => ModelRequest
  readonly write: (response: ServerResponse, turn: Turn, asked: Asked) => void
}

/** A request as it came. */
export interface Asked {
  readonly path: string
  readonly body: unknown
}

export function isSaying(turn: Turn): turn is { readonly say: string } {
  return 'say' in turn
}
