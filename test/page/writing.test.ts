import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectAccessible, openBrowser, PHONE, WIDE, withTab } from '../support/browser.ts'
import { type HttpServer, type Json, openSharedHttp, withHttp } from '../support/http.ts'
import { testProgram } from '../support/test-programs.ts'
import { ask, fillTeam } from './rest.ts'

// Memories that people write in the page, and what goes wrong while they do.

const ADMIN_KEY = 'the-key-of-an-administrator'
const PROGRAM = testProgram('main.ts')

let browser: Browser
let server: HttpServer
let lockedServer: HttpServer
const closing = new AsyncDisposableStack()

/** A server for several tests, each of which has its own project or agent there. */
async function serve(env: Readonly<Record<string, string>>): Promise<HttpServer> {
  const shared = await openSharedHttp({ program: PROGRAM, env })
  closing.defer(shared.close)
  return shared.server
}

beforeAll(async () => {
  browser = await openBrowser()
  closing.defer(() => browser.close())
  server = await serve({})
  lockedServer = await serve({ AGENT_MEMORY_HTTP_ADMIN_KEY: ADMIN_KEY })
})
afterAll(() => closing.disposeAsync())

async function open(page: Page, server: HttpServer, place: string): Promise<void> {
  await page.goto(`${server.address}/#/${place}`)
  await page.getByText('Live', { exact: true }).waitFor()
}

const makeProject = (server: HttpServer, name: string) =>
  ask(server, 'POST /v1/scopes', { scope_type: 'project', name, agent_id: 'ann' })

/** Goes on with the tab key to the field, and types there. */
async function tabTo(page: Page, id: string): Promise<void> {
  const isThere = () => page.evaluate<boolean>(`document.activeElement.id === ${JSON.stringify(id)}`)
  for (let steps = 0; !(await isThere()); steps++) {
    if (steps === 30) throw new Error(`the tab key does not lead to ${id}`)
    await page.keyboard.press('Tab')
  }
}

/** Not by typing: letters that come too slowly, as on a busy machine, begin another word. */
async function chooseWithArrows(page: Page, wanted: string): Promise<void> {
  const options = 'Array.from(document.activeElement.options, (option) => option.text.trim())'
  const placeOf = async () =>
    (await page.evaluate<string[]>(options)).findIndex((text) => text.includes(wanted))
  await expect.poll(placeOf).toBeGreaterThanOrEqual(0)
  const place = await placeOf()
  await page.keyboard.press('Home')
  for (let step = 0; step < place; step++) await page.keyboard.press('ArrowDown')
  await expect.poll(() => page.evaluate('document.activeElement.selectedIndex')).toBe(place)
}

const OWN_FIELDS = {
  guideline: [['rationale', 'It was decided.'] as const],
  knowledge: [['source', 'The meeting of Monday.'] as const],
  tool: [['command', 'npm test'] as const],
}

test.each(Object.entries(OWN_FIELDS))(
  'a new %s is written by keyboard alone, in the scope that is chosen',
  async (type, own) => {
    const name = `shop-with-a-${type}`
    const shop = await makeProject(server, name)
    await withTab(browser, {}, async ({ page, complaints }) => {
      await open(page, server, 'now')
      await page.keyboard.press('n')
      await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('edit-name')
      await page.keyboard.type(`A ${type}`)
      await page.keyboard.press('Shift+Tab')
      await chooseWithArrows(page, name)
      await page.keyboard.press('Shift+Tab')
      await chooseWithArrows(page, type)
      await tabTo(page, 'edit-content')
      await page.keyboard.type('Of several\nlines.')
      await tabTo(page, 'edit-tags')
      await page.keyboard.type('one, two words')
      await tabTo(page, 'edit-priority')
      await page.keyboard.type('70')
      for (const [field, text] of own) {
        await tabTo(page, `edit-${field}`)
        await page.keyboard.type(text)
      }
      await expectAccessible(page, `a new ${type}`)
      await page.getByRole('button', { name: 'Add' }).focus()
      await page.keyboard.press('Enter')
      await page.getByText(`“A ${type}” is added.`).waitFor()
      // It is read at once.
      await page.locator('#entry-name', { hasText: `A ${type}` }).waitFor()
      const { entries } = await ask(server, `GET /v1/entries?scope_id=${shop['id']}&inherit=false`)
      const [made] = entries as Json[]
      expect(await ask(server, `GET /v1/entries/${made?.['id']}`)).toMatchObject({
        type,
        name: `A ${type}`,
        content: 'Of several\nlines.',
        tags: ['one', 'two words'],
        priority: 70,
        scope_id: shop['id'],
        created_by: 'page',
        ...Object.fromEntries(own),
      })
      expect(complaints).toEqual([])
    })
  },
)

