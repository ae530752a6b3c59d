import { z } from 'zod'
import { type EntryType, textField } from './entry-type.ts'
import { trust } from './origin.ts'
import { reviewFields, reviewLines } from './review.ts'

const jsonObject = z.record(z.string(), z.unknown())

export const tool: EntryType = {
  name: 'tool',
  heading: 'Tools',
  keptBy: { tool: 'memory_tool', resource: '/v1/tools' },
  fields: z.strictObject({
    category: z.enum(['mcp', 'cli', 'function', 'api']).optional(),
    parameters: jsonObject.optional().describe('Its parameters as JSON Schema'),
    examples: z
      .array(z.union([z.string().max(8_192), jsonObject]))
      .max(50)
      .optional()
      .describe('Calls that work'),
    constraints: z.string().max(8_192).optional().describe('When not to use it'),
    trust,
    ...reviewFields,
    command: z.string().max(8_192).optional().describe('The command line itself'),
  }),
  indexText: (entry) => [textField(entry, 'command'), textField(entry, 'constraints')].join('\n'),
  contextLines: (entry) => {
    const command = textField(entry, 'command')
    const constraints = textField(entry, 'constraints')
    return [
      ...(command ? [`Command: ${command}`] : []),
      ...(constraints ? [`Not when: ${constraints}`] : []),
      ...reviewLines(entry),
    ]
  },
}
