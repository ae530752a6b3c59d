import { z } from 'zod'
import { instant } from '../../instant.ts'
import { type EntryType, textField } from './entry-type.ts'
import { trust } from './origin.ts'
import { reviewFields, reviewLines } from './review.ts'

export const knowledge: EntryType = {
  name: 'knowledge',
  heading: 'Knowledge',
  keptBy: { tool: 'memory_knowledge', resource: '/v1/knowledge' },
  fields: z.strictObject({
    category: z.enum(['decision', 'fact', 'context', 'reference']).optional(),
    confidence: z.number().min(0).max(1).optional(),
    source: z.string().max(8_192).optional().describe('Where it comes from'),
    trust,
    ...reviewFields,
    valid_from: instant.optional().describe('True from (ISO 8601)'),
    valid_until: instant.optional().describe('True until (ISO 8601)'),
  }),
  problem: (entry) => {
    const from = textField(entry, 'valid_from')
    const until = textField(entry, 'valid_until')
    return from && until && from >= until ? 'valid_until: must be later than valid_from.' : undefined
  },
  indexText: (entry) => textField(entry, 'source'),
  contextLines: (entry) => {
    const source = textField(entry, 'source')
    return [...(source ? [`Source: ${source}`] : []), ...reviewLines(entry)]
  },
}
