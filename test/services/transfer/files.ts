import { AppError, type ErrorBody } from '../../../src/domain/errors.ts'
import type { OnConflict } from '../../../src/services/transfer/import/run.ts'
import type { ImportCounts } from '../../../src/services/transfer/transfer.ts'
import type { TestApp } from '../../support/app.ts'

const caller = { agentId: 'importer', workspace: null }

/** The whole export as text. */
export async function exported({ app }: TestApp): Promise<string> {
  const lines: string[] = []
  await app.services.transfer.export(async (line) => {
    lines.push(line)
  })
  return lines.join('')
}

/** Imports a text in pieces of so many bytes. */
export function imported(
  { app }: TestApp,
  text: string | Buffer,
  { onConflict = 'refuse', pieceBytes = 65_536 }: { onConflict?: OnConflict; pieceBytes?: number } = {},
): Promise<ImportCounts> {
  return app.services.transfer.import(caller, () => pieces(Buffer.from(text), pieceBytes), { onConflict })
}

/** Imports what must be refused. */
export async function refusedImport(
  t: TestApp,
  text: string | Buffer,
  onConflict: OnConflict = 'refuse',
): Promise<ErrorBody['error']> {
  const outcome = await imported(t, text, { onConflict }).catch((error: unknown) => error)
  if (outcome instanceof AppError) return outcome.toBody().error
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`, { cause: outcome })
}

/** The records of a file that fit, changed by `change`; the header stays. */
export function edited(text: string, change: (record: Record<string, unknown>) => void): string {
  const lines = text.trimEnd().split('\n')
  const records = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const record of records) change(record)
  return records.map((record) => `${JSON.stringify(record)}\n`).join('')
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}
