import type { Readable, Writable } from 'node:stream'
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  ProtocolErrorCode,
  type Transport,
} from '@modelcontextprotocol/server'
import { MessageLines } from './message-lines.ts'
import { BadMessage, idOfCutMessage, parseMessage } from './parse-message.ts'
import { withPlainError } from './plain-error.ts'

export interface StdioStreams {
  readonly input: Readable
  readonly output: Writable
}

type RequestId = string | number

/** Room for the largest call there is, a thousand entries at once, of usual size. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

/** A client that asks for more than this at once is read on when some of it is answered. */
const MOST_UNANSWERED = 1_000

/**
 * One JSON-RPC message a line. What is no message is answered with an error, and the next line is read. At the end of
 * the input it does not close by itself: what has been asked may still be answered.
 */
export class StdioTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  /** Resolves when the client is gone: its end of either pipe is closed. */
  readonly ended: Promise<string>
  readonly #input: Readable
  readonly #output: Writable
  readonly #end: (reason: string) => void
  readonly #unanswered = new Set<RequestId>()
  readonly #idle = new Set<() => void>()
  readonly #lines: MessageLines
  #isClosed = false

  constructor({ input, output }: StdioStreams, maxMessageBytes = MAX_MESSAGE_BYTES) {
    this.#input = input
    this.#output = output
    const { promise, resolve } = Promise.withResolvers<string>()
    this.ended = promise
    this.#end = resolve
    this.#lines = new MessageLines(maxMessageBytes, {
      line: (line) => this.#receive(line),
      tooLong: (ends) => this.#refuse(tooLong(maxMessageBytes, idOfCutMessage(ends))),
    })
  }

  async start(): Promise<void> {
    this.#output.on('error', () => this.#lose('stdout closed'))
    this.#input.on('data', this.#onData)
    this.#input.once('end', () => {
      this.#lines.end()
      this.#end('stdin closed')
    })
    this.#input.once('close', () => this.#end('stdin closed'))
    this.#input.once('error', () => this.#end('stdin failed'))
  }

  async send(message: JSONRPCMessage): Promise<void> {
    try {
      await this.#write(withPlainError(message))
    } finally {
      if (isJSONRPCResponse(message) && message.id !== undefined) this.#settle(message.id)
    }
  }

  /** Resolves as soon as every request has its answer, or nobody reads answers any more. */
  async whenIdle(): Promise<void> {
    if (this.#unanswered.size === 0) return
    await new Promise<void>((resolve) => this.#idle.add(resolve))
  }

  /** Resolves when the client has read all that was sent so far, or no longer reads. */
  flushed(): Promise<void> {
    return new Promise((resolve) => {
      this.#output.write('', () => resolve())
    })
  }

  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#input.off('data', this.#onData)
    this.#input.pause()
    this.#end('closed')
    this.onclose?.()
  }

  readonly #onData = (chunk: Buffer): void => this.#lines.push(chunk)

  #receive(line: Buffer): void {
    if (this.#isClosed || isBlank(line)) return
    try {
      const message = parseMessage(line)
      this.#note(message)
      this.onmessage?.(message)
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error
      this.#refuse(error)
    }
  }

  #refuse(error: BadMessage): void {
    this.onerror?.(error)
    this.#write(error.toResponse()).catch(() => {})
  }

  /** A subscription is answered when it ends; a cancelled request not at all. */
  #note(message: JSONRPCMessage): void {
    if (isJSONRPCRequest(message) && message.method !== 'subscriptions/listen')
      this.#unanswered.add(message.id)
    if (this.#unanswered.size > MOST_UNANSWERED) this.#input.pause()
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return
    const id = message.params?.['requestId']
    if (typeof id === 'string' || typeof id === 'number') this.#settle(id)
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id)
    if (this.#unanswered.size === MOST_UNANSWERED && !this.#isClosed) this.#input.resume()
    if (this.#unanswered.size > 0) return
    for (const resolve of this.#idle) resolve()
    this.#idle.clear()
  }

  #lose(reason: string): void {
    for (const id of [...this.#unanswered]) this.#settle(id)
    this.#end(reason)
  }

  #write(message: object): Promise<void> {
    const line = `${oneLine(JSON.stringify(message))}\n`
    return new Promise((resolve, reject) => {
      this.#output.write(line, (error) => (error ? reject(error) : resolve()))
    })
  }
}

/** Some readers of lines end one at these characters too, which JSON leaves as they are. */
function oneLine(json: string): string {
  return json.replace(
    /[\u0085\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d)
}

function tooLong(maxBytes: number, id: string | number | null): BadMessage {
  return new BadMessage(
    ProtocolErrorCode.InvalidRequest,
    `The message takes more than ${maxBytes} bytes; split it.`,
    id,
  )
}
