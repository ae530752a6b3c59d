import {
  CLIENT_INFO_META_KEY,
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  ProtocolError,
  ProtocolErrorCode,
  type Transport,
} from '@modelcontextprotocol/server'
import { type McpRequest, nameOfClient } from '../request.ts'
import type { Subscriptions } from '../resources/subscriptions.ts'

/**
 * Stands before the SDK, which serves `subscriptions/listen` (2026) by itself and tells nobody what a client listens to: here
 * resources that are not there are refused, and the rest is followed until the client cancels the request.
 */
export class ListenGate implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #inner: Transport
  readonly #subscriptions: Subscriptions

  constructor(inner: Transport, subscriptions: Subscriptions) {
    this.#inner = inner
    this.#subscriptions = subscriptions
  }

  async start(): Promise<void> {
    this.#inner.onmessage = (message) => this.#receive(message)
    this.#inner.onerror = (error) => this.onerror?.(error)
    this.#inner.onclose = () => {
      this.#subscriptions.closeAll()
      this.onclose?.()
    }
    await this.#inner.start()
  }

  /** What the SDK refuses is not followed. */
  async send(message: JSONRPCMessage): Promise<void> {
    if (isJSONRPCErrorResponse(message) && message.id !== undefined) this.#subscriptions.close(message.id)
    await this.#inner.send(message)
  }

  close(): Promise<void> {
    return this.#inner.close()
  }

  #receive(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && message.method === 'subscriptions/listen') {
      void this.#listen(message)
      return
    }
    if (isJSONRPCNotification(message) && message.method === 'notifications/cancelled') {
      const id = message.params?.['requestId']
      if (typeof id === 'string' || typeof id === 'number') this.#subscriptions.close(id)
    }
    this.onmessage?.(message)
  }

  async #listen(message: JSONRPCRequest): Promise<void> {
    try {
      if (await this.#subscriptions.open(message.id, wishOf(message), requestOf(message)))
        this.onmessage?.(message)
    } catch (error) {
      await this.#inner.send(refusal(message, error)).catch(() => {})
    }
  }
}

/** A filter of another shape is refused by the SDK. */
function wishOf({ params }: JSONRPCRequest): { uris: string[]; isListWatched: boolean } {
  const filter: unknown = params?.['notifications']
  if (typeof filter !== 'object' || filter === null) return { uris: [], isListWatched: false }
  const uris = 'resourceSubscriptions' in filter ? filter.resourceSubscriptions : []
  return {
    uris: Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [],
    isListWatched: 'resourcesListChanged' in filter && filter.resourcesListChanged === true,
  }
}

function requestOf({ id, params }: JSONRPCRequest): McpRequest {
  return {
    id,
    clientName: nameOfClient(params?._meta?.[CLIENT_INFO_META_KEY]),
    meta: {},
    clientRoot: () => Promise.resolve(undefined),
    signal: NEVER,
    notifyProgress: undefined,
  }
}

const NEVER = new AbortController().signal

function refusal({ id }: JSONRPCRequest, error: unknown): JSONRPCMessage {
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
