import { jsonBytes } from '../../domain/text/tokens.ts'
import { type Hit, hitOf, tiny } from './hits.ts'
import { partOf, withinBytes } from './shorten.ts'

export type Answer = Readonly<Record<string, unknown>>

export type Less = { readonly limit: number } | { readonly token_budget: number }

/** What an answer has to fit into. */
export interface Room {
  /** Of the whole answer as compact JSON. */
  readonly bytes: number
  /** Of the content of one entry alone, where less is asked for. */
  readonly contentBytes?: number | undefined
  /** Where in its content to begin; given where an entry is read in parts. */
  readonly offset?: number | undefined
  /** Reads the same again, with fewer things or of fewer tokens: a page's cursor then goes on behind its last thing. */
  readonly again?: ((less: Less) => Promise<Answer>) | undefined
}

/** What is listed, by the names under which it is. */
const LISTS = [
  'results',
  'entries',
  'versions',
  'conflicts',
  'events',
  'locks',
  'scopes',
  'tags',
  'relations',
  'votes',
  'tasks',
  'agents',
  'records',
]
/** For what is put to an answer afterwards. */
const SPARE_BYTES = 100
/** With less room than this, every list has still its first thing. */
const SMALLEST_ROOM = 400

/** The answer cut to the room: of a list the best whole and the others in outline, of an entry the beginning of its content. */
export async function fitAnswer(answer: Answer, room: Room): Promise<Answer> {
  if ('included' in answer) return fitContext(answer, room)
  const list = 'name' in answer ? undefined : LISTS.find((key) => Array.isArray(answer[key]))
  if (list !== undefined) return fitList(answer, list, room)
  return typeof answer['content'] === 'string'
    ? fitEntry(answer, answer['content'], room)
    : fitRest(answer, room)
}

/** Its packer has kept the text within its budget; as JSON, with the ids beside it, it may still be too large. */
async function fitContext(answer: Answer, room: Room): Promise<Answer> {
  const bytes = jsonBytes(answer)
  if (bytes <= room.bytes || !room.again) return answer
  const smaller = Math.floor((Number(answer['token_budget']) * room.bytes * 0.95) / bytes)
  return smaller < 1 ? answer : fitContext(await room.again({ token_budget: smaller }), room)
}

async function fitList(answer: Answer, list: string, room: Room): Promise<Answer> {
  const items = answer[list] as readonly Answer[]
  const hits = items.map((item) => hitOf(item, list))
  const hint = room.again ? {} : whereTheOthersAre(list, items[0])
  const rest = jsonBytes({ ...answer, [list]: [], ...hint })
  const bytes = Math.max(room.bytes - rest - SPARE_BYTES, SMALLEST_ROOM)
  const kept = Math.max(1, fitting(hits, bytes))
  if (kept >= items.length) return { ...answer, [list]: grown(hits, bytes) }
  if (room.again) return fitList(await room.again({ limit: kept }), list, room)
  return {
    ...answer,
    ...upTo(items[kept - 1]),
    [list]: grown(hits.slice(0, kept), bytes),
    omitted: items.length - kept,
    ...hint,
  }
}

/** What a call has done to what is not shown is not lost on its caller, who may need of each what only the answer had. */
function whereTheOthersAre(list: string, one: Answer | undefined): { hint?: string } {
  if (list === 'locks' && one && 'fencing_token' in one)
    return { hint: 'The others are locked too: memory_file_lock list has each with its fencing_token.' }
  if (list === 'entries') return { hint: 'The others are kept too: list has each with its id.' }
  return {}
}

/** Events that are not shown are still to come. */
function upTo(last: Answer | undefined): Answer {
  return last && 'seq' in last ? { last_seq: last['seq'] } : {}
}

/** The outlines, and in their place, from the first on, the whole things that there is room for. */
function grown(hits: readonly Hit[], bytes: number): readonly Answer[] {
  let left = bytes - hits.reduce((sum, { outlineBytes }) => sum + outlineBytes + COMMA, 0)
  if (left < 0) return hits.map(tiny)
  return hits.map(({ outline, whole, outlineBytes, wholeBytes }) => {
    const more = wholeBytes - outlineBytes
    if (more > left) return outline
    left -= more
    return whole
  })
}

const COMMA = ','.length

/** How many of the first outlines fit. */
function fitting(hits: readonly Hit[], bytes: number): number {
  let left = bytes
  for (const [at, { outlineBytes }] of hits.entries()) {
    left -= outlineBytes + COMMA
    if (left < 0) return at
  }
  return hits.length
}

function fitEntry(answer: Answer, content: string, { bytes, contentBytes = bytes, offset }: Room): Answer {
  const { content: _content, ...rest } = answer
  const head = withinBytes(rest, Math.max(bytes - SPARE_BYTES, SMALLEST_ROOM))
  const free = bytes - jsonBytes(head.value) - SPARE_BYTES
  const { part, end } = partOf(content, offset ?? 0, Math.min(contentBytes, free))
  if (part.length === content.length && head.isWhole) return answer
  const next = offset !== undefined && end < content.length ? { next_offset: end } : {}
  return { ...head.value, content: part, content_length: content.length, shortened: true, ...next }
}

function fitRest(answer: Answer, { bytes }: Room): Answer {
  const { value, isWhole } = withinBytes(answer, bytes - SPARE_BYTES)
  return isWhole ? value : { ...value, shortened: true }
}
