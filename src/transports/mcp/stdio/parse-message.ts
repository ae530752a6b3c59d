import { isUtf8 } from 'node:buffer'
import { type JSONRPCMessage, ProtocolErrorCode, parseJSONRPCMessage } from '@modelcontextprotocol/server'
import { parseExactly } from '../exact-numbers.ts'
import { withMeantArguments } from '../meant-arguments.ts'
import type { LineEnds } from './message-lines.ts'

/** A line that is no message, and the answer that its sender gets. */
export class BadMessage extends Error {
  override readonly name = 'BadMessage'
  readonly code: number
  readonly id: string | number | null

  constructor(code: number, message: string, id: string | number | null = null) {
    super(message)
    this.code = code
    this.id = id
  }

  /** JSON-RPC wants a null where the request's id is not known. */
  toResponse(): object {
    const { id, code, message } = this
    return { jsonrpc: '2.0', id, error: { code, message } }
  }
}

/** One JSON-RPC message; throws BadMessage where the line is something else. */
export function parseMessage(line: Buffer): JSONRPCMessage {
  const value = parseJson(line)
  if (Array.isArray(value)) {
    throw new BadMessage(
      ProtocolErrorCode.InvalidRequest,
      'MCP has no batches: send each message on its own line.',
    )
  }
  try {
    return parseJSONRPCMessage(withMeantArguments(value))
  } catch {
    throw new BadMessage(ProtocolErrorCode.InvalidRequest, 'This is not a JSON-RPC 2.0 message.', idOf(value))
  }
}

function parseJson(line: Buffer): unknown {
  if (!isUtf8(line)) throw new BadMessage(ProtocolErrorCode.ParseError, 'The message is not UTF-8.')
  try {
    // Windows' shells put a byte order mark before what they pipe.
    return parseExactly(line.toString().replace(/^\uFEFF/, ''))
  } catch {
    throw new BadMessage(
      ProtocolErrorCode.ParseError,
      'The message is not JSON: send one JSON object a line.',
    )
  }
}

function idOf(value: unknown): string | number | null {
  if (typeof value !== 'object' || value === null || !('id' in value)) return null
  const { id } = value
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as string | number) : null
}

const MEMBER = String.raw`"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,\s*`
const ID = String.raw`"id"\s*:\s*("(?:[^"\\]|\\.)*"|-?\d+)`
/** The members that stand before the params, or behind them. */
const ID_AT_START = new RegExp(`^\\s*\\{\\s*(?:${MEMBER})*${ID}\\s*[,}]`)
const ID_AT_END = new RegExp(
  `[}\\]]\\s*,\\s*(?:${MEMBER})*${ID}\\s*(?:,\\s*"(?:jsonrpc|method)"\\s*:\\s*"[^"\\\\]*"\\s*)*\\}\\s*$`,
)

/** The id of a message of which only the beginning and the end are known; null where it cannot be seen. */
export function idOfCutMessage({ head, tail }: LineEnds): string | number | null {
  const [, id] = ID_AT_START.exec(head) ?? ID_AT_END.exec(tail) ?? []
  if (id === undefined) return null
  return idOf(parseJson(Buffer.from(`{"id":${id}}`)))
}
