import { ENTRY_TYPES } from '../../../domain/entries/types/index.ts'
import { AppError } from '../../../domain/errors.ts'
import type { McpRequest } from '../request.ts'
import type { Calls } from '../tools/calls.ts'
import { operation } from '../tools/catalogue.ts'

/** The tools whose entries are resources. */
export const ENTRY_TOOLS: readonly string[] = ENTRY_TYPES.flatMap(({ keptBy }) => keptBy?.tool ?? [])

/** The entry with that id, whatever its type: the first tool asked says which one to ask. */
export async function readEntry(
  calls: Calls,
  id: string,
  request: McpRequest,
): Promise<Record<string, unknown>> {
  const [first = ''] = ENTRY_TOOLS
  try {
    return await calls.run(await operation(first, 'get'), { id }, request)
  } catch (error) {
    const right = error instanceof AppError ? toolOfType(error.details?.['type']) : undefined
    if (right === undefined) throw error
    return calls.run(await operation(right, 'get'), { id }, request)
  }
}

function toolOfType(type: unknown): string | undefined {
  return ENTRY_TYPES.find(({ name }) => name === type)?.keptBy?.tool
}
