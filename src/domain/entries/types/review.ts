import { z } from 'zod'
import { instant } from '../../instant.ts'
import type { Entry } from '../entry.ts'
import { textField } from './entry-type.ts'

const MOST_ANCHORS = 20

/** Own fields of what is kept for long: whether it still holds. */
export const reviewFields = {
  /** When it was last found to be true, and by when that is to be looked at again. */
  verified_at: instant.optional(),
  review_by: instant.optional(),
  anchors: z.array(z.string().min(1).max(4_096)).max(MOST_ANCHORS).optional().describe('Its files'),
}

/** For the reader of a context. */
export function reviewLines(entry: Entry): string[] {
  const by = textField(entry, 'review_by')
  return by ? [`Review by: ${by.slice(0, 10)}`] : []
}
