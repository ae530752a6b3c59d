import { type Entry, LIMITS } from '../../../domain/entries/entry.ts'
import { type ForeignFormat, type Origin, shortDigest } from '../../../domain/entries/imported.ts'
import { pick } from '../../../domain/entries/merge.ts'
import { entryType } from '../../../domain/entries/types/index.ts'
import { AppError } from '../../../domain/errors.ts'
import type { TransferRecord } from '../../../domain/transfer.ts'

/** Where something stands in what is read. */
export interface Place {
  readonly file: string
  readonly line: number
}

/** One entry as another program's file has it. */
export interface Draft {
  readonly place: Place
  readonly origin: Origin
  readonly type: string
  /** What it may be called, best first; where all are taken, numbers follow the last. One that is `fixed` has no other. */
  readonly names: readonly string[]
  readonly isNameFixed: boolean
  readonly content: string
  readonly tags: readonly string[]
  /** Own fields by entry type. */
  readonly own: (type: string) => Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
  /** When its file was last written, ISO 8601; null where that is unknown. */
  readonly modifiedAt: string | null
}

/** A link between two drafts, by their origins' headings. */
export interface DraftLink {
  readonly place: Place
  readonly from: string
  readonly to: string
  readonly relation_type: string
}

/** A record of ours, and the page that it stands in. */
export interface Filed {
  readonly file: string
  readonly record: TransferRecord
}

/** All that was read. */
export interface Reading {
  readonly from: ForeignFormat
  readonly drafts: readonly Draft[]
  readonly links: readonly DraftLink[]
  /** What an export to Markdown wrote, scopes first. */
  readonly records: readonly Filed[]
  /** Whether an entry of that file would be among the drafts if its words still stood there. */
  readonly covers: (file: string) => boolean
}

/** Tells a change in the file. */
export function digestOf({ content, tags, metadata, own }: Draft, type: string): string {
  return shortDigest({ content, tags, metadata, own: own(type) })
}

/** Shows a change made here; tags, priority and name are left out, because any agent may set them. */
export function wordsOf(entry: Entry): string {
  const { content, type } = entry
  const own = Object.keys(entryType(type).fields.shape)
  return shortDigest({ content, own: pick(entry, own) })
}

/** Headings, one in the other, as a name that fits. */
export function nameOf(path: readonly string[], suffix = ''): string {
  const room = LIMITS.nameBytes - Buffer.byteLength(suffix)
  for (let from = 0; from < path.length; from++) {
    const name = path.slice(from).join(' > ')
    if (Buffer.byteLength(name) <= room) return name + suffix
  }
  return `${cut(path.at(-1) ?? '', room - 3)}…${suffix}`
}

function cut(text: string, bytes: number): string {
  let kept = ''
  let size = 0
  for (const letter of text) {
    size += Buffer.byteLength(letter)
    if (size > bytes) break
    kept += letter
  }
  return kept
}

/** A file that is refused because of this line; the problem is the end of a sentence. */
export function badPlace({ file, line }: Place, problem: string, suggestion: string): AppError {
  return new AppError('INVALID_PARAMETER', `${file}, line ${line} ${problem}. Nothing was imported.`, {
    details: { file, line },
    suggestion,
  })
}
