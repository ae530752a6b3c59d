import { isUtf8 } from 'node:buffer'
import { z } from 'zod'
import { LIMITS } from '../../../domain/entries/entry.ts'
import { linesOf, type TransferSource } from '../source.ts'
import { badPlace, type Draft, type DraftLink, nameOf, type Place, type Reading } from './draft.ts'

// The file of @modelcontextprotocol/server-memory: a graph as JSON lines, entities first; or as one JSON value, as its read_graph
// answers it and as it is kept by programs like it. The server itself links names that no entity has, and adds two entities of one
// name when one call brings both.

const entity = z.object({
  type: z.literal('entity'),
  name: z.string().trim().normalize('NFC').min(1),
  entityType: z.string(),
  observations: z.array(z.string()),
})
const relation = z.object({
  type: z.literal('relation'),
  from: z.string().trim().normalize('NFC'),
  to: z.string().trim().normalize('NFC'),
  relationType: z.string(),
})
const record = z.discriminatedUnion('type', [entity, relation])

type Entity = z.infer<typeof entity> & { readonly place: Place }

export interface ServerMemoryFile {
  readonly source: TransferSource
  readonly label: string
  readonly modifiedAt: string | null
  /** The type of the entries; knowledge unless the caller names another. */
  readonly type: string
}

/** How a record of that server begins, also one that is damaged further on. */
const BEGINNING = /^\s*\{\s*"type"\s*:\s*"(?:entity|relation)"/

/** Whether that is a file of that server. */
export async function isServerMemory(source: TransferSource): Promise<boolean> {
  for await (const { bytes } of linesOf(source)) {
    const text = bytes.toString('utf8')
    if (BEGINNING.test(text) || record.safeParse(parsed(text)).success) return true
    return (await graphIn(source)) !== undefined
  }
  return false
}

const graph = z.object({ entities: z.array(z.unknown()), relations: z.array(z.unknown()).default([]) })

/** The records of a file that is one JSON value; undefined for every other file. */
async function graphIn(source: TransferSource): Promise<unknown[] | undefined> {
  const lines: Buffer[] = []
  let size = 0
  for await (const { bytes } of linesOf(source)) {
    if (lines.length === 0 && !/^\s*(?:\[|\{\s*(?:"entities"|"relations"|$))/.test(bytes.toString('utf8')))
      return undefined
    lines.push(bytes)
    size += bytes.length
    if (size > MAX_GRAPH_BYTES) return undefined
  }
  return recordsOf(parsed(Buffer.concat(lines.flatMap((line) => [line, NEWLINE])).toString('utf8')))
}

const MAX_GRAPH_BYTES = 64 * 1024 * 1024
const NEWLINE = Buffer.from('\n')

function recordsOf(value: unknown): unknown[] | undefined {
  if (Array.isArray(value)) return value.some((item) => record.safeParse(item).success) ? value : undefined
  const { data } = graph.safeParse(value)
  return data && [...data.entities.map(typed('entity')), ...data.relations.map(typed('relation'))]
}

function typed(type: 'entity' | 'relation') {
  return (given: unknown) => (typeof given === 'object' && given !== null ? { ...given, type } : given)
}

export async function readServerMemory({ source, label, ...rest }: ServerMemoryFile): Promise<Reading> {
  const entities = new Map<string, Entity>()
  const links: DraftLink[] = []
  for await (const { line, value } of valuesIn(source, label)) {
    const place = { file: label, line }
    const given = recordAt(place, value)
    if (given.type === 'entity')
      entities.set(given.name, joined(entities.get(given.name), { ...given, place }))
    else links.push({ place, from: given.from, to: given.to, relation_type: given.relationType })
  }
  const drafts = [...entities.values()].map((given) => draftOf(given, rest))
  return { from: 'server-memory', drafts, links, records: [], covers: (file) => file === label }
}

/** Each record with its line, or its number where the file is one value. Bytes that are no text would become other letters. */
async function* valuesIn(
  source: TransferSource,
  file: string,
): AsyncGenerator<{ line: number; value: unknown }> {
  for await (const { number: line, bytes } of linesOf(source))
    if (!isUtf8(bytes)) throw badPlace({ file, line }, 'is not UTF-8', 'Save it as UTF-8 or UTF-16.')
  const whole = await graphIn(source)
  if (whole) yield* whole.map((value, at) => ({ line: at + 1, value }))
  else
    for await (const { number: line, bytes } of linesOf(source))
      yield { line, value: parsed(bytes.toString('utf8')) }
}

function recordAt(place: Place, value: unknown): z.infer<typeof record> {
  const { data, error } = record.safeParse(value)
  if (data) return data
  const [issue] = error.issues
  const problem = issue?.path.length
    ? `does not fit: ${issue.path.join('.')}: ${issue.message}`
    : 'is no JSON object'
  throw badPlace(place, problem, WANTED)
}

const WANTED =
  'Give the file that server-memory keeps (MEMORY_FILE_PATH, else memory.jsonl beside its program); every line is an entity or a relation. In a file that is one JSON value the number is that of the record.'

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function joined(before: Entity | undefined, { observations, ...given }: Entity): Entity {
  if (!before) return { observations, ...given }
  return { ...before, observations: [...new Set([...before.observations, ...observations])] }
}

function draftOf(given: Entity, { type, modifiedAt }: Pick<ServerMemoryFile, 'type' | 'modifiedAt'>): Draft {
  const { name, entityType, observations, place } = given
  const isTag = entityType.trim() !== '' && Buffer.byteLength(entityType) <= LIMITS.tagBytes
  return {
    place,
    origin: { from: 'server-memory', file: place.file, heading: name },
    type,
    names: [nameOf([name])],
    isNameFixed: true,
    content: contentOf(observations) || entityType,
    tags: isTag ? [entityType] : [],
    own: () => ({}),
    metadata: { entity_type: entityType },
    modifiedAt,
  }
}

function contentOf(observations: readonly string[]): string {
  const [only = ''] = observations
  if (observations.length < 2) return only
  return observations.map((text) => `- ${text.replaceAll('\n', '\n  ')}`).join('\n')
}
