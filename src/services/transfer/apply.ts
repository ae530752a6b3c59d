import type { RecordKind, TransferRecord } from '../../domain/transfer.ts'
import { EntryImport, type EntryRecord } from './import/entries.ts'
import { importConflict, importRelation, importVote } from './import/rest.ts'
import type { ImportRun, Outcome } from './import/run.ts'
import { importScope } from './import/scope.ts'
import { importTombstone } from './import/tombstones.ts'
import type { Numbered } from './parse.ts'

type OtherRecord = Exclude<TransferRecord, EntryRecord>

const BATCH = 100

/** Applies the records in order; answers what became of each. */
export async function* applyRecords(
  run: ImportRun,
  records: AsyncIterable<Numbered>,
): AsyncGenerator<readonly [kind: RecordKind, outcome: Outcome]> {
  const entries = new EntryImport(run)
  for await (const batch of inBatches(records)) {
    if ('record' in batch) {
      yield [batch.record.kind, await applyOne(run, batch)]
      continue
    }
    const outcomes = await entries.apply(batch)
    for (const [at, { record }] of batch.entries()) yield [record.kind, outcomes[at] ?? 'kept']
  }
}

/** Entries and their versions many at once, all else one by one. */
async function* inBatches(
  records: AsyncIterable<Numbered>,
): AsyncGenerator<readonly Numbered<EntryRecord>[] | Numbered<OtherRecord>> {
  let batch: Numbered<EntryRecord>[] = []
  for await (const { record, line, words } of records) {
    const isEntry = record.kind === 'entry' || record.kind === 'version'
    if (isEntry) batch.push({ record, line, ...(words && { words }) })
    if (batch.length > 0 && (!isEntry || batch.length === BATCH)) {
      yield batch
      batch = []
    }
    if (!isEntry) yield { record, line }
  }
  if (batch.length > 0) yield batch
}

function applyOne(run: ImportRun, { record, line }: Numbered<OtherRecord>): Promise<Outcome> {
  switch (record.kind) {
    case 'scope':
      return importScope(run, record, line)
    case 'tombstone':
      return importTombstone(run, record, line)
    case 'relation':
      return importRelation(run, record, line)
    case 'conflict':
      return importConflict(run, record, line)
    case 'vote':
      return importVote(run, record, line)
  }
}
