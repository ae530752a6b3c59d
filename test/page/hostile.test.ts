import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, PHONE, WIDE, withTab } from '../support/browser.ts'
import { HttpServer, type Json } from '../support/http.ts'
import { withFolder } from '../support/mcp.ts'
import { testProgram } from '../support/test-programs.ts'
import { ask } from './rest.ts'

// What a colleague who means harm can write into a memory, and what the page makes of it.

const ADMIN_KEY = 'the-key-of-an-administrator'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

async function withServer(
  env: Readonly<Record<string, string>>,
  body: (server: HttpServer) => Promise<void>,
): Promise<void> {
  await withFolder(async (dataDir) => {
    const server = await HttpServer.start(dataDir, { program: testProgram('main.ts'), env })
    try {
      await body(server)
    } finally {
      await server.close()
    }
  })
}

const text = (page: Page) => page.locator('body').textContent()

test('a character that turns the direction of writing is spelled out wherever it is shown', () =>
  withServer({}, async (server) => {
    const turned = (what: string) => `${what} \u202eesrever`
    const by = { agent_id: turned('agent') }
    await ask(server, 'POST /v1/scopes', { scope_type: 'project', name: turned('scope'), ...by })
    const given = { name: turned('name'), content: `${turned('content')} zebra`, tags: [turned('tag')] }
    const { id } = await ask(server, 'POST /v1/knowledge', { scope_type: 'global', ...given, ...by })
    await ask(server, 'POST /v1/locks', {
      file_path: '/srv/a.ts',
      purpose: turned('purpose'),
      ...by,
    })
    await ask(server, 'POST /v1/votes', { task_id: turned('task'), vote_value: turned('vote'), ...by })
    await withTab(browser, {}, async ({ page }) => {
      for (const [view, shown] of [
        ['now', ['agent', 'purpose', 'task', 'vote']],
        ['memory?q=zebra', ['scope', 'name', 'content', 'tag']],
        [`memory?id=${id}`, ['agent', 'name', 'content', 'tag']],
      ] as const) {
        await page.goto(`${server.address}/#/${view}`)
        for (const what of shown)
          await page.getByText(`${what} <U+202E>esrever`).locator('visible=true').first().waitFor()
        expect(await text(page)).not.toContain('\u202e')
      }
      // What is edited is the text as it is.
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      expect(await page.locator('#edit-content').inputValue()).toBe(given.content)
    })
  }))

test('endless words, deep values and long lists neither widen the page nor stop it', () =>
  withServer({}, async (server) => {
    const deep = (depth: number): Json => JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`) as Json
    const at = { scope_type: 'global', agent_id: 'e'.repeat(200) }
    await ask(server, 'POST /v1/scopes', { ...at, scope_type: 'project', name: 's'.repeat(500) })
    const content = `zebra ${'w'.repeat(20_000)} [x](javascript:window.ran=1) https://evil.example/`
    const tags = Array.from({ length: 50 }, (_, n) => `${n}${'t'.repeat(90)}`)
    const { id } = await ask(server, 'POST /v1/knowledge', {
      ...at,
      name: 'n'.repeat(500),
      content,
      tags,
      source: 'javascript:window.ran=1',
      metadata: deep(60),
    })
    const entries = Array.from({ length: 100 }, (_, n) => ({
      name: `${n}${'m'.repeat(400)}`,
      content: 'zebra',
    }))
    await ask(server, 'POST /v1/knowledge/bulk', { ...at, entries })
    await ask(server, 'POST /v1/locks', {
      ...at,
      file_path: `/srv/${'f'.repeat(3_000)}`,
      purpose: 'p'.repeat(500),
      scope_type: undefined,
    })
    await ask(server, 'POST /v1/votes', {
      task_id: 'k'.repeat(200),
      vote_value: 'v'.repeat(9_000),
      agent_id: 'ann',
    })
    const questions = [
      '('.repeat(2_000),
      'a+'.repeat(3_000),
      Array.from({ length: 2_000 }, (_, n) => `w${n}`).join(' '),
    ]
    for (const viewport of [WIDE, PHONE])
      await withTab(browser, { viewport }, async ({ page, complaints, hosts }) => {
        for (const [view, shown] of [
          ['now', 'vvvvvvvv'],
          ['memory?q=zebra', 'mmmmmmmm'],
          [`memory?id=${id}`, 'wwwwwwww'],
          ...questions.map((question) => [`memory?q=${encodeURIComponent(question)}`, 'Live'] as const),
        ] as const) {
          await page.goto(`${server.address}/#/${view}`)
          await page.getByText(shown).first().waitFor()
          const [wanted, there] = await page.evaluate<[number, number]>(
            '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
          )
          expect({ view: view.slice(0, 20), overflows: wanted > there }).toEqual({
            view: view.slice(0, 20),
            overflows: false,
          })
        }
        expect(await page.locator('a[href^="javascript"], a[href*="evil"]').count()).toBe(0)
        expect([await page.evaluate('window.ran'), complaints, [...hosts]]).toEqual([
          undefined,
          [],
          [new URL(server.address).host],
        ])
      })
  }))

test('of what one key was shown nothing is left for the next one', () =>
  withServer({ AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY }, async (server) => {
    const admin = { authorization: `Bearer ${ADMIN_KEY}` }
    const made = await ask(server, 'POST /v1/keys', { agent: 'codex' }, admin)
    await ask(
      server,
      'POST /v1/knowledge',
      { scope_type: 'global', name: 'Merger', content: 'Secret.' },
      admin,
    )
    await withTab(browser, {}, async ({ page }) => {
      const signIn = async (key: string) => {
        await page.getByLabel('Key').fill(key)
        await page.keyboard.press('Enter')
        await page.getByText('Live', { exact: true }).waitFor()
      }
      await page.goto(`${server.address}/#/now`)
      await signIn(ADMIN_KEY)
      await page.locator('.events').getByText('administrator').first().waitFor()
      expect(page.url()).not.toContain(ADMIN_KEY)
      expect(await page.evaluate('JSON.stringify({ ...localStorage }) + document.cookie')).not.toContain(
        ADMIN_KEY,
      )
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByLabel('Key').waitFor()
      expect(await text(page)).not.toContain('administrator')
      expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain(ADMIN_KEY)
      await signIn(String(made['key']))
      await page.getByText('Nothing has happened yet.').waitFor()
      expect(await text(page)).not.toContain('administrator')
    })
  }))