describe('a memory that cannot be added', () => {
  const fill = async (page: Page, name: string, content: string) => {
    await page.getByLabel('Name').fill(name)
    await page.getByLabel('Text', { exact: true }).fill(content)
    await page.getByRole('button', { name: 'Add' }).click()
  }

  test('says why at the field, keeps what was written, and leads to what is in the way', async () => {
    const at = { scope_type: 'global', agent_id: 'ann' }
    await ask(server, 'POST /v1/guidelines', { ...at, name: 'Tabs', content: 'Use tabs.' })
    await withTab(browser, { viewport: PHONE, colorScheme: 'dark' }, async ({ page }) => {
      await open(page, server, 'memory?new=1')
      // What is missing the browser says by itself, before anything is sent.
      await page.getByRole('button', { name: 'Add' }).click()
      expect(await page.evaluate('document.activeElement.matches(":invalid")')).toBe(true)
      await fill(page, 'Key', `It is ghp_${'aB3'.repeat(12)}.`)
      const alert = page.getByRole('alert')
      await alert.filter({ hasText: 'content' }).waitFor()
      await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('edit-content')
      // What the header covers by half is no target that is too small.
      await page.evaluate('scrollTo(0, 0)')
      await expectAccessible(page, 'a refused memory on a phone')
      await fill(page, 'Tabs', 'Use spaces.')
      await alert.filter({ hasText: 'already has a guideline of that name' }).waitFor()
      expect(await alert.textContent()).not.toContain('upsert')
      expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('Use spaces.')
      await alert.getByRole('link', { name: 'Open it' }).click()
      await page.locator('pre', { hasText: 'Use tabs.' }).waitFor()
      // Gone elsewhere, nothing is lost.
      await page.getByRole('link', { name: 'Back to the list' }).click()
      await page.getByRole('link', { name: 'New memory' }).click()
      expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('Use spaces.')
      await page.getByRole('button', { name: 'Cancel' }).click()
      await page.getByRole('link', { name: 'New memory' }).click()
      expect(await page.getByLabel('Name').inputValue()).toBe('')
    })
  })

  test('for want of rights says so, and can be put where they are', async () => {
    const server = lockedServer
    const as = { authorization: `Bearer ${ADMIN_KEY}` }
    const shop = await ask(server, 'POST /v1/scopes', { scope_type: 'project', name: 'web-shop' }, as)
    const { key } = await ask(server, 'POST /v1/keys', { agent: 'codex' }, as)
    const grant = (permission: string, scope: Json) =>
      ask(server, 'POST /v1/permissions', { grantee: 'codex', permission, ...scope }, as)
    await grant('read', { scope_type: 'global' })
    await grant('write', { scope_id: shop['id'] })
    await withTab(browser, {}, async ({ page }) => {
      await page.goto(`${server.address}/#/memory?new=1`)
      await page.getByLabel('Key').fill(String(key))
      await page.keyboard.press('Enter')
      await fill(page, 'Tabs', 'Use tabs.')
      await page
        .getByRole('alert')
        .filter({ hasText: 'may not write guideline in the global scope' })
        .waitFor()
      await page.getByLabel('For', { exact: true }).selectOption({ label: 'web-shop (project)' })
      await page.getByRole('button', { name: 'Add' }).click()
      await page.getByText('“Tabs” is added.').waitFor()
      const { entries } = await ask(server, `GET /v1/guidelines?scope_id=${shop['id']}`, {}, as)
      expect(entries).toMatchObject([{ name: 'Tabs' }])
    })
  })
})

test('a key that is revoked while somebody writes is asked for anew, and nothing that was written is lost', async () => {
  const server = lockedServer
  const as = { authorization: `Bearer ${ADMIN_KEY}` }
  const rule = { scope_type: 'global', name: 'Tabs', content: 'Use tabs.' }
  const { id } = await ask(server, 'POST /v1/guidelines', rule, as)
  const made = await ask(server, 'POST /v1/keys', { agent: 'gemini', admin: true }, as)
  await withTab(browser, {}, async ({ page }) => {
    await page.goto(`${server.address}/#/memory?id=${id}`)
    await page.getByLabel('Key').fill(String(made['key']))
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Text', { exact: true }).fill('Use tabs, always.')
    await ask(server, `DELETE /v1/keys/${made['id']}`, {}, as)
    await page.getByRole('alert').filter({ hasText: 'This key opens nothing' }).waitFor()
    await page.getByLabel('Key').fill(ADMIN_KEY)
    await page.keyboard.press('Enter')
    expect(await page.getByLabel('Text', { exact: true }).inputValue()).toBe('Use tabs, always.')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved as version 2.').waitFor()
    // Nothing is left of the draft.
    await page.reload()
    await page.getByRole('button', { name: 'Edit' }).waitFor()
  })
})

