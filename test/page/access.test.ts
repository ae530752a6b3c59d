import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expectAccessible, openBrowser, PHONE, withTab } from '../support/browser.ts'
import { HttpServer } from '../support/http.ts'
import { withFolder } from '../support/mcp.ts'
import { testProgram } from '../support/test-programs.ts'
import { ask } from './rest.ts'

const ADMIN_KEY = 'the-key-of-an-administrator'
const AS_ADMIN = { authorization: `Bearer ${ADMIN_KEY}` }

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function withAdmin(body: (server: HttpServer) => Promise<void>): Promise<void> {
  await withFolder(async (dataDir) => {
    const env = { AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY }
    const server = await HttpServer.start(dataDir, { program: testProgram('main.ts'), env })
    try {
      await body(server)
    } finally {
      await server.close()
    }
  })
}

test('an administrator makes a key and grants; the agent sees what it may, until the key is revoked', () =>
  withAdmin(async (server) => {
    const shop = await ask(server, 'POST /v1/scopes', { scope_type: 'project', name: 'web-shop' }, AS_ADMIN)
    const at = { scope_type: 'project', scope_id: shop['id'] }
    await ask(server, 'POST /v1/knowledge', { ...at, name: 'Port', content: '8080' }, AS_ADMIN)
    await ask(
      server,
      'POST /v1/knowledge',
      { scope_type: 'global', name: 'Not for all', content: 'x' },
      AS_ADMIN,
    )
    await withTab(browser, {}, async ({ page: admin }) => {
      await admin.goto(`${server.address}/#/access`)
      await admin.getByLabel('Key').fill(ADMIN_KEY)
      await admin.keyboard.press('Enter')
      await admin.getByLabel('Agent', { exact: true }).fill('codex')
      await admin.getByLabel('What it is for').fill('CI')
      await admin.getByRole('button', { name: 'Make a key' }).click()
      const key = (await admin.locator('.once code').textContent()) ?? ''
      const row = admin.getByRole('row', { name: /codex/ })
      await row.first().waitFor()
      await admin.getByLabel('Agent, * for every one').fill('codex')
      await admin.locator('#grant-scope').selectOption({ label: 'web-shop' })
      await admin.getByRole('button', { name: 'Grant' }).click()
      await admin.getByText('codex may read there now.').waitFor()
      await admin.getByLabel('Agent, empty for yourself').fill('codex')
      await admin.locator('#check-permission').selectOption('write')
      await admin.getByRole('button', { name: 'Ask' }).click()
      await admin.getByText('No.', { exact: true }).waitFor()
      await expectAccessible(admin, 'access')

      await withTab(browser, { viewport: PHONE, colorScheme: 'dark' }, async ({ page, complaints }) => {
        await page.goto(`${server.address}/#/memory`)
        await page.getByLabel('Key').fill(key)
        await page.keyboard.press('Enter')
        await page.locator('.hit', { hasText: 'Port' }).waitFor()
        expect(await page.getByText('Not for all').count()).toBe(0)
        await page.goto(`${server.address}/#/access`)
        await page.getByText('Keys and grants are for who has').waitFor()
        await expectAccessible(page, 'access of an agent')
        expect(complaints).toEqual([])

        await row.getByRole('button', { name: 'Revoke' }).click()
        await admin.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
        await row.getByText('revoked').waitFor()
        await page.getByLabel('Key').waitFor()
      })
    })
  }))

test('without keys it says how to make the first one', () =>
  withFolder(async (dataDir) => {
    const server = await HttpServer.start(dataDir, { program: testProgram('main.ts') })
    try {
      await withTab(browser, {}, async ({ page }) => {
        await page.goto(`${server.address}/#/access`)
        await page.getByText('agent-memory key create NAME --admin').waitFor()
        expect(await page.getByLabel('Key').count()).toBe(0)
      })
    } finally {
      await server.close()
    }
  }))
