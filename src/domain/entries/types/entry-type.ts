import type { z } from 'zod'
import type { Entry } from '../entry.ts'

/** The MCP tool and the REST resource of an entry type. */
export interface KeptBy {
  readonly tool: 'memory_guideline' | 'memory_knowledge' | 'memory_tool'
  readonly resource: `/v1/${string}`
}

/** What the words of an entry are taken from. */
export type WordedEntry = Pick<Entry, 'type' | 'name' | 'content' | 'tags'> &
  Readonly<Record<string, unknown>>

/** All that sets one entry type apart. A new type is one more of these in the list of `index.ts`. */
export interface EntryType {
  readonly name: string
  /** Heading of its part of a context. */
  readonly heading: string
  /** What keeps this type, or null for a type that the tool of another thing writes. */
  readonly keptBy: KeptBy | null
  /** Own fields: what an agent may write beside the shared ones. */
  readonly fields: z.ZodObject
  /** What is wrong with the fields together, as a sentence for the caller. */
  problem?(entry: Entry): string | undefined
  /** Own text to be found by, beside name, content and tags. */
  indexText(entry: WordedEntry): string
  /** Lines under the heading of an entry in a context, in reading order. */
  contextLines(entry: Entry): string[]
}

/** The value of a text field, or '' where the entry has none. */
export function textField(entry: Readonly<Record<string, unknown>>, field: string): string {
  const value = entry[field]
  return typeof value === 'string' ? value : ''
}

/** The values of a list-of-texts field. */
export function listField(entry: Entry, field: string): string[] {
  const value = entry[field]
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : []
}
