import {
  type CallToolResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
} from '@modelcontextprotocol/server'
import { AppError, ERRORS } from '../../domain/errors.ts'
import { badCursor } from '../../domain/page.ts'
import type { McpRequest } from './request.ts'

/** A refused tool call: the agent reads what was wrong and what to do, as data and as text. */
export function toolError(
  error: AppError,
  { isStructured }: Pick<McpRequest, 'isStructured'>,
): CallToolResult {
  const body = error.toBody()
  return {
    isError: true,
    ...(isStructured && { structuredContent: { ...body } }),
    content: [{ type: 'text', text: JSON.stringify(body) }],
  }
}

/** Where the protocol knows no refused result: an error with the same body as its data. */
export function protocolError(error: unknown): unknown {
  if (!(error instanceof AppError)) return error
  const { http } = ERRORS[error.errorName]
  const code = http < 500 ? ProtocolErrorCode.InvalidParams : ProtocolErrorCode.InternalError
  return new ProtocolError(code, error.message, error.toBody())
}

/** The same for a resource, of which the protocol knows that it may not be there. */
export function resourceError(error: unknown, uri: string): unknown {
  if (error instanceof AppError && error.errorName === 'NOT_FOUND') return new ResourceNotFoundError(uri)
  return protocolError(error)
}

/** These lists have one page. */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor === undefined) return
  throw protocolError(badCursor())
}
