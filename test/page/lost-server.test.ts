import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, withTab } from '../support/browser.ts'
import { HttpServer } from '../support/http.ts'
import { withFolder } from '../support/mcp.ts'
import { testProgram } from '../support/test-programs.ts'
import { until } from '../support/until.ts'
import { ask } from './rest.ts'

let browser: Browser

beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

const program = () => testProgram('main.ts')

test('a server that dies is said to, and the page goes on by itself when it is back', () =>
  withFolder((dataDir) =>
    withTab(browser, {}, async ({ page }) => {
      const first = await HttpServer.start(dataDir, { program: program() })
      await page.goto(first.address)
      await page.getByText('Live', { exact: true }).waitFor()
      await first.close()
      await page.getByText('No answer', { exact: true }).waitFor()
      await page.getByText(/has not answered for/).waitFor()
      const { port } = new URL(first.address)
      const second = await HttpServer.start(dataDir, { program: program(), args: ['--port', port] })
      try {
        await page.getByText('Live', { exact: true }).waitFor()
        await ask(second, 'POST /v1/locks', { file_path: '/srv/after.ts', agent_id: 'ann' })
        await page.getByRole('row', { name: /after\.ts/ }).waitFor()
        expect(await page.getByText(/has not answered for/).count()).toBe(0)
      } finally {
        await second.close()
      }
    }),
  ))

test('what an earlier key is refused late does not ask for the one that opens', () =>
  withFolder((dataDir) =>
    withTab(browser, {}, async ({ page }) => {
      const env = { AGENT_MEMORY_HTTP_API_KEYS: 'the-right-key:ann' }
      const server = await HttpServer.start(dataDir, { program: program(), env })
      const late = Promise.withResolvers<void>()
      await page.route('**/v1/health', async (route) => {
        if (route.request().headers()['authorization'] === undefined) await late.promise
        await route.continue()
      })
      try {
        await page.goto(server.address)
        await page.getByLabel('Key').fill('the-right-key')
        await page.keyboard.press('Enter')
        await page.getByText('Live', { exact: true }).waitFor()
        const refused = page.waitForResponse((response) => response.status() === 401)
        late.resolve()
        await (await refused).finished()
        // What comes after the refusal has been dealt with: the page draws in between.
        await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))')
        expect(await page.getByLabel('Key').count()).toBe(0)
        expect(await page.getByText('Live', { exact: true }).count()).toBe(1)
      } finally {
        late.resolve()
        await server.close()
      }
    }),
  ))

/** Of the refusals of a key those that a view waits for break off when it leaves; the others arrive whole, after the first of these. */
const HALF_REFUSALS = `
  window.broken = 0
  const begun = Promise.withResolvers()
  const reached = fetch
  window.fetch = async (path, init = {}) => {
    const response = await reached(path, init)
    const isOfKey = response.status === 401 && new Headers(init.headers).has('authorization')
    if (!isOfKey) return response
    if (!init.signal) {
      await begun.promise
      return response
    }
    response.json = () => new Promise((_, reject) => {
      const leave = () => {
        window.broken++
        reject(new DOMException('left', 'AbortError'))
      }
      if (init.signal.aborted) leave()
      else init.signal.addEventListener('abort', leave)
      begun.resolve()
    })
    return response
  }`

test('why a key is refused stays, though the view that asked no longer waits for its other answers', () =>
  withFolder((dataDir) =>
    withTab(browser, {}, async ({ page }) => {
      const env = { AGENT_MEMORY_HTTP_API_KEYS: 'the-right-key:ann' }
      const server = await HttpServer.start(dataDir, { program: program(), env })
      await page.addInitScript(HALF_REFUSALS)
      try {
        await page.goto(server.address)
        await page.getByLabel('Key').fill('a-wrong-key')
        await page.keyboard.press('Enter')
        await until('the view has left', () => page.evaluate<boolean>('broken > 0'))
        await page.getByRole('alert').filter({ hasText: 'This key opens nothing' }).waitFor()
      } finally {
        await server.close()
      }
    }),
  ))

test('a key is typed once, stays in the tab and out of every address, and is what the page writes as', () =>
  withFolder((dataDir) =>
    withTab(browser, {}, async ({ page }) => {
      const env = { AGENT_MEMORY_HTTP_API_KEYS: 'the-right-key:ann' }
      const server = await HttpServer.start(dataDir, { program: program(), env })
      const addresses: string[] = []
      page.on('request', (request) => addresses.push(request.url()))
      try {
        await page.goto(server.address)
        await page.getByLabel('Key').fill('a-wrong-key')
        await page.keyboard.press('Enter')
        await page.getByRole('alert').filter({ hasText: 'This key opens nothing' }).waitFor()
        await page.getByLabel('Key').fill('the-right-key')
        await page.keyboard.press('Enter')
        await page.getByText('Live', { exact: true }).waitFor()
        await page.reload()
        await page.getByText('Live', { exact: true }).waitFor()
        await page.getByText('Connect your first agent').waitFor()
        expect(await page.evaluate('JSON.stringify(localStorage) + document.cookie')).not.toContain(
          'right-key',
        )
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.getByLabel('Key').waitFor()
        expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('right-key')
        expect(addresses.join()).not.toContain('right-key')
      } finally {
        await server.close()
      }
    }),
  ))
