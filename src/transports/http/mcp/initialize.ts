import { isJSONRPCRequest, ProtocolErrorCode, specTypeSchemas } from '@modelcontextprotocol/server'
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
