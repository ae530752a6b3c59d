import {
  isJSONRPCErrorResponse,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCMessage,
  type JSONRPCRequest,
  type Transport,
} from '@modelcontextprotocol/server'
import { listenRefusal, listenRequest, wishOf } from '../listening.ts'
import type { Subscriptions } from '../resources/subscriptions.ts'

/**
 * Stands before the SDK, which serves `subscriptions/listen` (2026) by itself and does not report what a
 * client listens to: here resources that are not there are refused, and the rest is followed until the client
 * cancels the request.
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
      if (await this.#subscriptions.open(message.id, wishOf(message), listenRequest(message)))
        this.onmessage?.(message)
    } catch (error) {
      await this.#inner.send(listenRefusal(message, error)).catch(() => {})
    }
  }
}
