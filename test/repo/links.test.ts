import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

/** Markdown of the repository, also what is not committed yet. */
function pages(): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '--', '*.md']
  return execFileSync('git', list, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean)
}

interface Link {
  readonly page: string
  readonly target: string
}

/** Links to files and headings of ours; what stands in code is no link. */
function linksOf(page: string, text: string): Link[] {
  const prose = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) =>
    /^[a-z]+:/.test(target) ? [] : [{ page, target }],
  )
}

/** The anchors that a page's headings get. */
function anchorsOf(text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '')
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  )
}

function isBroken({ page, target }: Link): boolean {
  const [path = '', anchor] = target.split('#')
  const file = path === '' ? join(ROOT, page) : join(ROOT, dirname(page), path)
  if (!existsSync(file)) return true
  return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
}

test('every link from one page to another leads somewhere', () => {
  const links = pages().flatMap((page) => linksOf(page, readFileSync(join(ROOT, page), 'utf8')))
  expect(links.length).toBeGreaterThan(40)
  expect(links.filter(isBroken)).toEqual([])
})

test('a broken link would be seen: no such page, no such heading', () => {
  const text =
    '[a](docs/no.md) [b](STYLE.md#no) [c](STYLE.md#files-and-functions) `[d](no.md)` [e](https://x.y/z)'
  const found = linksOf('README.md', text)
  expect(found.filter(isBroken).map(({ target }) => target)).toEqual(['docs/no.md', 'STYLE.md#no'])
})
