import { visibleText } from './visible-text.ts'

/** Foreign text in a sentence of ours: in quotes, on one line, and short. */
export function quoted(text: string): string {
  const line = visibleText(text).replaceAll(/\s+/g, ' ').slice(0, 200)
  return JSON.stringify(line)
}
