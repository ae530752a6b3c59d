import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  ProtocolErrorCode,
  specTypeSchemas,
} from '@modelcontextprotocol/server'
import { issueSentence } from '../../mcp/plain-error.ts'
import { rpcProblem } from './answers.ts'

/**
 * The refusal of an `initialize` that lacks what the protocol asks for, as over stdio. The SDK takes it for another request, and says
 * that nothing is initialized.
 */
export async function badInitialize(message: unknown): Promise<Response | undefined> {
  if (!isJSONRPCRequest(message) || message.method !== 'initialize') return undefined
  const { issues } = await specTypeSchemas.InitializeRequest['~standard'].validate(message)
  if (!issues) return undefined
  const what = issueSentence(issues[0]) ?? 'params: not those of initialize.'
  return rpcProblem(400, { code: ProtocolErrorCode.InvalidParams, message: what }, message.id)
}

/** The refusal of a request that names no session, and is all right otherwise: the SDK says of it that the server is not initialized. */
export function noSession({ method }: Request, message: unknown): Response | undefined {
  const isWhole = method !== 'POST' || isJSONRPCRequest(message) || isJSONRPCNotification(message)
  if (!isWhole) return undefined
  const what =
    'Mcp-Session-Id: missing. Send initialize first, then with each request the id that its answer has.'
  return rpcProblem(400, { code: -32_000, message: what }, isJSONRPCRequest(message) ? message.id : null)
}
