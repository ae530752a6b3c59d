import { z } from 'zod'
import { type Dialect, isSaying, type ModelRequest, type Turn } from './dialect.ts'
import { textOf } from './parts.ts'
import { sendEvents } from './sse.ts'

// OpenAI's chat completions: POST /chat/completions, streamed.

const BODY = z.object({
  messages: z.array(
    z.object({ role: z.string(), content: z.unknown().optional(), tool_call_id: z.string().default('') }),
  ),
  tools: z
    .array(
      z.object({
        function: z.object({
          name: z.string(),
          description: z.string().default(''),
          parameters: z.unknown().optional(),
        }),
      }),
    )
    .default([]),
})

export const chat: Dialect = {
  asksModel: (path) => path.endsWith('/chat/completions'),
  read(body): ModelRequest {
    const { messages, tools } = BODY.parse(body)
    return {
      told: messages.map(({ content }) => textOf(content)).join('\n'),
      tools: tools.map((tool) => tool.function),
      // This interface has no mark for an error.
      results: messages
        .filter(({ role }) => role === 'tool')
        .map(({ content, tool_call_id }) => ({
          callId: tool_call_id,
          text: textOf(content),
          isError: false,
        })),
    }
  },
  write(response, turn) {
    const chunk = (delta: object, finish_reason: string | null) => ({
      data: {
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'scripted',
        choices: [{ index: 0, delta, finish_reason }],
      },
    })
    sendEvents(response, [
      chunk({ role: 'assistant', ...delta(turn) }, null),
      chunk({}, isSaying(turn) ? 'stop' : 'tool_calls'),
      { data: '[DONE]' },
    ])
  },
}

function delta(turn: Turn): object {
  if (isSaying(turn)) return { content: turn.say }
  const tool_calls = turn.calls.map(({ id, name, args }, index) => ({
    index,
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  }))
  return { tool_calls }
}
