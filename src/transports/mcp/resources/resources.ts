import {
  type ListResourcesResult,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server'
import { badCursor, decodeCursor, encodeCursor } from '../../../domain/page.ts'
import { protocolError, resourceError } from '../errors.ts'
import type { McpRequest } from '../request.ts'
import type { Calls } from '../tools/calls.ts'
import { operation } from '../tools/catalogue.ts'
import { ENTRY_TOOLS, readEntry } from './entry-resource.ts'
import { type NamedResource, parseResourceUri } from './resource-uri.ts'

const JSON_TYPE = 'application/json'
const MARKDOWN = 'text/markdown'
const PAGE = 50

const FIXED: readonly Resource[] = [
  {
    uri: 'memory://context',
    name: 'context',
    title: 'Context of the current project',
    description: 'What to read first',
    mimeType: MARKDOWN,
  },
  {
    uri: 'memory://locks',
    name: 'locks',
    title: 'File locks',
    description: 'Who works on which file until when',
    mimeType: JSON_TYPE,
  },
]

export const RESOURCE_TEMPLATES: ResourceTemplateType[] = [
  {
    uriTemplate: 'memory://entry/{id}',
    name: 'entry',
    title: 'One memory',
    description: 'A guideline, knowledge or tool by its id',
    mimeType: JSON_TYPE,
  },
  {
    uriTemplate: 'memory://context/{scope_id}',
    name: 'scope-context',
    title: 'Context of a scope',
    description: 'What to read first in an org, a project or a session',
    mimeType: MARKDOWN,
  },
]

/** What clients can read without calling a tool: by the same operations, so by the same rules. */
export class Resources {
  readonly #calls: Calls

  constructor(calls: Calls) {
    this.#calls = calls
  }

  /** The fixed ones, then every memory in reach of the current project, one entry tool after the other. */
  async list(cursor: string | undefined, request: McpRequest): Promise<ListResourcesResult> {
    try {
      const { tool, inner } = placeOf(cursor)
      const entries = await this.#listEntries(tool, inner, request)
      return cursor === undefined ? { ...entries, resources: [...FIXED, ...entries.resources] } : entries
    } catch (error) {
      throw protocolError(error)
    }
  }

  async read(uri: string, request: McpRequest): Promise<ReadResourceResult> {
    const resource = parseResourceUri(uri)
    if (!resource) throw new ResourceNotFoundError(uri)
    try {
      const text = await this.#text(resource, request)
      return { contents: [{ uri, mimeType: resource.kind === 'context' ? MARKDOWN : JSON_TYPE, text }] }
    } catch (error) {
      throw resourceError(error, uri)
    }
  }

  async #text({ kind, id = '' }: NamedResource, request: McpRequest): Promise<string> {
    switch (kind) {
      case 'context':
        return this.#context(id, request)
      case 'entry':
        return JSON.stringify(await readEntry(this.#calls, id, request))
      case 'locks':
        return JSON.stringify(await this.#locks(request))
    }
  }

  async #context(scopeId: string, request: McpRequest): Promise<string> {
    const args = scopeId === '' ? {} : { scope_id: scopeId }
    const { context } = await this.#calls.run(await operation('memory_query', 'context'), args, request)
    return String(context)
  }

  async #locks(request: McpRequest): Promise<{ locks: unknown[] }> {
    const locks: unknown[] = []
    let cursor: object = {}
    do {
      const args = { limit: 100, ...cursor }
      const page = await this.#calls.run(await operation('memory_file_lock', 'list'), args, request)
      if (Array.isArray(page['locks'])) locks.push(...page['locks'])
      cursor = 'next_cursor' in page ? { cursor: page['next_cursor'] } : {}
    } while ('cursor' in cursor)
    return { locks }
  }

  async #listEntries(tool: string, inner: string, request: McpRequest): Promise<ListResourcesResult> {
    const args = { limit: PAGE, ...(inner && { cursor: inner }) }
    const page = await this.#calls.run(await operation(tool, 'list'), args, request)
    const resources = (page['entries'] as readonly ListedEntry[]).map(entryResource)
    const next = page['next_cursor']
    if (typeof next === 'string') return { resources, nextCursor: encodeCursor([tool, next]) }
    const later = ENTRY_TOOLS[ENTRY_TOOLS.indexOf(tool) + 1]
    if (later === undefined) return { resources }
    if (resources.length === 0) return this.#listEntries(later, '', request)
    return { resources, nextCursor: encodeCursor([later, '']) }
  }
}

/** Where a page begins: in which tool's list, and behind which of its cursors. */
interface Place {
  readonly tool: string
  readonly inner: string
}

function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { tool: ENTRY_TOOLS[0] ?? '', inner: '' }
  const [tool, inner, ...more] = decodeCursor(cursor)
  if (
    typeof tool === 'string' &&
    ENTRY_TOOLS.includes(tool) &&
    typeof inner === 'string' &&
    more.length === 0
  )
    return { tool, inner }
  throw badCursor()
}

interface ListedEntry {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly priority: number
  readonly updated_at: string
}

function entryResource({ id, type, name, priority, updated_at }: ListedEntry): Resource {
  return {
    uri: `memory://entry/${id}`,
    name,
    description: type,
    mimeType: JSON_TYPE,
    annotations: { priority: priority / 100, lastModified: updated_at },
  }
}
