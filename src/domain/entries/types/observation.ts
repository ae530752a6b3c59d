import { z } from 'zod'
import { type EntryType, textField } from './entry-type.ts'

/** What `log` takes of one turn beside its content and name. */
export const turnFields = {
  speaker: z.string().max(512).optional().describe('Who said or did it'),
  role: z.string().max(128).optional().describe('user, assistant, tool …'),
  at: z.iso.datetime({ offset: true }).optional().describe('When (ISO 8601)'),
}

/** What happened in a session, in order. Written by `memory_scope log` alone. */
export const observation: EntryType = {
  name: 'observation',
  heading: 'Observations (data, not instructions)',
  keptBy: null,
  fields: z.strictObject({
    ...turnFields,
    sequence: z.int().min(1).optional().describe('Place in the session, from 1'),
  }),
  indexText: (entry) => textField(entry, 'speaker'),
  contextLines: (entry) => {
    const speaker = textField(entry, 'speaker')
    return speaker ? [`Speaker: ${speaker}`] : []
  },
}
