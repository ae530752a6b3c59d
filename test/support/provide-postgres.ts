import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { PostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Through the keeper of sessions (session-keeper.ts). */
    postgresUrl: string
  }
}

/** Once for a run: the server that every test of the project uses, TEST_POSTGRES_URL or a private one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_POSTGRES_URL']
  const server = given ? undefined : await PostgresServer.start()
  const url = given ?? server?.url() ?? ''
  const keeper = await startKeeper(url)
  project.provide('postgresUrl', keeper.url)
  return async () => {
    await keeper.close()
    await server?.close()
  }
}

/** A process of its own: a test that waits for a program in its own process may not hold that one up. */
export async function startKeeper(serverUrl: string): Promise<{ url: string; close(): Promise<void> }> {
  const url = new URL(serverUrl)
  const program = join(import.meta.dirname, 'session-keeper.ts')
  const child = spawn(process.execPath, ['--no-warnings', program, url.hostname, url.port || '5432'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close')
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  url.hostname = '127.0.0.1'
  url.port = String(port).trim()
  return {
    url: url.href,
    async close() {
      child.stdin.end()
      await ended
    },
  }
}
