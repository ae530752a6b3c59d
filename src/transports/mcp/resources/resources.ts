import {
  type ListResourcesResult,
  type ReadResourceResult,
  type Resource,
  ResourceNotFoundError,
  type ResourceTemplateType,
} from '@modelcontextprotocol/server'
import type { z } from 'zod'
import { MOST_ANSWER_TOKENS } from '../../../domain/text/tokens.ts'
import type { AnswerOf, Operation } from '../../../operations/define.ts'
import type { Entries } from '../../../services/entries/entries.ts'
import { protocolError, resourceError } from '../errors.ts'
import type { McpRequest } from '../request.ts'
import type { Calls } from '../tools/calls.ts'
import { operation } from '../tools/catalogue.ts'
import { readEntry } from './entry-resource.ts'
import { type NamedResource, parseResourceUri } from './resource-uri.ts'

type EntryOutline = Awaited<ReturnType<Entries['notable']>>[number]

const JSON_TYPE = 'application/json'
const MARKDOWN = 'text/markdown'
/** A client that reads a resource wants the whole of it. */
const READ_TOKENS = MOST_ANSWER_TOKENS
const MOST_SCOPES = 10
const MOST_LOCKS = 1_000

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
  {
    uri: 'memory://presence',
    name: 'presence',
    title: 'Who is at work',
    description: 'Which agents work here, on what, holding and waiting for which files',
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

  /** What is worth listing, on one page: the fixed ones, scopes, the most important and the newest memories in reach. */
  async list(request: McpRequest): Promise<ListResourcesResult> {
    try {
      const scopes = await Promise.all(LISTED_SCOPES.map((type) => this.#scopes(type, request)))
      const entries = await this.#calls.notable(request)
      return { resources: [...FIXED, ...scopes.flat(), ...entries.map(entryResource)] }
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
        return JSON.stringify(await readEntry((tool) => this.#run(operation(tool, 'get'), { id }, request)))
      case 'locks':
        return JSON.stringify(await this.#locks(request))
      case 'presence':
        return JSON.stringify(await this.#run(operation('memory_scope', 'presence'), { limit: 100 }, request))
    }
  }

  async #context(scopeId: string, request: McpRequest): Promise<string> {
    const args = scopeId === '' ? {} : { scope_id: scopeId }
    const { context } = await this.#run(operation('memory_query', 'context'), args, request)
    return context ?? ''
  }

  async #locks(request: McpRequest): Promise<{ locks: unknown[]; more?: true }> {
    const locks: unknown[] = []
    let cursor: object = {}
    do {
      const page = await this.#run(operation('memory_file_lock', 'list'), { limit: 100, ...cursor }, request)
      locks.push(...page.locks)
      cursor = page.next_cursor === undefined ? {} : { cursor: page.next_cursor }
    } while ('cursor' in cursor && locks.length < MOST_LOCKS)
    return { locks, ...('cursor' in cursor && { more: true as const }) }
  }

  async #scopes(scope_type: string, request: McpRequest): Promise<Resource[]> {
    const page = await this.#run(
      operation('memory_scope', 'list'),
      { scope_type, limit: MOST_SCOPES },
      request,
    )
    return page.scopes.map(scopeResource)
  }

  async #run<O extends z.ZodType>(
    asked: Promise<Operation<z.ZodObject, O>>,
    args: object,
    request: McpRequest,
  ): Promise<AnswerOf<O>> {
    return this.#calls.run(await asked, { ...args }, request, { answerTokens: READ_TOKENS })
  }
}

const LISTED_SCOPES = ['project', 'org'] as const

interface ListedScope {
  /** null: of the global scope alone, which is not listed. */
  readonly id: string | null
  readonly scope_type: string
  readonly name: string
}

function scopeResource({ id, scope_type, name }: ListedScope): Resource {
  return {
    uri: `memory://context/${id}`,
    name,
    description: `What to read first in this ${scope_type}`,
    mimeType: MARKDOWN,
  }
}

function entryResource({ id, type, name, priority, updatedAt }: EntryOutline): Resource {
  return {
    uri: `memory://entry/${id}`,
    name,
    description: type,
    mimeType: JSON_TYPE,
    annotations: { priority: priority / 100, lastModified: updatedAt },
  }
}
