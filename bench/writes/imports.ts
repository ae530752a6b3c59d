import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { newId } from '../../src/domain/ids.ts'
import { GLOBAL_SCOPE_ID } from '../../src/domain/scope.ts'
import { TRANSFER_FORMAT, TRANSFER_VERSION } from '../../src/domain/transfer.ts'
import { makeTexts } from '../corpus.ts'

/** A file of so many entries of one project, as export writes it. */
export async function makeExport(path: string, entries: number): Promise<void> {
  await pipeline(Readable.from(exportLines(entries)), createWriteStream(path))
}

function* exportLines(entries: number): Generator<string> {
  const at = '2026-11-01T00:00:00.000Z'
  const written = { version: 1, created_at: at, created_by: 'bench', updated_at: at, updated_by: 'bench' }
  const state = { ...written, status: 'active', metadata: {} }
  const counts = { scope: 1, tombstone: 0, entry: entries, version: 0, relation: 0, conflict: 0, vote: 0 }
  yield line({ kind: 'header', format: TRANSFER_FORMAT, format_version: TRANSFER_VERSION, counts })
  const scope = { id: newId(), type: 'project', parent_id: GLOBAL_SCOPE_ID, name: 'imported', ...state }
  yield line({ kind: 'scope', scope: { ...scope, root_path: null, purpose: null, ended_at: null } })
  const where = { type: 'knowledge', scope_type: 'project', scope_id: scope.id, priority: 50 }
  for (const text of makeTexts(entries, 17))
    yield line({ kind: 'entry', entry: { id: newId(), ...text, ...where, ...state } })
}

const line = (record: object) => `${JSON.stringify(record)}\n`

/** Milliseconds of `agent-memory import`, the start of the process with it; undefined for a build that only reads files of before. */
export async function timeImport(
  dist: string,
  { file, env }: { file: string; env: Readonly<Record<string, string>> },
): Promise<number | undefined> {
  const started = performance.now()
  try {
    await promisify(execFile)(process.execPath, [join(dist, 'main.js'), 'import', file], {
      env: { PATH: process.env['PATH'], ...env },
    })
  } catch (error) {
    if (String(error).includes(`format version ${TRANSFER_VERSION}`)) return undefined
    throw error
  }
  return performance.now() - started
}
