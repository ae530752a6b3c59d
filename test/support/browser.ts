import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { browserBinary } from './browser-binary.ts'

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const WIDE = { width: 1440, height: 900 }
export const PHONE = { width: 390, height: 844 }

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: browserBinary(), args: ARGUMENTS })
}

/** A tab, and the errors and warnings in its console. */
export interface Tab {
  readonly page: Page
  /** Errors and warnings of its console, e.g. what its policy refused; not of answers that say no. */
  readonly complaints: readonly string[]
  /** Where it asked for something. */
  readonly hosts: ReadonlySet<string>
}

/** Runs `body` in a new tab that shares nothing with others. */
export async function withTab(
  browser: Browser,
  options: BrowserContextOptions,
  body: (tab: Tab) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({ viewport: WIDE, ...options })
  try {
    const page = await context.newPage()
    page.setDefaultTimeout(150_000)
    const complaints: string[] = []
    const hosts = new Set<string>()
    page.on('console', (message) => {
      const isOurs = ['error', 'warning'].includes(message.type()) && !/^Failed to load/.test(message.text())
      if (isOurs) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => hosts.add(new URL(request.url()).host))
    await body({ page, complaints, hosts })
  } finally {
    await context.close()
  }
}

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** That nothing on it breaks WCAG 2.2 AA, as far as a program sees it, and that nothing is wider than the screen. */
export async function expectAccessible(page: Page, what: string): Promise<void> {
  // Evaluated by the test, not by the page: its policy lets no other script in.
  await page.evaluate(axe.source)
  const found = await page.evaluate<Violation[]>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary }) => ({ html, failureSummary })) })))`,
  )
  expect({ what, found }).toEqual({ what, found: [] })
  const widths = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )
  expect({ what, overflows: widths[0] > widths[1] }).toEqual({ what, overflows: false })
}
