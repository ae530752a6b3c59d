/** A text and what stands in front of it between two lines of dashes. */
export interface Fronted {
  readonly front: Readonly<Record<string, unknown>>
  readonly body: string
  /** How many lines stand before the body. */
  readonly lines: number
}

const FENCED = /^---[ \t]*\n([\s\S]*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|$)/

/** Takes the front matter off. What is no YAML is read line by line: Cursor writes `globs: *.ts`, which YAML takes for an alias. */
export async function withoutFrontmatter(text: string): Promise<Fronted> {
  const [whole, inside = ''] = FENCED.exec(text) ?? []
  if (whole === undefined) return { front: {}, body: text, lines: 0 }
  const lines = whole.split('\n').length - 1
  return { front: (await asYaml(inside)) ?? asLines(inside), body: text.slice(whole.length), lines }
}

async function asYaml(text: string): Promise<Record<string, unknown> | undefined> {
  const { parse } = await import('../yaml.ts')
  try {
    const value: unknown = parse(text, { logLevel: 'silent' })
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asLines(text: string): Record<string, unknown> {
  const pairs = [...text.matchAll(/^([\w-]+):[ \t]*(.*)$/gm)]
  return Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value.trim()]))
}
