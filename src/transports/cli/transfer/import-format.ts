import { stat } from 'node:fs/promises'
import { AppError } from '../../../domain/errors.ts'
import type { Input } from './input.ts'
import { tried } from './input.ts'

export const IMPORT_FORMATS = ['agent-memory', 'server-memory', 'markdown'] as const
export type ImportFormat = (typeof IMPORT_FORMATS)[number]

/** Whether that is a folder or has a name of Markdown; undefined for stdin and every other file. */
export async function markdownByName(path: string | undefined): Promise<'markdown' | undefined> {
  if (path === undefined) return undefined
  const { isMarkdown } = await import('../../../services/transfer/drafts/known-files.ts')
  const found = await tried(path, () => stat(path))
  return found.isDirectory() || isMarkdown(path.replaceAll('\\', '/')) ? 'markdown' : undefined
}

/** What a file is by its content: one of server-memory, else one of ours. */
export async function formatByContent(input: Input): Promise<ImportFormat> {
  const { isServerMemory } = await import('../../../services/transfer/drafts/server-memory.ts')
  return (await isServerMemory(() => input.open())) ? 'server-memory' : 'agent-memory'
}

/** Blanks alone, or the mark that stands before a text. */
const NOTHING = /^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s{0,12}$/

const NO_TEXT = [
  { mark: 'SQLite format 3\0', is: 'a database', suggestion: 'agent-memory restore puts a backup back.' },
  { mark: '\x1f\x8b', is: 'compressed', suggestion: 'gunzip -c FILE | agent-memory import -' },
  { mark: '(\xb5/\xfd', is: 'compressed', suggestion: 'zstd -dc FILE | agent-memory import -' },
  { mark: 'PK\x03\x04', is: 'an archive', suggestion: 'Unpack it, and give the file that is in it.' },
] as const

/** Says what a file is that no import reads, where its first bytes say so. */
export async function refuseNoText(input: Input, name: string): Promise<void> {
  const start = await firstBytes(input)
  if (NOTHING.test(start)) throw notText(`${name} is empty.`, 'Export again; what wrote it may have failed.')
  const found = NO_TEXT.find(({ mark }) => start.startsWith(mark))
  if (found) throw notText(`${name} is ${found.is}, not text.`, found.suggestion)
}

async function firstBytes(input: Input): Promise<string> {
  for await (const chunk of input.open()) return Buffer.from(chunk.subarray(0, 16)).toString('latin1')
  return ''
}

function notText(message: string, suggestion: string): AppError {
  return new AppError('INVALID_PARAMETER', `${message} Nothing was imported.`, { suggestion })
}
