import { AppError, type ErrorBody } from '../../../src/domain/errors.ts'
import { readMarkdown } from '../../../src/services/transfer/drafts/markdown.ts'
import type { DraftReport } from '../../../src/services/transfer/drafts/report.ts'
import { readServerMemory } from '../../../src/services/transfer/drafts/server-memory.ts'
import type { OnConflict } from '../../../src/services/transfer/import/run.ts'
import type { TestApp } from '../../support/app.ts'

export interface DraftSettings {
  readonly onConflict?: OnConflict
  readonly isDryRun?: boolean
  readonly scope?: string
  readonly type?: string
  readonly modifiedAt?: string
}

function sourceOf(text: string | Buffer) {
  return async function* () {
    yield Buffer.from(text)
  }
}

function take(t: TestApp, settings: DraftSettings) {
  const { onConflict = 'refuse', isDryRun = false, scope } = settings
  const caller = { agentId: 'importer', workspace: t.workspace }
  return (reading: Parameters<typeof t.app.services.drafts.import>[1]) =>
    t.app.services.drafts.import(caller, reading, { scope, onConflict, isDryRun })
}

/** Imports Markdown files, by their paths in the project. */
export async function importedMarkdown(
  t: TestApp,
  files: Readonly<Record<string, string | Buffer>>,
  settings: DraftSettings = {},
): Promise<DraftReport> {
  const { type, modifiedAt = null } = settings
  const read = Object.entries(files).map(([path, text]) => ({
    source: sourceOf(text),
    label: path,
    path,
    modifiedAt,
  }))
  return take(t, settings)(await readMarkdown(read, { type, covers: () => true }))
}

/** Imports a file of server-memory. */
export async function importedGraph(
  t: TestApp,
  text: string | Buffer,
  settings: DraftSettings = {},
): Promise<DraftReport> {
  const { type = 'knowledge', modifiedAt = null } = settings
  const file = { source: sourceOf(text), label: 'memory.jsonl', modifiedAt, type }
  return take(t, settings)(await readServerMemory(file))
}

/** The refusal of an import. */
export async function refusal(outcome: Promise<DraftReport>): Promise<ErrorBody['error']> {
  const error = await outcome.catch((caught: unknown) => caught)
  if (error instanceof AppError) return error.toBody().error
  throw new Error(`expected a refusal, got ${JSON.stringify(error)}`, { cause: error })
}

export interface Listed {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly content: string
  readonly version: number
  readonly tags: readonly string[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

/** The entries of a type in the project, by name. */
export async function listed(t: TestApp, type: string, scope: object = {}): Promise<Record<string, Listed>> {
  const asked = { limit: 100, inherit: false, ...scope }
  const { entries } = await t.call<{ entries: Listed[] }>(`memory_${type}`, 'list', asked)
  return Object.fromEntries(entries.map((entry) => [entry.name, entry]))
}
