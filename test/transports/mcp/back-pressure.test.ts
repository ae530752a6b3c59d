import { PassThrough, Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { StdioTransport } from '../../../src/transports/mcp/stdio/transport.ts'

const MB = 1024 * 1024

/** A transport whose client reads only when the test says so. */
async function openTransport() {
  const unread: (() => void)[] = []
  const input = new PassThrough()
  const output = new Writable({
    write(_chunk, _encoding, done) {
      unread.push(done)
    },
  })
  const transport = new StdioTransport({ input, output })
  await transport.start()
  const settled = async () => {
    for (let n = 0; n < 10; n++) await nextTurn()
  }
  return {
    transport,
    input,
    async write(text: string) {
      input.write(text)
      await settled()
    },
    async read() {
      for (let done = unread.shift(); done; done = unread.shift()) {
        done()
        if (unread.length === 0) await settled()
      }
    },
  }
}

const request = (id: number, filler = '') =>
  `${JSON.stringify({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'x', filler } })}\n`

test('bad lines are read on when their answers have been read', async () => {
  const { input, write, read } = await openTransport()
  await write('x\n'.repeat(10))
  expect(input.isPaused()).toBe(false)
  await write('x\n'.repeat(40_000))
  expect(input.isPaused()).toBe(true)
  await read()
  expect(input.isPaused()).toBe(false)
})

test('requests are read on when there are fewer of them, in number and in bytes', async () => {
  const { transport, input, write, read } = await openTransport()
  const answer = (id: number) => {
    void transport.send({ jsonrpc: '2.0', id, result: {} })
    return read()
  }
  await write(request(1, 'x'.repeat(5 * MB)))
  expect(input.isPaused()).toBe(false)
  await write(request(2, 'x'.repeat(5 * MB)))
  expect(input.isPaused()).toBe(true)
  await answer(1)
  expect(input.isPaused()).toBe(false)
  await answer(2)
  await write(Array.from({ length: 1_001 }, (_, n) => request(n)).join(''))
  expect(input.isPaused()).toBe(true)
  await answer(7)
  expect(input.isPaused()).toBe(false)
})

test('what waits for other agents does not count', async () => {
  const { transport, input, write } = await openTransport()
  await write(Array.from({ length: 1_001 }, (_, n) => request(n)).join(''))
  expect(input.isPaused()).toBe(true)
  transport.waits(3)
  expect(input.isPaused()).toBe(false)
  await write(request(2_000))
  expect(input.isPaused()).toBe(true)
})
