import { ENTRY_TYPES } from '../../../domain/entries/types/index.ts'
import { AppError } from '../../../domain/errors.ts'

/** The tools whose entries are resources. */
export const ENTRY_TOOLS: readonly string[] = ENTRY_TYPES.flatMap(({ keptBy }) => keptBy?.tool ?? [])

/** An entry, whatever its type: the first tool asked says which one to ask. */
export async function readEntry(
  get: (tool: string) => Promise<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const [first = ''] = ENTRY_TOOLS
  try {
    return await get(first)
  } catch (error) {
    const right = error instanceof AppError ? toolOfType(error.details?.['type']) : undefined
    if (right === undefined) throw error
    return get(right)
  }
}

function toolOfType(type: unknown): string | undefined {
  return ENTRY_TYPES.find(({ name }) => name === type)?.keptBy?.tool
}
