import { SCOPE_TYPES } from '../../../domain/scope.ts'
import { RECORD_KINDS, type TransferRecord } from '../../../domain/transfer.ts'
import { asUtf8 } from '../decode.ts'
import type { TransferSource } from '../source.ts'
import { badPlace, type Draft, type Filed, nameOf, type Reading } from './draft.ts'
import { isOurs, recordsOf } from './entry-file.ts'
import { type Fronted, withoutFrontmatter } from './frontmatter.ts'
import { type Section, sectionsOf } from './headings.ts'
import { type FileKind, kindOf } from './known-files.ts'

/** A Markdown file; `label` is the name of it that its entries keep. */
export interface MarkdownFile {
  readonly source: TransferSource
  readonly label: string
  /** Where it lies in its repository or folder, with `/`. */
  readonly path: string
  readonly modifiedAt: string | null
}

const MAX_BYTES = 16 * 1024 * 1024

/** One entry a heading. A type that is given is that of all; else rules for agents are guidelines, all other words knowledge. */
export async function readMarkdown(
  files: readonly MarkdownFile[],
  { type, covers }: { type: string | undefined; covers: Reading['covers'] },
): Promise<Reading> {
  const drafts: Draft[] = []
  const records: Filed[] = []
  for (const file of files) {
    const fronted = await withoutFrontmatter(await textOf(file.source, file.label))
    if (isOurs(fronted))
      records.push(...recordsOf(file.label, fronted).map((record) => ({ file: file.label, record })))
    else drafts.push(...(await draftsOf(file, fronted, type)))
  }
  const inOrder = records.toSorted((a, b) => placeOf(a.record) - placeOf(b.record))
  return { from: 'markdown', drafts, links: [], records: inOrder, covers }
}

/** What others refer to comes first. */
function placeOf(record: TransferRecord): number {
  if (record.kind === 'scope') return SCOPE_TYPES.indexOf(record.scope.type)
  return SCOPE_TYPES.length + RECORD_KINDS.indexOf(record.kind)
}

async function draftsOf(
  { label, path: inner, modifiedAt }: MarkdownFile,
  { front, body, lines }: Fronted,
  type: string | undefined,
): Promise<Draft[]> {
  const kind = kindOf(inner)
  const seen = new Map<string, number>()
  return (await sectionsOf(body)).map((section): Draft => {
    const path = headingsOf(section, label)
    const count = (seen.get(path.join('\n')) ?? 0) + 1
    seen.set(path.join('\n'), count)
    const heading = section.path.join(' > ')
    return {
      place: { file: label, line: section.line + lines },
      origin: { from: 'markdown', file: label, heading: count === 1 ? heading : `${heading} (${count})` },
      type: type ?? (kind === 'rules' ? 'guideline' : 'knowledge'),
      names: [nameOf(path), nameOf(path, ` (${label.slice(-200)})`)],
      isNameFixed: false,
      content: section.content,
      tags: [],
      own: (entryType) => ownFields(entryType, { kind, label, path: inner, front }),
      metadata: descriptionOf(front),
      modifiedAt,
    }
  })
}

/** What stands before the first heading is called after the file. */
function headingsOf({ path }: Section, label: string): readonly string[] {
  if (path.length > 0) return path
  const name = label.split('/').at(-1) ?? label
  return [name.replace(/(?<=.)\.(?:md|mdc|markdown|txt)$/i, '')]
}

async function textOf(source: TransferSource, label: string): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of asUtf8(source())) {
    size += chunk.length
    if (size > MAX_BYTES)
      throw badPlace({ file: label, line: 1 }, `begins more than ${MAX_BYTES} bytes`, 'Split it.')
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, '\n')
  } catch {
    throw badPlace({ file: label, line: lineOfBadByte(bytes) }, 'is not UTF-8', 'Save it as UTF-8 or UTF-16.')
  }
}

function lineOfBadByte(bytes: Buffer): number {
  const [before = ''] = bytes.toString('utf8').split('\ufffd')
  return before.split('\n').length
}

interface Told {
  readonly kind: FileKind
  readonly label: string
  readonly path: string
  readonly front: Readonly<Record<string, unknown>>
}

function ownFields(type: string, { kind, label, path, front }: Told): Record<string, unknown> {
  if (type === 'knowledge') {
    return { source: label, ...(kind === 'decisions' && { category: 'decision' }) }
  }
  const globs = kind === 'rules' && type === 'guideline' ? globsOf(front, path) : []
  return globs.length > 0 ? { applies_to: globs } : {}
}

/** Cursor's `globs`, Copilot's `applyTo`, Claude's and Windsurf's `paths`; an AGENTS.md in a folder is about that folder. */
function globsOf(front: Told['front'], path: string): string[] {
  const given = [front['globs'], front['applyTo'], front['paths']].flatMap((value): unknown[] =>
    typeof value === 'string' ? splitGlobs(value) : Array.isArray(value) ? value : [],
  )
  const globs = given.filter((glob): glob is string => typeof glob === 'string' && glob !== '')
  if (globs.length > 0) return globs.slice(0, 100)
  const folder = /^(.+)\/(?:AGENTS|CLAUDE|GEMINI)\.md$/.exec(path)?.[1]
  return folder === undefined || /(?:^|\/)\.[^/]+$/.test(folder) ? [] : [`${folder}/**`]
}

/** At commas that are not inside of braces. */
function splitGlobs(text: string): string[] {
  return text.split(/,(?![^{]*\})/).map((glob) => glob.trim().replaceAll(/^["']|["']$/g, ''))
}

function descriptionOf({ description }: Told['front']): Record<string, unknown> {
  return typeof description === 'string' && description !== '' ? { description } : {}
}
