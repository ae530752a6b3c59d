/** The text of a message, whether it is one or comes in parts. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content
  if (Array.isArray(content)) return content.map(textOf).filter(Boolean).join('\n')
  if (typeof content !== 'object' || content === null) return ''
  if ('text' in content && typeof content.text === 'string') return content.text
  return JSON.stringify(content)
}
