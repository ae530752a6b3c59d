import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test } from 'vitest'
import { openBrowser, withTab } from '../support/browser.ts'
import { HttpServer } from '../support/http.ts'
import { withFolder } from '../support/mcp.ts'
import { PostgresServer } from '../support/postgres-server.ts'
import { RedisServer } from '../support/redis-server.ts'
import { testProgram } from '../support/test-programs.ts'
import { ask } from './rest.ts'

test('on two instances over PostgreSQL and Redis the page sees what agents do at the other one, and outlives its own', () =>
  withFolder(async (dataDir) => {
    await using servers = new AsyncDisposableStack()
    const postgres = await PostgresServer.start()
    servers.defer(() => postgres.close())
    const redis = await RedisServer.start()
    servers.defer(() => redis.close())
    const browser = await openBrowser()
    servers.defer(() => browser.close())
    const env = {
      AGENT_MEMORY_DB_TYPE: 'postgresql',
      AGENT_MEMORY_PG_URL: postgres.url(),
      AGENT_MEMORY_REDIS_ENABLED: 'true',
      AGENT_MEMORY_REDIS_URL: redis.url(),
    }
    const start = async (...args: string[]) => {
      const server = await HttpServer.start(dataDir, { program: testProgram('main.ts'), env, args })
      servers.defer(() => server.close())
      return server
    }
    const theirs = await start()
    const ours = await start()
    const agent = new Client({ name: 'agent-a', version: '1' })
    await agent.connect(new StreamableHTTPClientTransport(new URL(`${theirs.address}/mcp`)))
    servers.defer(() => agent.close())

    await withTab(browser, {}, async ({ page, complaints }) => {
      await page.goto(ours.address)
      await page.getByText('Live', { exact: true }).waitFor()
      await agent.callTool({
        name: 'memory_file_lock',
        arguments: {
          action: 'checkout',
          file_path: '/srv/shop/cart.ts',
          purpose: 'totals',
          agent_id: 'agent-a',
        },
      })
      const row = page.getByRole('row', { name: /cart\.ts/ })
      await row.waitFor()
      expect(await row.textContent()).toContain('agent-a')

      const { id } = await ask(theirs, 'POST /v1/guidelines', {
        scope_type: 'global',
        name: 'Money',
        content: 'Use floats.',
        agent_id: 'ann',
      })
      const change = { base_version: 1, agent_id: 'ben', content: 'Use cents.' }
      await ask(theirs, `PATCH /v1/guidelines/${id}`, change)
      await theirs.ask(`/v1/guidelines/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ base_version: 1, agent_id: 'cy', content: 'Use decimals.' }),
      })
      await page.getByRole('link', { name: 'Conflicts 1 open' }).click()
      await page.locator('.hit', { hasText: 'Money' }).click()
      await page.getByRole('button', { name: 'Take this one' }).last().click()
      await page.getByRole('button', { name: 'Settle it' }).click()
      await page.getByText('is at version 3').waitFor()
      await expect
        .poll(() => ask(theirs, `GET /v1/guidelines/${id}`))
        .toMatchObject({ content: 'Use decimals.', version: 3 })

      await page.goto(`${ours.address}/#/health`)
      await page.getByText('Everything works.').waitFor()
      await expect.poll(() => page.getByRole('cell', { name: 'up', exact: true }).count()).toBe(2)

      await ours.close()
      await page.getByText('No answer', { exact: true }).waitFor()
      await ask(theirs, 'POST /v1/locks', {
        file_path: '/srv/shop/meanwhile.ts',
        agent_id: 'ann',
        ttl_ms: 3_600_000,
      })
      await start('--port', new URL(ours.address).port)
      await page.getByText('Live', { exact: true }).waitFor()
      await page.getByRole('link', { name: 'Now' }).click()
      await page.getByRole('row', { name: /meanwhile\.ts/ }).waitFor()
      await page.locator('.events li', { hasText: 'ann locked meanwhile.ts' }).waitFor()
      expect(complaints).toEqual([])
    })
  }))
