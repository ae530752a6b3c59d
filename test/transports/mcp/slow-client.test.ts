import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { Subscriptions } from '../../../src/transports/mcp/resources/subscriptions.ts'
import { createServer } from '../../../src/transports/mcp/server.ts'
import { Calls } from '../../../src/transports/mcp/tools/calls.ts'
import { Tools } from '../../../src/transports/mcp/tools/tools.ts'
import { withApp } from '../../support/app.ts'

test('a client that does not read gets the rest when it does, each resource once', () =>
  withApp(async (t) => {
    const callerOf = async () => ({ agentId: 'tester', workspace: t.workspace })
    const calls = new Calls(t.app, { callerOf })
    const tools = new Tools(calls, t.app.config.toolsets)
    const reading = Promise.withResolvers<void>()
    const subscriptions = new Subscriptions({ app: t.app, calls, flushed: () => reading.promise })
    const server = createServer({ calls, tools, subscriptions }, { era: 'legacy' })
    const client = new Client({ name: 'slow', version: '1' })
    const [near, far] = InMemoryTransport.createLinkedPair()
    await server.connect(far)
    await client.connect(near)
    const heard: string[] = []
    client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(params.uri)
    })
    const add = (name: string) => t.call('memory_tool', 'add', { name, content: 'x', scope_type: 'global' })
    const { id } = await add('one')
    const uri = `memory://entry/${id}`
    await client.subscribeResource({ uri: 'memory://context' })
    await add('two')
    await expect.poll(() => heard).toEqual(['memory://context'])
    await client.subscribeResource({ uri })
    for (const content of ['a', 'b', 'c']) await t.call('memory_tool', 'update', { id, content })
    await client.ping()
    expect(heard).toEqual(['memory://context'])
    reading.resolve()
    await expect.poll(() => heard.length).toBeGreaterThan(2)
    await client.ping()
    expect(heard.slice(1).sort()).toEqual(['memory://context', uri])
    subscriptions.closeAll()
    await client.close()
  }))
