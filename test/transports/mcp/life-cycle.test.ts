import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { testDatabase } from '../../support/database.ts'
import { openClient, RawServer, surroundings, withFolder, withRawServer } from '../../support/mcp.ts'
import { PATIENT } from '../../support/patience.ts'
import { programArgs } from '../../support/program.ts'

const add = (name: string) => ({ action: 'add', scope_type: 'global', name, content: 'x' })

async function namesIn(dataDir: string): Promise<string[]> {
  const client = await openClient(dataDir)
  const { structuredContent } = await client.callTool({
    name: 'memory_tool',
    arguments: { action: 'list', scope_type: 'global', limit: 100 },
  })
  await client.close()
  return (structuredContent as { entries: { name: string }[] }).entries.map(({ name }) => name)
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('when stdin closes, what was asked is answered and kept, and the process ends with 0', async () => {
  await withRawServer(
    async (server, dataDir) => {
      await server.initialize()
      await server.call('first', 'memory_tool', { action: 'list' })
      for (let i = 0; i < 20; i++)
        server.send({ id: i, method: 'tools/call', params: { name: 'memory_tool', arguments: add(`n${i}`) } })
      server.child.stdin?.end()
      expect(await server.ended()).toBe(0)
      const answered = server.answers.filter(
        ({ id, result }) => typeof id === 'number' && result && !result['isError'],
      )
      expect(answered).toHaveLength(20)
      expect(await namesIn(dataDir)).toHaveLength(20)
    },
    { env: PATIENT },
  )
})

test('a variable that looks like a setting and is none is said once at the start', async () => {
  await withRawServer(
    async (server) => {
      let stderr = ''
      server.child.stderr?.on('data', (chunk) => (stderr += String(chunk)))
      await server.initialize()
      server.child.stdin?.end()
      expect(await server.ended()).toBe(0)
      const said = stderr.split('\n').filter((line) => line.includes('"event":"setting"'))
      expect(said.map((line) => JSON.parse(line) as unknown)).toEqual([
        expect.objectContaining({
          level: 'warn',
          message: 'AGENT_MEMORY_REDIS_HOSTS is no setting of this version; it has no effect.',
          suggestion: 'Did you mean AGENT_MEMORY_REDIS_HOST?',
        }),
      ])
    },
    { env: { ...PATIENT, AGENT_MEMORY_REDIS_HOSTS: '10.0.0.1' } },
  )
})

test('an input that ends at once ends the server', async () => {
  await withRawServer(
    async (server) => {
      server.child.stdin?.end()
      expect(await server.ended()).toBe(0)
      expect(server.answers).toEqual([])
    },
    { env: PATIENT },
  )
})

test('a last line without a newline counts', async () => {
  await withRawServer(
    async (server) => {
      await server.initialize()
      server.write('{"jsonrpc":"2.0","id":"last","method":"ping"}')
      server.child.stdin?.end()
      expect(await server.ended()).toBe(0)
      expect(server.answers.at(-1)).toMatchObject({ id: 'last', result: {} })
    },
    { env: PATIENT },
  )
})

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s ends it, waits or not, with 0', async (signal) => {
  await withRawServer(
    async (server) => {
      await server.initialize()
      const args = { action: 'wait', timeout_ms: 60_000, types: ['entry.*'] }
      server.send({ id: 'wait', method: 'tools/call', params: { name: 'memory_event', arguments: args } })
      await server.ask('ping', 'ping')
      server.child.kill(signal)
      expect(await server.ended()).toBe(0)
      expect(server.answers.at(-1)).toMatchObject({
        id: 'wait',
        result: { structuredContent: { events: [] } },
      })
    },
    { env: PATIENT },
  )
})

test('a client that stops reading is no crash', async () => {
  await withRawServer(
    async (server) => {
      await server.initialize()
      server.child.stdout?.destroy()
      for (let i = 0; i < 5; i++) server.send({ id: i, method: 'tools/list' })
      expect(await server.ended()).toBe(0)
      expect(server.stderr).not.toContain('EPIPE')
    },
    { env: PATIENT },
  )
})

test('the server ends with a parent that is killed', async () => {
  await withFolder(async (dataDir) => {
    const { parent, serverPid } = await startParent(dataDir, { holdPipe: false })
    parent.kill('SIGKILL')
    await expect.poll(() => isRunning(serverPid)).toBe(false)
  })
})

test('the server ends with a killed parent even when another process holds its pipes', async () => {
  await withFolder(async (dataDir) => {
    const { parent, serverPid, holderPid } = await startParent(dataDir, { holdPipe: true })
    try {
      parent.kill('SIGKILL')
      await expect.poll(() => isRunning(serverPid)).toBe(false)
      expect(isRunning(holderPid)).toBe(true)
    } finally {
      process.kill(holderPid, 'SIGKILL')
    }
  })
})

test('no acknowledged write is lost when the server itself is killed', async () => {
  await withFolder(async (dataDir) => {
    const server = new RawServer(dataDir)
    await server.initialize()
    for (let i = 0; i < 200; i++)
      server.send({ id: i, method: 'tools/call', params: { name: 'memory_tool', arguments: add(`n${i}`) } })
    await server.answer(40)
    await server.close()
    const acknowledged = server.answers.flatMap(({ id, result }) =>
      typeof id === 'number' && result ? [`n${id}`] : [],
    )
    expect(acknowledged.length).toBeGreaterThan(0)
    const client = await openClient(dataDir)
    for (const name of acknowledged) {
      const args = { action: 'get', scope_type: 'global', name }
      const { isError } = await client.callTool({ name: 'memory_tool', arguments: args })
      expect(isError, name).not.toBe(true)
    }
    await client.close()
  })
})

test('a database that cannot be opened ends the start with a reason on stderr, and nothing on stdout', async () => {
  await withFolder(async (dataDir) => {
    writeFileSync(join(dataDir, 'memory.db'), 'this is no database'.repeat(100))
    const env = testDatabase === 'sqlite' ? {} : { AGENT_MEMORY_PG_URL: 'postgresql://127.0.0.1:1/nowhere' }
    const server = new RawServer(dataDir, { env })
    expect(await server.ended()).toBe(1)
    expect(server.answers).toEqual([])
    expect(server.stderr).toContain(testDatabase === 'sqlite' ? 'memory.db' : 'DATABASE_ERROR')
  })
})

/** A program that starts a server, as a client does; with `holdPipe` another child of it inherits the server's stdin. */
async function startParent(dataDir: string, { holdPipe }: { holdPipe: boolean }) {
  const source = `
    import { spawn } from 'node:child_process'
    import { once } from 'node:events'
    const server = spawn(process.execPath, ${JSON.stringify(programArgs('mcp'))}, { stdio: ['pipe', 'pipe', 'ignore'] })
    const holder = ${holdPipe}
      ? spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: ['ignore', server.stdin._handle, server.stdout._handle] })
      : undefined
    server.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\\n')
    await once(server.stdout, 'data')
    console.log(JSON.stringify({ serverPid: server.pid, holderPid: holder?.pid ?? 0 }))
    setInterval(() => {}, 1e6)`
  const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
    ...surroundings(dataDir),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface({ input: parent.stdout }), 'line')
  return { parent, ...(JSON.parse(line) as { serverPid: number; holderPid: number }) }
}
