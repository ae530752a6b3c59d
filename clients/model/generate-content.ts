import { z } from 'zod'
import { type Dialect, isSaying, type ModelRequest, type ToolResult, type Turn } from './dialect.ts'
import { textOf } from './parts.ts'
import { sendEvents } from './sse.ts'

// Gemini's generateContent: POST …/models/MODEL:streamGenerateContent?alt=sse.

const PARTS = z.object({ parts: z.array(z.looseObject({})).default([]) })
const BODY = z.object({
  systemInstruction: PARTS.optional(),
  contents: z.array(PARTS),
  tools: z
    .array(
      z.object({
        functionDeclarations: z
          .array(
            z.object({
              name: z.string(),
              description: z.string().default(''),
              parametersJsonSchema: z.unknown().optional(),
              parameters: z.unknown().optional(),
            }),
          )
          .default([]),
      }),
    )
    .default([]),
})
const RESULT = z.object({
  functionResponse: z.object({ id: z.string().default(''), response: z.record(z.string(), z.unknown()) }),
})

export const generateContent: Dialect = {
  asksModel: (path) => /:(stream)?generateContent$/i.test(path),
  read(body): ModelRequest {
    const { systemInstruction, contents, tools } = BODY.parse(body)
    return {
      told: [systemInstruction, ...contents].map((content) => textOf(content?.parts)).join('\n'),
      tools: tools
        .flatMap(({ functionDeclarations }) => functionDeclarations)
        .map(({ name, description, parametersJsonSchema, parameters }) => ({
          name,
          description,
          parameters: parametersJsonSchema ?? parameters,
        })),
      results: contents.flatMap(({ parts }) => parts.flatMap(resultIn)),
    }
  },
  write(response, turn, { path }) {
    const candidate = { index: 0, content: { role: 'model', parts: parts(turn) }, finishReason: 'STOP' }
    const answer = {
      candidates: [candidate],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 },
    }
    if (path.includes(':stream')) sendEvents(response, [{ data: answer }])
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  },
}

function resultIn(part: unknown): ToolResult[] {
  const { data } = RESULT.safeParse(part)
  if (!data) return []
  const { id, response } = data.functionResponse
  const isError = 'error' in response
  return [{ callId: id, text: textOf(response['output'] ?? response['error'] ?? response), isError }]
}

function parts(turn: Turn): object[] {
  if (isSaying(turn)) return [{ text: turn.say }]
  return turn.calls.map(({ id, name, args }) => ({ functionCall: { id, name, args } }))
}
