import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { Subscriptions } from '../../../src/transports/mcp/resources/subscriptions.ts'
import { createServer } from '../../../src/transports/mcp/server.ts'
import { Calls } from '../../../src/transports/mcp/tools/calls.ts'
import { Tools } from '../../../src/transports/mcp/tools/tools.ts'
import { type TestApp, withApp } from '../../support/app.ts'

const WAIT = { name: 'memory_event', arguments: { action: 'wait', timeout_ms: 60_000 } }

/** A client and a server in this process, so that the server's own clocks can run fast. */
async function withConnection(
  body: (client: Client, calls: Calls, t: TestApp) => Promise<void>,
): Promise<void> {
  await withApp(async (t) => {
    const callerOf = async () => ({ agentId: 'tester', workspace: t.workspace })
    const calls = new Calls(t.app, { callerOf, heartbeatMs: 5 })
    const tools = new Tools(calls, t.app.config.toolsets)
    const subscriptions = new Subscriptions({ app: t.app, calls, flushed: async () => {} })
    const server = createServer({ calls, tools, subscriptions }, { era: 'legacy' })
    const client = new Client({ name: 'test', version: '1' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    await server.connect(far)
    await client.connect(near)
    try {
      await body(client, calls, t)
    } finally {
      await client.close()
    }
  })
}

test('a client that asked for progress hears of a call that waits', async () => {
  await withConnection(async (client, _calls, t) => {
    const heard: number[] = []
    const enough = Promise.withResolvers<void>()
    const answer = client.callTool(WAIT, {
      onprogress: ({ progress }) => {
        if (heard.push(progress) === 3) enough.resolve()
      },
    })
    await enough.promise
    await t.call('memory_tool', 'add', { name: 'a', content: 'b' })
    const { structuredContent } = await answer
    expect(structuredContent).toMatchObject({ events: expect.arrayContaining([expect.anything()]) })
    expect(heard).toEqual(heard.toSorted((a, b) => a - b))
  })
})

test('at the end calls that wait give up, and are answered', async () => {
  await withConnection(async (client, calls) => {
    const answer = client.callTool(WAIT)
    await client.ping()
    calls.endWaits()
    expect((await answer).structuredContent).toMatchObject({ events: [] })
    expect((await client.callTool(WAIT)).structuredContent).toMatchObject({ events: [] })
  })
})
