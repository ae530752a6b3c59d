import type { fromMarkdown } from 'mdast-util-from-markdown'

/** The words below one heading, up to the next one of any level. */
export interface Section {
  /** The headings that lead there, outermost first; empty for what stands before the first. */
  readonly path: readonly string[]
  /** Of the heading, from 1. */
  readonly line: number
  readonly content: string
}

type Node = ReturnType<typeof fromMarkdown>['children'][number]
type Heading = Extract<Node, { type: 'heading' }>

/** A Markdown text cut at its headings; one in a quotation, a list or a code block is none. Sections without words are left out. */
export async function sectionsOf(text: string): Promise<Section[]> {
  // Loaded here: only this import needs the parser.
  const { fromMarkdown } = await import('mdast-util-from-markdown')
  const { toString: wordsOf } = await import('mdast-util-to-string')
  const headings = fromMarkdown(text).children.filter((node): node is Heading => node.type === 'heading')
  const found: Section[] = []
  const open: { depth: number; title: string }[] = []
  const take = (from: number, to: number, line: number) => {
    const content = text
      .slice(from, to)
      .replace(/^(?:[ \t]*\n)+/, '')
      .trimEnd()
    if (content.trim() !== '') found.push({ path: open.map(({ title }) => title), line, content })
  }
  take(0, headings[0]?.position?.start.offset ?? text.length, 1)
  for (const [at, heading] of headings.entries()) {
    while (open.length > 0 && (open.at(-1)?.depth ?? 0) >= heading.depth) open.pop()
    const title = wordsOf(heading, { includeHtml: false }).replaceAll(/\s+/g, ' ').trim()
    open.push({ depth: heading.depth, title: title || 'Untitled' })
    const next = headings[at + 1]?.position?.start.offset ?? text.length
    take(heading.position?.end.offset ?? next, next, heading.position?.start.line ?? 1)
  }
  return found
}
