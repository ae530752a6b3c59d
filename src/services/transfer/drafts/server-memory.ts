import { z } from 'zod'
import { LIMITS } from '../../../domain/entries/entry.ts'
import { linesOf, type TransferSource } from '../source.ts'
import { badPlace, type Draft, type DraftLink, nameOf, type Place, type Reading } from './draft.ts'

// The file of @modelcontextprotocol/server-memory: a graph as JSON lines, entities first. The server itself links names that no
// entity has, and adds two entities of one name when one call brings both.

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

/** Whether a file begins as that server's does. */
export function isServerMemory(firstLine: string): boolean {
  return record.safeParse(parsed(firstLine)).success
}

export async function readServerMemory({ source, label, ...rest }: ServerMemoryFile): Promise<Reading> {
  const entities = new Map<string, Entity>()
  const links: DraftLink[] = []
  for await (const { number: line, bytes } of linesOf(source)) {
    const place = { file: label, line }
    const given = recordAt(place, bytes.toString('utf8'))
    if (given.type === 'entity')
      entities.set(given.name, joined(entities.get(given.name), { ...given, place }))
    else links.push({ place, from: given.from, to: given.to, relation_type: given.relationType })
  }
  const drafts = [...entities.values()].map((given) => draftOf(given, rest))
  return { from: 'server-memory', drafts, links, records: [], covers: (file) => file === label }
}

function recordAt(place: Place, text: string): z.infer<typeof record> {
  const { data, error } = record.safeParse(parsed(text))
  if (data) return data
  const [issue] = error.issues
  const problem = issue?.path.length
    ? `does not fit: ${issue.path.join('.')}: ${issue.message}`
    : 'is no JSON object'
  throw badPlace(place, problem, WANTED)
}

const WANTED =
  'Give the file that server-memory keeps (MEMORY_FILE_PATH, else memory.jsonl beside its program); every line is an entity or a relation.'

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
