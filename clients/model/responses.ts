import { z } from 'zod'
import {
  type Dialect,
  isSaying,
  type ModelRequest,
  type OfferedTool,
  type ToolCall,
  type ToolResult,
  type Turn,
} from './dialect.ts'
import { textOf } from './parts.ts'
import { sendEvents, typed } from './sse.ts'

// OpenAI's Responses: POST /responses, streamed.

const TOOL = z.object({
  type: z.string(),
  name: z.string().optional(),
  description: z.string().default(''),
  parameters: z.unknown().optional(),
  tools: z.array(z.unknown()).default([]),
})
const BODY = z.object({
  instructions: z.string().default(''),
  tools: z.array(TOOL).default([]),
  input: z.array(z.looseObject({ type: z.string().optional(), role: z.string().optional() })),
})
const RESULT = z.object({
  type: z.enum(['function_call_output', 'custom_tool_call_output', 'tool_search_output']),
  call_id: z.string(),
  output: z.unknown().optional(),
})
/** What a search of the client's brought: tools that may be called from then on. */
const FOUND = z.object({ type: z.literal('tool_search_output'), tools: z.array(TOOL) })
/** A call of this tool is an item of its own kind. */
const SEARCH = 'tool_search'

export const responses: Dialect = {
  asksModel: (path) => path.endsWith('/responses'),
  read(body): ModelRequest {
    const { instructions, tools, input } = BODY.parse(body)
    return {
      told: [
        instructions,
        ...tools.filter(({ type }) => type === 'namespace').map(({ description }) => description),
        ...input.map(({ content }) => textOf(content)),
      ].join('\n'),
      tools: [...tools, ...input.flatMap(foundIn)].flatMap((tool) => offered(tool)),
      results: input.flatMap(resultIn),
    }
  },
  write(response, turn) {
    const answer = { id: 'resp_1', object: 'response', status: 'completed', output: items(turn) }
    const usage = { input_tokens: 10, output_tokens: 10, total_tokens: 20 }
    sendEvents(response, [
      typed({ type: 'response.created', response: { ...answer, status: 'in_progress', output: [] } }),
      ...answer.output.map((item, output_index) =>
        typed({ type: 'response.output_item.done', output_index, item }),
      ),
      typed({ type: 'response.completed', response: { ...answer, usage } }),
    ])
  },
}

/** A namespace holds tools of its own. */
function offered(tool: z.output<typeof TOOL>, namespace?: string): OfferedTool[] {
  const { type, name = type, description, parameters, tools } = tool
  if (type === 'namespace') return tools.flatMap((inner) => offered(TOOL.parse(inner), name))
  return [{ name, description, parameters, ...(namespace !== undefined && { namespace }) }]
}

function foundIn(item: unknown): z.output<typeof TOOL>[] {
  return FOUND.safeParse(item).data?.tools ?? []
}

function resultIn(item: unknown): ToolResult[] {
  const { data } = RESULT.safeParse(item)
  // This interface has no mark for an error.
  return data ? [{ callId: data.call_id, text: textOf(data.output), isError: false }] : []
}

function items(turn: Turn): object[] {
  if (isSaying(turn)) {
    const content = [{ type: 'output_text', text: turn.say, annotations: [] }]
    return [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }]
  }
  return turn.calls.map((call) => (call.name === SEARCH ? searchItem(call) : callItem(call)))
}

function callItem({ id, name, namespace, args }: ToolCall): object {
  const own = namespace !== undefined && { namespace }
  const item = { type: 'function_call', id: `fc_${id}`, call_id: id, name }
  return { ...item, ...own, arguments: JSON.stringify(args) }
}

function searchItem({ id, args }: ToolCall): object {
  const item = { type: 'tool_search_call', id: `ts_${id}`, call_id: id, status: 'completed' }
  return { ...item, execution: 'client', arguments: args }
}
