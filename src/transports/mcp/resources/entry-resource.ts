import type { KeptBy } from '../../../domain/entries/types/entry-type.ts'
import { ENTRY_TYPES } from '../../../domain/entries/types/index.ts'
import { AppError } from '../../../domain/errors.ts'

type EntryTool = KeptBy['tool']

/** The tools whose entries are resources. */
export const ENTRY_TOOLS: readonly EntryTool[] = ENTRY_TYPES.flatMap(({ keptBy }) => keptBy?.tool ?? [])

/** An entry, whatever its type: the first tool asked says which one to ask. */
export async function readEntry<T>(get: (tool: EntryTool) => Promise<T>): Promise<T> {
  const first = 'memory_guideline'
  try {
    return await get(first)
  } catch (error) {
    const right = error instanceof AppError ? toolOfType(error.details?.['type']) : undefined
    if (right === undefined) throw error
    return get(right)
  }
}

function toolOfType(type: unknown): EntryTool | undefined {
  return ENTRY_TYPES.find(({ name }) => name === type)?.keptBy?.tool
}
