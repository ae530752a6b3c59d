import type { Entry } from '../../../domain/entries/entry.ts'
import type { Relation } from '../../../domain/entries/relation.ts'
import type { Scope } from '../../../domain/scope.ts'
import { recordSchema, type TransferRecord } from '../../../domain/transfer.ts'
import { badPlace } from './draft.ts'
import type { Fronted } from './frontmatter.ts'

// One memory as a Markdown page: what a program needs stands in the front matter, name and words as a person reads them.

/** Says in the front matter that a page is one of ours, and what it is. */
const MARK = 'agent_memory'

/** The fields of an entry that stand below the front matter, and how: a heading is one line, lines end as the editor likes. */
const SHOWN = {
  name: (text: string) => text.replaceAll(/\s+/g, ' ').trim(),
  content: (text: string) => text.replaceAll(/\r\n?/g, '\n'),
} as const
const EMPTY = JSON.stringify([[], {}])

/** Writes YAML; given, for it is loaded only where it is needed. */
export type Yaml = (value: unknown) => string

export function entryPage(entry: Entry, relations: readonly Relation[], yaml: Yaml): string {
  const { name, content } = entry
  const rest = Object.entries(entry).filter(([key, value]) => !Object.hasOwn(SHOWN, key) && !isEmpty(value))
  const front = {
    [MARK]: 'entry',
    // What the page cannot show letter by letter stands here too.
    ...(SHOWN.name(name) !== name && { name }),
    ...(SHOWN.content(content) !== content && { content }),
    ...Object.fromEntries(rest),
    ...(relations.length > 0 && { relations: relations.map(({ from_id: _from, ...link }) => link) }),
  }
  return page(front, { name, content }, yaml)
}

export function scopePage(scope: Scope, yaml: Yaml): string {
  return page({ [MARK]: 'scope', ...scope }, { name: scope.name, content: scope.purpose ?? '' }, yaml)
}

function page(front: object, { name, content }: { name: string; content: string }, yaml: Yaml): string {
  return `---\n${yaml(front)}---\n\n# ${SHOWN.name(name)}\n\n${content}\n`
}

function isEmpty(value: unknown): boolean {
  return EMPTY.includes(JSON.stringify(value) ?? 'undefined') && typeof value === 'object' && value !== null
}

export function isOurs({ front }: Fronted): boolean {
  return typeof front[MARK] === 'string'
}

/** The records that a page of ours holds: a scope, or an entry and its links. Throws with the file's name. */
export function recordsOf(file: string, { front, body, lines }: Fronted): TransferRecord[] {
  const { [MARK]: kind, relations, ...given } = front
  if (kind === 'scope') return [checked(file, { kind, scope: given })]
  if (kind !== 'entry') return []
  const [whole, heading] = /^\s*# ([^\n]*)(?:\n\n?|$)/.exec(body) ?? []
  if (whole === undefined || heading === undefined)
    throw badPlace({ file, line: lines + 1 }, 'begins without "# NAME"', 'Put the name of the entry there.')
  const written = { name: heading.trim(), content: body.slice(whole.length).replace(/\n$/, '') }
  const entry = { tags: [], metadata: {}, ...given, ...asEdited(given, written) }
  const links = Array.isArray(relations) ? relations : []
  return [
    checked(file, { kind, entry }),
    ...links.map((link: unknown) =>
      checked(file, { kind: 'relation', relation: { ...Object(link), from_id: given['id'] } }),
    ),
  ]
}

/** The words of the page; those of its front matter only where they are what the page shows, letter by letter. */
function asEdited(given: Fronted['front'], written: Record<keyof typeof SHOWN, string>) {
  const exact = (key: keyof typeof SHOWN) => {
    const { [key]: whole } = given
    return typeof whole === 'string' && SHOWN[key](whole) === written[key] ? whole : written[key]
  }
  return { name: exact('name'), content: exact('content') }
}

function checked(file: string, record: unknown): TransferRecord {
  const { data, error } = recordSchema.safeParse(record)
  if (data) return data
  const [issue] = error.issues
  const problem = `begins a page that does not fit: ${issue?.path.slice(1).join('.')}: ${issue?.message}`
  throw badPlace({ file, line: 1 }, problem.slice(0, 300), 'Put back what stood there, or take the page out.')
}
