import { z } from 'zod'
import { type EntryType, listField, textField } from './entry-type.ts'
import { trust } from './origin.ts'
import { reviewFields, reviewLines } from './review.ts'

const text = z.string().max(8_192)

const forbidden = text.refine(isReadable, {
  error: 'no regular expression of JavaScript; correct it, or leave out the slashes to forbid a text',
})

export const guideline: EntryType = {
  name: 'guideline',
  heading: 'Guidelines',
  keptBy: { tool: 'memory_guideline', resource: '/v1/guidelines' },
  fields: z.strictObject({
    category: text.optional().describe('Kind of rule, e.g. security, style'),
    rationale: text.optional().describe('Why the rule exists'),
    examples: z
      .strictObject({ good: z.array(text).max(50).default([]), bad: z.array(text).max(50).default([]) })
      .optional()
      .describe('Code that keeps the rule and code that breaks it'),
    applies_to: z.array(text).max(100).optional().describe('File globs it applies to'),
    forbidden: z.array(forbidden).max(100).optional().describe('Forbidden texts or /regular expressions/'),
    trust,
    ...reviewFields,
    enforce: z.enum(['block', 'warn', 'off']).optional().describe('What the hook does on a breach'),
  }),
  indexText: (entry) => [textField(entry, 'category'), textField(entry, 'rationale')].join('\n'),
  contextLines: (entry) => {
    const rationale = textField(entry, 'rationale')
    const globs = listField(entry, 'applies_to')
    return [
      ...(rationale ? [`Why: ${rationale}`] : []),
      ...(globs.length > 0 ? [`Applies to: ${globs.join(', ')}`] : []),
      ...reviewLines(entry),
    ]
  },
}

/** A text in slashes is an expression, every other one means itself. */
function isReadable(value: string): boolean {
  const [, source] = /^\/(.+)\/$/s.exec(value) ?? []
  if (source === undefined) return true
  try {
    void new RegExp(source)
    return true
  } catch {
    return false
  }
}
