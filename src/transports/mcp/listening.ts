import {
  CLIENT_INFO_META_KEY,
  type JSONRPCMessage,
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
} from '@modelcontextprotocol/server'
import { type McpRequest, nameOfClient } from './request.ts'

// `subscriptions/listen` (2026): the SDK serves it by itself and does not report what a client listens to.

/** What a listening request subscribes to. A filter of another shape is refused by the SDK. */
export function wishOf({ params }: JSONRPCRequest): { uris: string[]; isListWatched: boolean } {
  const filter: unknown = params?.['notifications']
  if (typeof filter !== 'object' || filter === null) return { uris: [], isListWatched: false }
  const uris = 'resourceSubscriptions' in filter ? filter.resourceSubscriptions : []
  return {
    uris: Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [],
    isListWatched: 'resourcesListChanged' in filter && filter.resourcesListChanged === true,
  }
}

export function listenRequest({ id, params }: JSONRPCRequest): McpRequest {
  return {
    id,
    clientName: nameOfClient(params?._meta?.[CLIENT_INFO_META_KEY]),
    meta: {},
    clientRoot: () => Promise.resolve(undefined),
    signal: NEVER,
    notifyProgress: undefined,
    isStructured: true,
  }
}

const NEVER = new AbortController().signal

export function listenRefusal({ id }: JSONRPCRequest, error: unknown): JSONRPCMessage {
  if (!(error instanceof ProtocolError)) {
    return {
      jsonrpc: '2.0',
      id,
      error: { code: ProtocolErrorCode.InternalError, message: 'Internal server error' },
    }
  }
  const { code, message, data } = error
  return { jsonrpc: '2.0', id, error: { code, message, data } }
}
