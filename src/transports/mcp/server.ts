import type { McpRequestContext, McpServer, Server, ServerContext } from '@modelcontextprotocol/server'
import { VERSION } from '../../version.ts'
import { ClientRoot } from './client-root.ts'
import { refuseCursor } from './errors.ts'
import { PlainServer } from './plain-error.ts'
import { getPrompt, promptsFor } from './prompts.ts'
import { knowsStructure, mcpRequest } from './request.ts'
import { complete } from './resources/completions.ts'
import { RESOURCE_TEMPLATES, Resources } from './resources/resources.ts'
import type { Subscriptions } from './resources/subscriptions.ts'
import type { Calls } from './tools/calls.ts'
import type { Tools } from './tools/tools.ts'

const IDENTITY = { name: 'agent-memory', title: 'Agent Memory', version: VERSION }

// Some clients show their model the first line and no more, cut at about 250 characters: it says all that must be done.
const INSTRUCTIONS = `Shared memory of this project. Before a task: memory_query context. Before an edit: memory_file_lock checkout, afterwards checkin. What was decided or learned: memory_knowledge, memory_guideline or memory_tool, action add.
It is shared by all agents and outlives sessions. A context says what to read first: follow the guidelines that it shows, and search for the rest.
When something is decided, learned or found to work: memory_knowledge, memory_guideline or memory_tool, action add; update an entry rather than add it twice.
Before editing a file that others may edit: memory_file_lock checkout; afterwards checkin.
Without scope_type a call means the current project; it sees its org and the global scope too.`

/** The subscription of an older client to the list of resources; no resource has this URI. */
const LIST = 'list'

// Nothing of this changes while the process runs.
const FOR_A_WHILE = { ttlMs: 300_000, cacheScope: 'private' } as const

interface ServerParts {
  readonly calls: Calls
  readonly tools: Tools
  readonly subscriptions: Subscriptions
}

/** Makes what serves one connection; the SDK takes either of its two kinds. */
export type MakeServer = (parts: ServerParts, ctx: Pick<McpRequestContext, 'era'>) => Server | McpServer

/** One server for one connection, of either revision of the protocol. */
export function createServer(
  { calls, tools, subscriptions }: ServerParts,
  { era }: Pick<McpRequestContext, 'era'>,
): Server {
  const server = new PlainServer(IDENTITY, {
    capabilities: {
      tools: {},
      resources: { subscribe: true, listChanged: true },
      prompts: {},
      completions: {},
    },
    instructions: INSTRUCTIONS,
    cacheHints: {
      'tools/list': FOR_A_WHILE,
      'prompts/list': FOR_A_WHILE,
      'resources/templates/list': FOR_A_WHILE,
    },
  })
  subscriptions.tellOver(server)
  const resources = new Resources(calls)
  const root = new ClientRoot(server)
  const requestOf = (ctx: ServerContext) => mcpRequest(server, root, ctx)
  server.setRequestHandler('tools/list', ({ params }) => {
    refuseCursor(params?.cursor)
    return { tools: tools.list(knowsStructure(server.getNegotiatedProtocolVersion())) }
  })
  server.setRequestHandler('tools/call', ({ params }, ctx) => tools.call(params, requestOf(ctx)))
  server.setRequestHandler('resources/list', async ({ params }, ctx) => {
    refuseCursor(params?.cursor)
    // Older clients cannot subscribe to changes of a list: those that have read one are notified.
    if (era === 'legacy') await subscriptions.open(LIST, { uris: [], isListWatched: true }, requestOf(ctx))
    return resources.list(requestOf(ctx))
  })
  server.setRequestHandler('resources/templates/list', ({ params }) => {
    refuseCursor(params?.cursor)
    return { resourceTemplates: RESOURCE_TEMPLATES }
  })
  server.setRequestHandler('resources/read', ({ params }, ctx) => resources.read(params.uri, requestOf(ctx)))
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, ctx) => {
    await subscriptions.open(uri, { uris: [uri], isListWatched: false }, requestOf(ctx))
    return {}
  })
  server.setRequestHandler('resources/unsubscribe', ({ params }) => {
    subscriptions.close(params.uri)
    return {}
  })
  server.setRequestHandler('prompts/list', ({ params }, ctx) => {
    refuseCursor(params?.cursor)
    return { prompts: promptsFor(requestOf(ctx).clientName) }
  })
  server.setRequestHandler('prompts/get', ({ params }, ctx) => getPrompt(calls, params, requestOf(ctx)))
  server.setRequestHandler('completion/complete', ({ params }, ctx) =>
    complete(calls, params, requestOf(ctx)),
  )
  return server
}