test('a memory that is deleted while somebody writes it can be added anew', async () => {
  const shop = await makeProject(server, 'shop-with-a-deletion')
  const rule = { scope_type: 'project', scope_id: shop['id'], name: 'Tabs', content: 'Use tabs.' }
  const { id } = await ask(server, 'POST /v1/guidelines', { ...rule, agent_id: 'ann' })
  await withTab(browser, {}, async ({ page }) => {
    await open(page, server, `memory?id=${id}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    await page.getByLabel('Text', { exact: true }).fill('Use tabs, always.')
    await ask(server, `DELETE /v1/guidelines/${id}`, { agent_id: 'ann' })
    await page.getByText('This memory is not there').waitFor()
    await page.locator('pre', { hasText: 'Use tabs, always.' }).waitFor()
    await page.getByRole('button', { name: 'Add it as a new memory' }).click()
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('“Tabs” is added.').waitFor()
    const { entries } = await ask(server, `GET /v1/guidelines?scope_id=${shop['id']}&inherit=false`)
    expect(entries).toMatchObject([{ name: 'Tabs', content: 'Use tabs, always.' }])
  })
})

describe('what is not there', () => {
  const NOWHERE = '01a22449-0000-7000-8000-000000000000'
  test.each([
    [`memory?id=${NOWHERE}`, 'This memory is not there', 'Close it'],
    [`memory?scope=${NOWHERE}`, 'This scope is not there', 'Leave it'],
    [`conflicts?id=${NOWHERE}`, 'This conflict is not there', 'Close it'],
  ])('%s says so, and how to go on', (place, words, way) =>
    withTab(browser, { viewport: PHONE }, async ({ page }) => {
      await open(page, server, place)
      await page.getByText(words).waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
      await expectAccessible(page, place)
      await page.getByRole('link', { name: way }).click()
      await expect.poll(() => page.getByText(words).count()).toBe(0)
    }),
  )
})

/** One word of 300 characters, which no line holds. */
const LONG = 'ThisIsOneVeryLongWordWithoutAnyBlank_'.repeat(8)

test('long words break everywhere: nothing is wider than the screen', () =>
  withHttp({ program: PROGRAM }, async (server) => {
    await fillTeam(server)
    const agent_id = `agent-${LONG.slice(0, 150)}`
    const project = await makeProject(server, LONG)
    const at = { scope_type: 'project', scope_id: project['id'] }
    const shared = { ...at, name: LONG, content: `${LONG}\n`.repeat(20), agent_id }
    const rule = await ask(server, 'POST /v1/guidelines', { ...shared, tags: [LONG.slice(0, 100)] })
    await ask(server, `PATCH /v1/guidelines/${rule['id']}`, { content: LONG, base_version: 1, agent_id })
    await ask(server, `PATCH /v1/guidelines/${rule['id']}`, { content: 'x', base_version: 1 }).catch(() => {})
    await ask(server, 'POST /v1/locks', { file_path: `/srv/${LONG}.ts`, agent_id, purpose: LONG })
    await ask(server, 'POST /v1/votes', { ...at, task_id: LONG, vote_value: LONG, agent_id })
    const { conflicts } = await ask(server, `GET /v1/conflicts?scope_id=${project['id']}`)
    const [conflict] = conflicts as Json[]
    const places = [
      'now',
      `memory?scope=${project['id']}`,
      `memory?id=${rule['id']}`,
      `memory?scope=${project['id']}&new=1`,
      `conflicts?id=${conflict?.['id']}`,
    ]
    for (const viewport of [WIDE, PHONE])
      await withTab(browser, { viewport }, async ({ page }) => {
        for (const place of places) {
          await open(page, server, place)
          await page.getByText(LONG.slice(0, 60)).first().waitFor({ state: 'attached' })
          await expectAccessible(page, `${place} at ${viewport.width}`)
        }
      })
  }))
