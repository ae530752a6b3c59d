import { isExact } from '../../domain/text/exact-number.ts'

// Texts that came as something else: clients read what looks like JSON before they pass it on, and models list what they say line by line.

/** Arguments that hold what is said, not a name, a path or a piece of another text. */
const SAID = new Set([
  'content',
  'append',
  'rationale',
  'reasoning',
  'purpose',
  'constraints',
  'source',
  'reason',
])

/** The text that stands for a list or an object, undefined where there is doubt. */
export function textIn(value: unknown, name: string): string | undefined {
  if (Array.isArray(value) && value.length > 0 && value.every(isText)) return lines(value, name)
  if (!SAID.has(name) || typeof value !== 'object' || value === null) return undefined
  return Object.keys(value).length > 0 && isExact(value)
    ? (blocksIn(value) ?? JSON.stringify(value, null, 2))
    : undefined
}

function lines(texts: readonly string[], name: string): string | undefined {
  if (name === 'query') return texts.join(' ')
  return SAID.has(name) ? texts.join('\n') : undefined
}

/** What a message says whose content is a list of blocks, as the interfaces of models have it. */
function blocksIn(value: object): string | undefined {
  const blocks: unknown[] = Array.isArray(value) ? value : [value]
  return blocks.every(isTextBlock) ? blocks.map(({ text }) => text).join('\n') : undefined
}

function isTextBlock(value: unknown): value is { readonly text: string } {
  if (typeof value !== 'object' || value === null) return false
  return 'type' in value && value.type === 'text' && 'text' in value && isText(value.text)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
