import type { TestProject } from 'vitest/node'
import { PostgresServer } from './postgres-server.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string
  }
}

/** Once for a run: the server that every test of the project uses, TEST_POSTGRES_URL or a private one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env['TEST_POSTGRES_URL']
  if (given) {
    project.provide('postgresUrl', given)
    return async () => {}
  }
  const server = await PostgresServer.start()
  project.provide('postgresUrl', server.url())
  return () => server.close()
}
