import { stat } from 'node:fs/promises'
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
