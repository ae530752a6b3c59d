import type { Readable, Writable } from 'node:stream'
import {
  isJSONRPCNotification,
  isJSONRPCRequest,
  isJSONRPCResponse,
  type JSONRPCMessage,
  ProtocolErrorCode,
  type Transport,
} from '@modelcontextprotocol/server'
import { writeExactly } from '../exact-numbers.ts'
import { makeRoom, Rest } from './collect.ts'
import { MessageLines } from './message-lines.ts'
import { BadMessage, idOfCutMessage, parseMessage } from './parse-message.ts'

export interface StdioStreams {
  readonly input: Readable
  readonly output: Writable
}

type RequestId = string | number

/** Room for the largest call there is, a thousand entries at once, of usual size; while it is read it takes several times as much. */
const MAX_MESSAGE_BYTES = 48 * 1024 * 1024

/** A client that asks for more than this at once, in calls or in bytes, is read on when some of it is answered. */
const MOST_UNANSWERED = 1_000
const MOST_UNANSWERED_BYTES = 8 * 1024 * 1024
/** A client that leaves more than this unread is read on when it has read that. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024

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
  /** Called for each response, with whether it was sent. */
  onanswered?: (id: RequestId, isOut: boolean) => void
  readonly #input: Readable
  readonly #output: Writable
  readonly #end: (reason: string) => void
  readonly #unanswered = new Set<RequestId>()
  /** The bytes of those that count: what waits for other agents is not the client's haste. */
  readonly #counted = new Map<RequestId, number>()
  readonly #idle = new Set<() => void>()
  readonly #lines: MessageLines
  readonly #rest = new Rest(() => this.#counted.size === 0)
  #countedBytes = 0
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
    this.#output.on('drain', this.#readOrNot)
    this.#input.on('data', this.#onData)
    this.#input.once('end', () => {
      this.#lines.end()
      this.#end('stdin closed')
    })
    this.#input.once('close', () => this.#end('stdin closed'))
    this.#input.once('error', () => this.#end('stdin failed'))
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const id = isJSONRPCResponse(message) ? message.id : undefined
    let isOut = false
    try {
      await this.#write(message)
      isOut = true
    } finally {
      if (id !== undefined) {
        this.onanswered?.(id, isOut)
        this.#settle(id)
      }
    }
  }

  /** This request waits for other agents: it does not keep later requests from being read. */
  waits(id: RequestId): void {
    this.#countedBytes -= this.#counted.get(id) ?? 0
    this.#counted.delete(id)
    if (this.#counted.size === 0) this.#rest.begin()
    this.#readOrNot()
  }

  /** Resolves as soon as every request has its answer, or the client reads answers no more. */
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
    this.#output.off('drain', this.#readOrNot)
    this.#input.pause()
    this.#end('closed')
    this.onclose?.()
  }

  readonly #onData = (chunk: Buffer): void => this.#lines.push(chunk)

  /** Back-pressure: what is not read any more stays with the client. */
  readonly #readOrNot = (): void => {
    if (this.#isClosed) return
    const isFull =
      this.#counted.size > MOST_UNANSWERED ||
      this.#countedBytes > MOST_UNANSWERED_BYTES ||
      this.#output.writableLength > MOST_UNREAD_BYTES
    if (isFull) this.#input.pause()
    else if (this.#input.isPaused()) this.#input.resume()
  }

  #receive(line: Buffer): void {
    if (this.#isClosed || isBlank(line)) return
    makeRoom(line.length)
    try {
      const message = parseMessage(line)
      this.#note(message, line.length)
      this.onmessage?.(message)
    } catch (error) {
      if (!(error instanceof BadMessage)) throw error
      this.#refuse(error)
    }
  }

  #refuse(error: BadMessage): void {
    this.onerror?.(error)
    this.#write(error.toResponse()).catch(() => {})
    this.#readOrNot()
  }

  /** A subscription is answered when it ends; a cancelled request not at all. */
  #note(message: JSONRPCMessage, bytes: number): void {
    if (isJSONRPCRequest(message) && message.method !== 'subscriptions/listen') this.#count(message.id, bytes)
    if (!isJSONRPCNotification(message) || message.method !== 'notifications/cancelled') return
    const id = message.params?.['requestId']
    if (typeof id === 'string' || typeof id === 'number') this.#settle(id)
  }

  #count(id: RequestId, bytes: number): void {
    this.#unanswered.add(id)
    this.#counted.set(id, (this.#counted.get(id) ?? 0) + bytes)
    this.#countedBytes += bytes
    this.#readOrNot()
  }

  #settle(id: RequestId): void {
    this.#unanswered.delete(id)
    this.waits(id)
    if (this.#unanswered.size > 0) return
    for (const resolve of this.#idle) resolve()
    this.#idle.clear()
  }

  #lose(reason: string): void {
    for (const id of [...this.#unanswered]) this.#settle(id)
    this.#end(reason)
  }

  #write(message: object): Promise<void> {
    const line = oneLine(writeExactly(JSON.stringify(message)))
    makeRoom(line.length)
    return new Promise((resolve, reject) => {
      // Two pieces that leave together: a text with the newline at its end would be one more copy of it.
      this.#output.cork()
      this.#output.write(line)
      this.#output.write('\n', (error) => (error ? reject(error) : resolve()))
      this.#output.uncork()
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
