import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Config } from '../../../config.ts'
import type { Draft, Reading } from '../../../services/transfer/drafts/draft.ts'
import type { DraftReport } from '../../../services/transfer/drafts/report.ts'
import type { OnConflict } from '../../../services/transfer/import/run.ts'
import { findWorkspace } from '../../../services/workspace/workspace.ts'
import { shellAgentId } from '../arguments/agent.ts'
import type { CommandIo } from '../io.ts'
import { type Input, tried } from './input.ts'

/** Another program's file, and what is to be made of it. */
export interface ForeignImport {
  readonly from: Draft['origin']['from']
  /** Undefined for stdin. */
  readonly path: string | undefined
  /** What was opened; undefined for Markdown from the disk, of which there may be many files. */
  readonly input: Input | undefined
  readonly type: string | undefined
  readonly scope: string | undefined
  readonly onConflict: OnConflict
  readonly isDryRun: boolean
}

export async function importForeign(given: ForeignImport, io: CommandIo): Promise<DraftReport> {
  const config = io.config()
  const caller = callerOf(config, io)
  const reading = await read(given, caller.workspace.pathRoot)
  const app = await io.openApp(config)
  try {
    return await app.services.drafts.import(caller, reading, given)
  } finally {
    await app.close()
  }
}

async function read({ from, path, input, type }: ForeignImport, projectRoot: string): Promise<Reading> {
  if (from === 'server-memory') {
    const { readServerMemory } = await import('../../../services/transfer/drafts/server-memory.ts')
    return readServerMemory({ ...(await oneFile(path, input)), type: type ?? 'knowledge' })
  }
  const { readMarkdown } = await import('../../../services/transfer/drafts/markdown.ts')
  if (path === undefined) {
    const file = await oneFile(path, input)
    return readMarkdown([{ ...file, path: file.label }], { type, covers: (label) => label === file.label })
  }
  const { markdownFiles } = await import('./markdown-files.ts')
  const { files, covers } = await tried(path, () => markdownFiles(path, projectRoot))
  return readMarkdown(files, { type, covers })
}

async function oneFile(path: string | undefined, input: Input | undefined) {
  if (!input) throw new RangeError('a single file is opened before it is read')
  const modifiedAt = path === undefined ? null : (await tried(path, () => stat(path))).mtime.toISOString()
  return { source: () => input.open(), label: path === undefined ? 'stdin' : basename(path), modifiedAt }
}

function callerOf({ agentId, project, root }: Config, { cwd }: CommandIo) {
  return { agentId: agentId ?? shellAgentId(), workspace: findWorkspace(root ?? cwd, project) }
}
