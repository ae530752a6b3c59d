import type { ServerResponse } from 'node:http'
import { z } from 'zod'
import { type Dialect, isSaying, type ModelRequest, type ToolResult, type Turn } from './dialect.ts'
import { textOf } from './parts.ts'
import { sendEvents, typed } from './sse.ts'

// Anthropic's Messages: POST /v1/messages, streamed.

const BODY = z.object({
  model: z.string().default(''),
  stream: z.boolean().default(false),
  system: z.unknown().optional(),
  tools: z
    .array(
      z.object({
        name: z.string(),
        description: z.string().default(''),
        input_schema: z.unknown().optional(),
      }),
    )
    .default([]),
  messages: z.array(z.object({ role: z.string(), content: z.unknown().optional() })),
})
const RESULT = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.unknown().optional(),
  is_error: z.boolean().default(false),
})
const USAGE = { input_tokens: 10, output_tokens: 10 }

export const anthropic: Dialect = {
  asksModel: (path) => path === '/v1/messages',
  read(body): ModelRequest {
    const { system, tools, messages } = BODY.parse(body)
    return {
      told: [system, ...messages.map(({ content }) => content)].map(textOf).join('\n'),
      tools: tools.map(({ name, description, input_schema }) => ({
        name,
        description,
        parameters: input_schema,
      })),
      results: messages.flatMap(({ content }) => (Array.isArray(content) ? content.flatMap(resultIn) : [])),
    }
  },
  write(response, turn, { body }) {
    const { model, stream } = BODY.parse(body)
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model, content: blocks(turn) }
    const end = { stop_reason: isSaying(turn) ? 'end_turn' : 'tool_use', stop_sequence: null }
    if (stream) streamMessage(response, message, end)
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ ...message, ...end, usage: USAGE }))
  },
}

function resultIn(part: unknown): ToolResult[] {
  const { data } = RESULT.safeParse(part)
  if (!data) return []
  return [{ callId: data.tool_use_id, text: textOf(data.content), isError: data.is_error }]
}

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: object }

function blocks(turn: Turn): Block[] {
  if (isSaying(turn)) return [{ type: 'text', text: turn.say }]
  return turn.calls.map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args }))
}

function streamMessage(response: ServerResponse, message: { content: Block[] }, end: object): void {
  const started = { ...message, content: [], stop_reason: null, stop_sequence: null, usage: USAGE }
  sendEvents(response, [
    typed({ type: 'message_start', message: started }),
    ...message.content.flatMap((block, index) => [
      typed({ type: 'content_block_start', index, content_block: emptied(block) }),
      typed({ type: 'content_block_delta', index, delta: deltaOf(block) }),
      typed({ type: 'content_block_stop', index }),
    ]),
    typed({ type: 'message_delta', delta: end, usage: USAGE }),
    typed({ type: 'message_stop' }),
  ])
}

function emptied(block: Block): Block {
  return block.type === 'text' ? { ...block, text: '' } : { ...block, input: {} }
}

function deltaOf(block: Block): object {
  if (block.type === 'text') return { type: 'text_delta', text: block.text }
  return { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }
}
