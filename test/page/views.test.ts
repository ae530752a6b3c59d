import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, openBrowser, PHONE, WIDE, withTab } from '../support/browser.ts'
import { type HttpServer, openSharedHttp } from '../support/http.ts'
import { testProgram } from '../support/test-programs.ts'
import { ask, fillTeam } from './rest.ts'

// The page in a real browser, on a real server.

let browser: Browser
let server: HttpServer
let team: Awaited<ReturnType<typeof fillTeam>>
let closeServer: () => Promise<void>

beforeAll(async () => {
  browser = await openBrowser()
  ;({ server, close: closeServer } = await openSharedHttp({ program: testProgram('main.ts') }))
  team = await fillTeam(server)
})
afterAll(async () => {
  await closeServer()
  await browser.close()
})

/** Opens a view and waits until it is live. */
async function open(page: Page, view: string): Promise<void> {
  await page.goto(`${server.address}/#/${view}`)
  await page.getByText('Live', { exact: true }).waitFor()
}

const PLACES = [
  ['now', () => 'now', 'move the totals to cents'],
  ['memory', () => 'memory', 'Why PostgreSQL'],
  ['a memory', () => `memory?id=${team.rule}`, 'Others lose their work.'],
  ['a conflict', () => `conflicts?id=${team.conflict}`, 'wrote later'],
  ['health', () => 'health', 'Everything works.'],
] as const

describe.each([
  ['light', WIDE],
  ['dark', PHONE],
] as const)('in %s', (colorScheme, viewport) => {
  test.each(PLACES)('%s shows its content to every reader', (_name, place, text) =>
    withTab(browser, { colorScheme, viewport }, async ({ page, complaints, hosts }) => {
      await open(page, place())
      await page.getByText(text).first().waitFor()
      await expectAccessible(page, `${place()} in ${colorScheme}`)
      expect(complaints).toEqual([])
      expect([...hosts]).toEqual([new URL(server.address).host])
    }),
  )
})

test('a search finds as it is typed, marks the words and narrows by scope and type', () =>
  withTab(browser, {}, async ({ page }) => {
    await open(page, 'memory')
    await page.keyboard.press('/')
    await page.keyboard.type('transactional')
    const hits = page.locator('.hit')
    await expect.poll(() => hits.count()).toBe(1)
    await page.locator('.hit mark', { hasText: 'transactional' }).waitFor()
    await page.getByLabel('Type').selectOption('guideline')
    await page.getByText('Nothing fits.').waitFor()
    await page.getByLabel('Type').selectOption('')
    await page.getByRole('link', { name: /Global/ }).click()
    await page.getByText('Nothing fits.').waitFor()
    await page.getByRole('link', { name: /web-shop/ }).click()
    await expect.poll(() => hits.count()).toBe(1)
  }))

