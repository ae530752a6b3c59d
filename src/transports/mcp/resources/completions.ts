import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server'
import type { KeptBy } from '../../../domain/entries/types/entry-type.ts'
import { AppError } from '../../../domain/errors.ts'
import { MOST_ANSWER_TOKENS } from '../../../domain/text/tokens.ts'
import type { McpRequest } from '../request.ts'
import type { Calls } from '../tools/calls.ts'
import { operation } from '../tools/catalogue.ts'
import { ENTRY_TOOLS } from './entry-resource.ts'

const MAX_VALUES = 100

/** Ids for the variables of the resource templates; nothing for what is not known. */
export async function complete(
  calls: Calls,
  { ref, argument }: CompleteRequestParams,
  request: McpRequest,
): Promise<CompleteResult> {
  const template = ref.type === 'ref/resource' ? ref.uri : ''
  const lists = LISTS[`${template} ${argument.name}`] ?? []
  const pages = await Promise.all(lists.map((list) => readablePage(calls, list, request)))
  const ids = pages.flatMap((page) => page.ids).filter((id) => id.startsWith(argument.value))
  const more = pages.some((page) => page.more) || ids.length > MAX_VALUES
  return { completion: { values: ids.slice(0, MAX_VALUES), hasMore: more } }
}

interface ListCall {
  readonly tool: KeptBy['tool'] | 'memory_scope'
  readonly args: Readonly<Record<string, unknown>>
}

const LISTS: Readonly<Record<string, readonly ListCall[]>> = {
  'memory://entry/{id} id': ENTRY_TOOLS.map((tool) => ({ tool, args: {} })),
  'memory://context/{scope_id} scope_id': ['project', 'org', 'session'].map((type) => ({
    tool: 'memory_scope',
    args: { scope_type: type },
  })),
}

/** A caller that may not read there gets no completions. */
async function readablePage(...asked: Parameters<typeof firstPage>): ReturnType<typeof firstPage> {
  try {
    return await firstPage(...asked)
  } catch (error) {
    if (error instanceof AppError && error.errorName === 'PERMISSION_DENIED') return { ids: [], more: false }
    throw error
  }
}

async function firstPage(
  calls: Calls,
  { tool, args }: ListCall,
  request: McpRequest,
): Promise<{ ids: string[]; more: boolean }> {
  const asked = [{ limit: MAX_VALUES, ...args }, request, { answerTokens: MOST_ANSWER_TOKENS }] as const
  if (tool === 'memory_scope') {
    const { scopes, next_cursor } = await calls.run(await operation(tool, 'list'), ...asked)
    return { ids: scopes.flatMap(({ id }) => id ?? []), more: next_cursor !== undefined }
  }
  const { entries, next_cursor } = await calls.run(await operation(tool, 'list'), ...asked)
  return { ids: entries.map(({ id }) => id), more: next_cursor !== undefined }
}
