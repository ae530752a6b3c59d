import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { withDeadline } from '../../../src/coordination/redis/connection/deadline.ts'
import { RedisTimeoutError } from '../../../src/coordination/redis/connection/errors.ts'

const DEADLINE_MS = 5

function holdUp(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

test('an answer that arrived in time counts, though the process was held up beyond the deadline before it read it', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  const [socket] = (await once(server, 'connection')) as [Socket]
  try {
    const answer = once(client, 'data')
    // From here on timers come before what sockets have to say.
    await nextTurn()
    const inTime = withDeadline(answer, DEADLINE_MS)
    socket.write('answer')
    holdUp(4 * DEADLINE_MS)
    expect(String(await inTime)).toBe('answer')
  } finally {
    client.destroy()
    server.close()
  }
})

test('what never answers is given up', async () => {
  await expect(withDeadline(new Promise(() => {}), DEADLINE_MS)).rejects.toThrow(RedisTimeoutError)
})
