import { isIP } from 'node:net'
import { createClient, type RedisArgument } from '@redis/client'
import type { RedisAddress, RedisSettings } from './address.ts'

/** One server of Redis. */
export interface RedisNode {
  /** The path of a socket begins with a slash; it has no port. */
  readonly host: string
  readonly port: number
}

/** One connection to one server, used once: after `destroy` another is made. It never connects again and queues nothing. */
export interface RawClient {
  connect(): Promise<void>
  send(args: readonly string[]): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => void): Promise<void>
  /** Called when the connection ends by itself. */
  onEnd(listener: (error: Error) => void): void
  destroy(): void
}

export interface NodeOptions {
  readonly settings: Pick<RedisSettings, 'connectTimeoutMs'>
  readonly address: Pick<RedisAddress, 'username' | 'password' | 'tls' | 'db'>
}

const QUEUE_LENGTH = 10_000

/**
 * Never connected; every client is its duplicate. The package builds a class with all commands for each client whose options are
 * not those of the one before, and that takes longer than to connect.
 */
let pattern: ReturnType<typeof makePattern> | undefined

/** A client of that server, not connected yet. */
export function createNodeClient({ host, port }: RedisNode, { settings, address }: NodeOptions): RawClient {
  const { username, password, tls, db } = address
  const place = host.startsWith('/') ? { path: host, tls: false as const } : { host, port }
  const socket = {
    ...place,
    connectTimeout: settings.connectTimeoutMs,
    reconnectStrategy: false,
    noDelay: true,
  } as const
  pattern ??= makePattern()
  const client = pattern.duplicate({
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    // A proxy in front of several servers may know by the name alone which is meant. An address is no name
    // (RFC 6066).
    socket:
      tls === null
        ? socket
        : { ...socket, ...tls, tls: true, host, port, ...(isIP(host) === 0 && { servername: host }) },
    database: db,
  })
  // A connection that is still being made cannot be destroyed; so the process does not wait for its end. A
  // caller that waits for an answer has a timer of its own.
  client.unref()
  // Without a listener an error would end the process; the caller hears of it by `onEnd` or from `connect`.
  client.on('error', () => {})
  return {
    connect: async () => void (await client.connect()),
    send: (args) => client.sendCommand(args as RedisArgument[]),
    subscribe: (channel, listener) => client.subscribe(channel, listener),
    onEnd: (listener) =>
      void client.on('error', listener).on('end', () => listener(new Error('Socket closed'))),
    destroy: () => void (client.isOpen && client.destroy()),
  }
}

function makePattern() {
  return createClient({
    RESP: 3,
    name: 'agent-memory',
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: QUEUE_LENGTH,
    maintNotifications: 'disabled',
    // The caller sets its own deadline; this one would cost every command a signal and a timer.
    commandOptions: { timeout: 0 },
  })
}
