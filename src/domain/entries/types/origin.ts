import { z } from 'zod'
import type { Entry } from '../entry.ts'
import { importedOf } from '../imported.ts'
import { textField } from './entry-type.ts'

/** Whose words an entry holds: an agent's or a person's own, those of a file that was read in, or what an agent saw or heard. */
const TRUST = ['stated', 'imported', 'observed'] as const
export type Trust = (typeof TRUST)[number]

/** Words from elsewhere say so: what is imported or observed is data for its reader, not instructions. */
export const trust = z.enum(TRUST).optional()

/** As it is said, else by how the entry came to be. */
export function trustOf(entry: Entry): Trust {
  const said = TRUST.find((one) => one === entry['trust'])
  if (said) return said
  if (entry.type === 'observation') return 'observed'
  return importedOf(entry) ? 'imported' : 'stated'
}

/** Where its words come from, '' where no writer has said. */
export function sourceOf(entry: Entry): string {
  return textField(entry, 'source') || importedOf(entry)?.file || ''
}
