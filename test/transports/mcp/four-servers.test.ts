import type { Client } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { openClient, RawServer, REVISIONS, withFolder } from '../../support/mcp.ts'

const ROUNDS = 15

async function call(
  client: Client,
  name: string,
  args: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const { structuredContent, isError } = await client.callTool({ name, arguments: args })
  if (isError) throw new Error(JSON.stringify(structuredContent))
  return structuredContent as Record<string, unknown>
}

/** Four clients, old and new, each with a server of its own, all started at once. */
async function withFour(body: (clients: Client[], dataDir: string) => Promise<void>): Promise<void> {
  await withFolder(async (dataDir) => {
    const starts = [0, 1, 2, 3].map((i) =>
      openClient(dataDir, { name: `client-${i}`, revision: REVISIONS[i % 2] ?? '2025-11-25' }),
    )
    const settled = await Promise.allSettled(starts)
    const clients = settled.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    try {
      for (const start of settled) if (start.status === 'rejected') throw start.reason
      await body(clients, dataDir)
    } finally {
      await Promise.all(clients.map((client) => client.close()))
    }
  })
}

test('four servers on one new file: no error, no lost write, and each sees the others at once', async () => {
  await withFour(async (clients) => {
    await Promise.all(
      clients.map(async (client, i) => {
        const next = clients[(i + 1) % clients.length] ?? client
        for (let round = 0; round < ROUNDS; round++) {
          const name = `entry ${i}.${round}`
          const added = await call(client, 'memory_knowledge', {
            action: 'add',
            name,
            content: `Written by ${i}.`,
          })
          expect(await call(next, 'memory_knowledge', { action: 'get', name })).toMatchObject({
            id: added['id'],
          })
        }
      }),
    )
    for (const client of clients) {
      const { entries } = await call(client, 'memory_knowledge', { action: 'list', limit: 100 })
      expect(entries).toHaveLength(4 * ROUNDS)
    }
    const { scopes } = await call(clients[0] as Client, 'memory_scope', {
      action: 'list',
      scope_type: 'project',
    })
    expect(scopes, 'all four stand in one project').toHaveLength(1)
  })
})

test('exactly one of four gets a lock, each time, and the fence only grows', async () => {
  await withFour(async (clients) => {
    let fence = 0
    for (let round = 0; round < ROUNDS; round++) {
      const tries = await Promise.allSettled(
        clients.map((client) =>
          call(client, 'memory_file_lock', { action: 'checkout', file_path: 'src/a.ts', wait_ms: 0 }),
        ),
      )
      const won = tries.flatMap((outcome, i) =>
        outcome.status === 'fulfilled' ? [{ i, lock: outcome.value }] : [],
      )
      const lost = tries.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []))
      expect(won).toHaveLength(1)
      expect(lost.every((reason) => reason.includes('FILE_LOCKED'))).toBe(true)
      const token = Number(won[0]?.lock['fencing_token'])
      expect(token).toBeGreaterThan(fence)
      fence = token
      await call(clients[won[0]?.i ?? 0] as Client, 'memory_file_lock', {
        action: 'checkin',
        file_path: 'src/a.ts',
      })
    }
  })
})

test('a server that is killed in the middle takes nothing acknowledged with it and stops no other server', async () => {
  await withFour(async (clients, dataDir) => {
    const victim = new RawServer(dataDir)
    await victim.initialize()
    for (let i = 0; i < 100; i++) {
      const args = { action: 'add', name: `victim ${i}`, content: 'x' }
      victim.send({ id: i, method: 'tools/call', params: { name: 'memory_tool', arguments: args } })
    }
    const others = Promise.all(
      clients.map(async (client, i) => {
        for (let round = 0; round < ROUNDS; round++)
          await call(client, 'memory_tool', { action: 'add', name: `other ${i}.${round}`, content: 'x' })
      }),
    )
    await victim.answer(20)
    await victim.close()
    await others
    const kept = victim.answers.flatMap(({ id, result }) =>
      typeof id === 'number' && result ? [`victim ${id}`] : [],
    )
    const [reader] = clients as [Client]
    for (const name of [...kept, ...clients.map((_, i) => `other ${i}.${ROUNDS - 1}`)])
      expect(await call(reader, 'memory_tool', { action: 'get', name })).toMatchObject({ name })
  })
})
