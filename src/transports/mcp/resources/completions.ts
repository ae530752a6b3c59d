import type { CompleteRequestParams, CompleteResult } from '@modelcontextprotocol/server'
import { MOST_ANSWER_TOKENS } from '../../../domain/tokens.ts'
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
  const pages = await Promise.all(lists.map(({ tool, args }) => firstPage(calls, tool, args, request)))
  const ids = pages.flatMap(idsOf).filter((id) => id.startsWith(argument.value))
  const more = pages.some((page) => 'next_cursor' in page) || ids.length > MAX_VALUES
  return { completion: { values: ids.slice(0, MAX_VALUES), hasMore: more } }
}

const LISTS: Readonly<Record<string, readonly { tool: string; args: Readonly<Record<string, unknown>> }[]>> =
  {
    'memory://entry/{id} id': ENTRY_TOOLS.map((tool) => ({ tool, args: {} })),
    'memory://context/{scope_id} scope_id': ['project', 'org', 'session'].map((type) => ({
      tool: 'memory_scope',
      args: { scope_type: type },
    })),
  }

async function firstPage(
  calls: Calls,
  tool: string,
  args: Readonly<Record<string, unknown>>,
  request: McpRequest,
): Promise<Record<string, unknown>> {
  return calls.run(await operation(tool, 'list'), { limit: MAX_VALUES, ...args }, request, MOST_ANSWER_TOKENS)
}

function idsOf(page: Readonly<Record<string, unknown>>): string[] {
  const items = (page['entries'] ?? page['scopes']) as readonly { id: string | null }[]
  return items.flatMap(({ id }) => id ?? [])
}
