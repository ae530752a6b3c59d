import {
  isJSONRPCErrorResponse,
  type JSONRPCMessage,
  ProtocolErrorCode,
  Server,
  type Transport,
} from '@modelcontextprotocol/server'

/** Says plainly what does not fit, whatever carries the messages. */
export class PlainServer extends Server {
  override async connect(transport: Transport): Promise<void> {
    const send = transport.send.bind(transport)
    transport.send = (message, options) => send(withPlainError(message), options)
    await super.connect(transport)
  }
}

/**
 * The SDK answers params that do not fit with the dump of its validator, as an error of the server. It is the caller's: invalid
 * params, in one sentence.
 */
function withPlainError(message: JSONRPCMessage): JSONRPCMessage {
  if (!isJSONRPCErrorResponse(message)) return message
  const sentence = sentenceOf(message.error.message)
  if (sentence === undefined) return message
  return { ...message, error: { code: ProtocolErrorCode.InvalidParams, message: sentence } }
}

/** Of the first thing that the validator found. */
function sentenceOf(message: string): string | undefined {
  const start = message.indexOf('[')
  if (start === -1 || !message.includes('"code"')) return undefined
  const found = jsonIn(message.slice(start))
  return Array.isArray(found) ? issueSentence(found[0]) : undefined
}

/** What a validator found, in one sentence. */
export function issueSentence(issue: unknown): string | undefined {
  if (typeof issue !== 'object' || issue === null || !('path' in issue) || !('message' in issue))
    return undefined
  const path = Array.isArray(issue.path) ? issue.path.map(String).join('.') : ''
  return `${path || 'params'}: ${String(issue.message).replace(/^Invalid input: /, '')}.`
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