test('everything of a memory is reached by keyboard alone: read, compare, change, link', () =>
  withTab(browser, {}, async ({ page }) => {
    await open(page, 'now')
    await page.keyboard.press('2')
    await page.locator('.hit').first().waitFor()
    await page.locator('.hit', { hasText: 'Why PostgreSQL' }).focus()
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('Why PostgreSQL')
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Edit')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('edit-content')
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' And partial indexes.')
    await page.getByRole('button', { name: 'Save' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Saved as version 2.').waitFor()
    await page.getByRole('tab', { name: 'Text' }).focus()
    await page.keyboard.press('ArrowRight')
    await page.locator('.diff ins', { hasText: 'And partial indexes.' }).waitFor()
    await page.keyboard.press('ArrowRight')
    await page.locator('.graph a', { hasText: 'No force push' }).waitFor()
    await page.getByRole('button', { name: 'Take away the link' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
    expect(await page.locator('.links li').count()).toBe(1)
  }))

function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.textContent')
}

test('what an agent does is there as it happens, and its lock can be taken away, with a reason', () =>
  withTab(browser, {}, async ({ page }) => {
    await open(page, 'now')
    await ask(server, 'POST /v1/locks', {
      file_path: '/srv/shop/live.ts',
      agent_id: 'dora',
      purpose: 'watch me',
    })
    const row = page.getByRole('row', { name: /live\.ts/ })
    await row.waitFor()
    expect(await row.textContent()).toContain('dora')
    await page.locator('.events li', { hasText: 'dora locked live.ts' }).waitFor()
    await row.getByRole('button', { name: 'Unlock' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Unlock' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Reason').fill('the test is over')
    await page.keyboard.press('Enter')
    await expect.poll(() => row.count()).toBe(0)
    const { locked } = await ask(server, 'GET /v1/locks/status?file_path=/srv/shop/live.ts')
    expect(locked).toBe(false)
  }))

test('a memory is deleted only after a yes', () =>
  withTab(browser, {}, async ({ page }) => {
    const { id } = await ask(server, 'POST /v1/tools', {
      scope_type: 'global',
      name: 'Old',
      content: 'x',
      agent_id: 'ann',
    })
    await open(page, `memory?id=${id}`)
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click()
    expect((await server.ask(`/v1/tools/${id}`)).status).toBe(200)
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await page.getByText('is deleted').waitFor()
    expect((await server.ask(`/v1/tools/${id}`)).status).toBe(404)
  }))

test('two people who change the same compare before anything is lost', () =>
  withTab(browser, {}, async ({ page }) => {
    const { id } = await ask(server, 'POST /v1/guidelines', {
      scope_type: 'global',
      name: 'Style',
      content: 'Two spaces.',
      agent_id: 'ann',
    })
    await open(page, `memory?id=${id}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Text').fill('Two spaces, no tabs.')
    await ask(server, `PATCH /v1/guidelines/${id}`, {
      content: 'Four spaces.',
      base_version: 1,
      agent_id: 'ben',
    })
    await page.getByText('ben saved version 2 while you write').waitFor()
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Before' }).waitFor()
    const sides = page.locator('.side')
    expect(await sides.allTextContents()).toEqual([
      expect.stringContaining('Two spaces.'),
      expect.stringContaining('Four'),
      expect.stringContaining('no tabs'),
    ])
    await page.getByRole('button', { name: 'Write it myself' }).click()
    await page.getByLabel('Your content').fill('Four spaces, no tabs.')
    await page.getByRole('button', { name: 'Settle it' }).click()
    await page.getByText('is at version 3').waitFor()
    expect(await ask(server, `GET /v1/guidelines/${id}`)).toMatchObject({
      content: 'Four spaces, no tabs.',
      version: 3,
    })
    const { conflicts } = await ask(server, 'GET /v1/conflicts?scope_type=global')
    expect(conflicts).toEqual([])
  }))

test('text of a memory is shown as text: no script in it ever runs', () =>
  withTab(browser, {}, async ({ page, complaints }) => {
    const bad = (where: string) =>
      `<img src=x onerror="window.ran='${where}'"><script>window.ran='${where}'</script>`
    const { id } = await ask(server, 'POST /v1/guidelines', {
      scope_type: 'global',
      name: bad('name'),
      content: `${bad('content')} zebra`,
      tags: [bad('tag')],
      rationale: bad('rationale'),
      agent_id: 'ann',
    })
    await ask(server, 'POST /v1/scopes', { scope_type: 'project', name: bad('scope'), agent_id: 'ann' })
    await ask(server, `PATCH /v1/guidelines/${id}`, {
      content: `${bad('later')} zebra`,
      agent_id: bad('agent'),
    })
    await ask(server, 'POST /v1/locks', { file_path: '/srv/x.ts', agent_id: 'ann', purpose: bad('purpose') })
    await ask(server, 'POST /v1/votes', { task_id: bad('task'), vote_value: bad('value'), agent_id: 'ann' })
    for (const [view, text] of [
      ['now', bad('purpose')],
      ['memory?q=zebra', bad('name')],
      [`memory?id=${id}`, bad('later')],
      ['conflicts', bad('name')],
    ] as const) {
      await open(page, view)
      await page.getByText(text).first().waitFor()
      expect(await page.locator('img, main script').count()).toBe(0)
    }
    await page.goto(`${server.address}/#/memory?id=${id}`)
    await page.getByRole('tab', { name: 'History' }).click()
    await page.locator('.diff').first().waitFor()
    expect(await page.evaluate('window.ran')).toBeUndefined()
    expect(complaints).toEqual([])
  }))

test('a chosen colour scheme stays', () =>
  withTab(browser, { colorScheme: 'light' }, async ({ page }) => {
    await open(page, 'now')
    const back = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const light = await back()
    await page.getByLabel('Colours').selectOption('dark')
    const dark = await back()
    expect(dark).not.toBe(light)
    await page.reload()
    await page.getByText('Live', { exact: true }).waitFor()
    expect(await back()).toBe(dark)
  }))

test('without JavaScript it says what is needed', () =>
  withTab(browser, { javaScriptEnabled: false }, async ({ page }) => {
    await page.goto(server.address)
    await page.getByText('needs JavaScript').waitFor()
  }))
