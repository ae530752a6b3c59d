import { isJSONRPCErrorResponse, type JSONRPCMessage, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { z } from 'zod'

const issues = z
  .array(z.looseObject({ path: z.array(z.union([z.string(), z.number()])), message: z.string() }))
  .min(1)

/**
 * The SDK answers params that do not fit with the dump of its validator, as an error of the server. It is the caller's: invalid
 * params, in one sentence.
 */
export function withPlainError(message: JSONRPCMessage): JSONRPCMessage {
  if (!isJSONRPCErrorResponse(message)) return message
  const sentence = sentenceOf(message.error.message)
  if (sentence === undefined) return message
  return { ...message, error: { code: ProtocolErrorCode.InvalidParams, message: sentence } }
}

function sentenceOf(message: string): string | undefined {
  const start = message.indexOf('[')
  if (start === -1 || !message.includes('"code"')) return undefined
  const parsed = issues.safeParse(jsonIn(message.slice(start)))
  const [issue] = parsed.data ?? []
  if (!issue) return undefined
  const path = issue.path.join('.') || 'params'
  return `${path}: ${issue.message.replace(/^Invalid input: /, '')}.`
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
