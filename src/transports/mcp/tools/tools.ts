import { type CallToolResult, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { AppError } from '../../../domain/errors.ts'
import { HOOK_TOOL } from '../../../domain/hooks/by-tool.ts'
import { TOOLS, type Toolset } from '../../../domain/toolsets.ts'
import type { Operation } from '../../../operations/define.ts'
import { findAction, meantTool } from '../../../operations/find.ts'
import type { Caller } from '../../../services/running/caller.ts'
import { toolError } from '../errors.ts'
import type { McpRequest } from '../request.ts'
import type { Calls } from './calls.ts'
import { loadCatalogue } from './catalogue.ts'
import type { ListedTool } from './listed-tools.ts'
import { TOOL_LIST } from './tool-list.ts'

interface ToolCall {
  readonly name: string
  readonly arguments?: Readonly<Record<string, unknown>> | undefined
}

type AnswerHook = (
  given: Readonly<Record<string, unknown>>,
  caller: Pick<Caller, 'agentId'>,
) => Promise<string>

/** The tools that a connection sees. */
export class Tools {
  readonly #listed: readonly ListedTool[]
  readonly #calls: Calls
  readonly #answerHook: AnswerHook | undefined
  #seen: Promise<ReadonlyMap<string, readonly Operation[]>> | undefined

  /** `answerHook` where the client that this server belongs to may call it as a hook. */
  constructor(calls: Calls, toolsets: readonly Toolset[], answerHook?: AnswerHook) {
    this.#calls = calls
    this.#answerHook = answerHook
    this.#listed = TOOL_LIST.filter(({ name }) => toolsets.includes(TOOLS[name].toolset))
  }

  /** Without schemas of results for a client that knows no structured ones. */
  list(isStructured: boolean): (ListedTool | Omit<ListedTool, 'outputSchema'>)[] {
    // A client that has read the list calls a tool next. The answer goes out first.
    setImmediate(() => loadCatalogue().catch(() => {}))
    return isStructured ? [...this.#listed] : this.#listed.map(({ outputSchema: _, ...tool }) => tool)
  }

  /** A refusal is a result that says why; only an unknown tool is an error of the protocol. */
  async call({ name, arguments: given = {} }: ToolCall, request: McpRequest): Promise<CallToolResult> {
    if (name === HOOK_TOOL && this.#answerHook) {
      // A hook's answer is its text alone.
      const text = await this.#answerHook(given, await this.#calls.callerOf(request))
      return { content: [{ type: 'text', text }] }
    }
    await this.#requireListed(name)
    try {
      const { action, ...args } = given
      const catalogue = await this.#catalogue()
      const operation = findAction(name, catalogue.get(name) ?? [], action, catalogue)
      const result = await this.#calls.run(operation, args, request, { isTold: true })
      const text = { content: [{ type: 'text' as const, text: textOf(result) }] }
      return request.isStructured ? { structuredContent: result, ...text } : text
    } catch (error) {
      if (error instanceof AppError) return toolError(error, request)
      throw error
    }
  }

  async #requireListed(name: string): Promise<void> {
    const names: readonly string[] = this.#listed.map((tool) => tool.name)
    if (names.includes(name)) return
    const near = meantTool(name, await this.#catalogue())
    const hint = near ? ` Did you mean '${near}'?` : ''
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool '${name.slice(0, 64)}'.${hint}`, {
      tools: names,
    })
  }

  /** The actions of the tools that this connection sees. */
  #catalogue(): Promise<ReadonlyMap<string, readonly Operation[]>> {
    this.#seen ??= loadCatalogue().then((catalogue) => {
      const names = new Set<string>(this.#listed.map((tool) => tool.name))
      return new Map([...catalogue].filter(([tool]) => names.has(tool)))
    })
    return this.#seen
  }
}

/** What models read: a context as it is, everything else as compact JSON. */
function textOf(result: Readonly<Record<string, unknown>>): string {
  const { context, notices, hint } = result
  if (typeof context !== 'string') return JSON.stringify(result)
  const told = Array.isArray(notices) ? notices.map((notice) => `- ${notice}`) : []
  const hinted = typeof hint === 'string' ? ['', hint] : []
  return [context || NOTHING_YET, ...hinted, ...(told.length > 0 ? ['', 'Notices:', ...told] : [])].join('\n')
}

const NOTHING_YET = 'Nothing is stored here yet.'
