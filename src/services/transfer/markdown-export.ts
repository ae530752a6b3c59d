import type { Entry } from '../../domain/entries/entry.ts'
import type { Relation } from '../../domain/entries/relation.ts'
import type { Scope } from '../../domain/scope.ts'
import type { Reader } from '../../store/access.ts'
import { entryPage, scopePage, type Yaml } from './drafts/entry-file.ts'
import { exportRecords } from './export.ts'

/** One page; the path has `/`. */
export interface Page {
  readonly path: string
  readonly text: string
}

/** What there is of each. */
export interface PageCounts {
  readonly scopes: number
  readonly entries: number
  readonly relations: number
}

/** Scopes and entries as pages that a person reads, without sessions, history, conflicts and votes. Ask it of a snapshot. */
export async function markdownPages(db: Reader, write: (page: Page) => Promise<void>): Promise<PageCounts> {
  const { stringify } = await import('./yaml.ts')
  const yaml: Yaml = (value) => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false })
  const links = await linksByStart(db)
  const pages = new Pages(yaml, links)
  const counts = { scopes: 0, entries: 0, relations: 0 }
  for await (const record of exportRecords(db)) {
    const page =
      record.kind === 'scope'
        ? pages.ofScope(record.scope)
        : record.kind === 'entry'
          ? pages.ofEntry(record.entry)
          : undefined
    if (!page) continue
    await write(page)
    counts[record.kind === 'scope' ? 'scopes' : 'entries']++
    if (record.kind === 'entry') counts.relations += links.get(record.entry.id)?.length ?? 0
  }
  await write({ path: 'README.md', text: README })
  return counts
}

const README = `---
agent_memory: index
---

# Agent Memory

A folder for each scope, in it a folder for each type, in it a page for each memory. Change the words of a page, or its heading,
and take it back with \`agent-memory import --from markdown FOLDER\`; leave what stands between the dashes as it is.
`

async function linksByStart(db: Reader): Promise<Map<string, Relation[]>> {
  const links = new Map<string, Relation[]>()
  for await (const record of exportRecords(db)) {
    if (record.kind !== 'relation') continue
    const { relation } = record
    links.set(relation.from_id, [...(links.get(relation.from_id) ?? []), relation])
  }
  return links
}

/** Gives each page a path of its own. */
class Pages {
  readonly #yaml: Yaml
  readonly #links: ReadonlyMap<string, readonly Relation[]>
  readonly #folders = new Map<string | null, string>()
  readonly #taken = new Set<string>()

  constructor(yaml: Yaml, links: ReadonlyMap<string, readonly Relation[]>) {
    this.#yaml = yaml
    this.#links = links
  }

  ofScope(scope: Scope): Page | undefined {
    if (scope.type === 'session') return undefined
    const isGlobal = scope.type === 'global'
    const folder = this.#free(isGlobal ? 'global' : `${scope.type}-${slugOf(scope.name)}`, '')
    this.#folders.set(isGlobal ? null : scope.id, folder)
    return { path: `${folder}/scope.md`, text: scopePage(scope, this.#yaml) }
  }

  ofEntry(entry: Entry): Page | undefined {
    const folder = this.#folders.get(entry.scope_id)
    if (folder === undefined) return undefined
    const path = this.#free(`${folder}/${entry.type}/${slugOf(entry.name)}`, '.md')
    return { path, text: entryPage(entry, this.#links.get(entry.id) ?? [], this.#yaml) }
  }

  /** One that no other has, in whatever case. */
  #free(wanted: string, ending: string): string {
    for (let n = 1; ; n++) {
      const path = `${wanted}${n === 1 ? '' : `-${n}`}${ending}`
      if (this.#taken.has(path.toLowerCase())) continue
      this.#taken.add(path.toLowerCase())
      return path
    }
  }
}

/** What every file system takes. */
function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
  const short = [...slug].slice(0, 60).join('')
  return /^(?:con|prn|aux|nul|com\d|lpt\d)?$/.test(short) ? `x-${short}` : short
}
