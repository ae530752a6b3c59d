import {
  CLIENT_INFO_META_KEY,
  type ProgressToken,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server'
import type { ClientRoot } from './client-root.ts'

/** What a call needs to know of the request that it serves. */
export interface McpRequest {
  readonly id: string | number
  /** False for clients of revisions that know no structured results. */
  readonly isStructured: boolean
  /** As the client names itself; undefined before it has. */
  readonly clientName: string | undefined
  /** The folder that the client works in, where it says so. */
  readonly clientRoot: () => Promise<string | undefined>
  /** What the client says beside the arguments. */
  readonly meta: Readonly<Record<string, unknown>>
  /** Aborted when the client cancels the request. */
  readonly signal: AbortSignal
  /** Tells the client how far the call is; undefined where it did not ask. */
  readonly notifyProgress:
    | ((progress: { progress: number; total?: number; message?: string }) => void)
    | undefined
}

/** Clients of 2026 name themselves with every request, older ones once in `initialize`. */
export function mcpRequest(server: Server, root: ClientRoot, { mcpReq }: ServerContext): McpRequest {
  const envelope: Readonly<Record<string, unknown>> = mcpReq.envelope ?? {}
  const token = mcpReq._meta?.progressToken
  return {
    id: mcpReq.id,
    isStructured: knowsStructure(server.getNegotiatedProtocolVersion()),
    clientName: nameOfClient(envelope[CLIENT_INFO_META_KEY]) ?? server.getClientVersion()?.name,
    clientRoot: () => root.find(),
    meta: mcpReq._meta ?? {},
    signal: mcpReq.signal,
    notifyProgress:
      token === undefined ? undefined : (progress) => notify(mcpReq, { progressToken: token, ...progress }),
  }
}

/** Revisions are days: results with structure, and schemas of them, came with that of June 2025. */
export function knowsStructure(revision: string | undefined): boolean {
  return revision === undefined || revision >= '2025-06-18'
}

/** The name in a client's account of itself. */
export function nameOfClient(clientInfo: unknown): string | undefined {
  if (typeof clientInfo !== 'object' || clientInfo === null || !('name' in clientInfo)) return undefined
  return typeof clientInfo.name === 'string' ? clientInfo.name : undefined
}

function notify(
  mcpReq: ServerContext['mcpReq'],
  params: { progressToken: ProgressToken; progress: number; total?: number; message?: string },
): void {
  // A client that is gone needs no progress: a failed notification is ignored.
  mcpReq.notify({ method: 'notifications/progress', params }).catch(() => {})
}
