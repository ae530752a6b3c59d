import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { type OpenPort, openPort, withPort } from '../../support/http.ts'

// Senders that do not come to an end, and listeners that are not there any more.

const LIMITS = {
  headersTimeout: 300,
  requestTimeout: 600,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 50,
}

async function open({ address }: OpenPort, head: string): Promise<Socket> {
  const { port } = new URL(address)
  const socket = connect({ port: Number(port), host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => {})
  await once(socket, 'connect')
  socket.write(head.replaceAll('\n', '\r\n'))
  return socket
}

const HEAD =
  'POST /v1/guidelines HTTP/1.1\nhost: localhost\ncontent-type: application/json\ncontent-length: 100\n\n'

test.each([
  ['a body', `${HEAD}{"name"`, 408],
  ['a head', 'GET /v1/guidelines HTTP/1.1\nhost: local', 408],
  ['headers without end', `GET / HTTP/1.1\nhost: localhost\nx: ${'y'.repeat(40_000)}\n\n`, 431],
  ['no HTTP', 'hello\n\n', 400],
])(
  '%s that does not come to its end is answered with our code, and everybody else is served',
  (_what, sent, status) =>
    withApp(async (t) => {
      const port = await openPort(t, { limits: LIMITS })
      try {
        const slow = await Promise.all(Array.from({ length: 20 }, () => open(port, sent)))
        expect(await port.ask('GET /v1/health')).toMatchObject({ status: 200 })
        for (const socket of slow) {
          const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n')
          expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
          expect(JSON.parse(body)).toMatchObject({ status, error: { code: 'E1004' } })
          socket.destroy()
        }
        expect(await port.ask('GET /v1/guidelines')).toMatchObject({ body: { entries: [] } })
      } finally {
        await port.close()
      }
    }),
)

test('a stream whose listener has gone is given up, whether it said so or not', () =>
  withPort({}, async (port, t) => {
    const streams = async () =>
      /agent_memory_event_streams (\d+)/.exec(await (await fetch(`${port.address}/metrics`)).text())?.[1]
    const asks = 'GET /v1/events HTTP/1.1\nhost: localhost\naccept: text/event-stream\n\n'
    const sockets = await Promise.all(Array.from({ length: 10 }, () => open(port, asks)))
    await Promise.all(sockets.map((socket) => once(socket, 'data')))
    expect(await streams()).toBe('10')
    for (const [at, socket] of sockets.entries()) {
      if (at % 2 === 0) socket.resetAndDestroy()
      else socket.destroy()
    }
    await t.call('memory_tool', 'add', { scope_type: 'global', name: 'jq', content: 'JSON' })
    await expect.poll(streams).toBe('0')
    expect(await port.ask('GET /v1/health')).toMatchObject({ status: 200 })
  }))
