import { AppError } from '../../../domain/errors.ts'
import type { WriteUnit } from '../../../store/store.ts'
import type { Caller } from '../../running/caller.ts'
import { applyRecords } from '../apply.ts'
import { ImportRun, type Outcome } from '../import/run.ts'
import type { Numbered } from '../parse.ts'
import type { Filed } from './draft.ts'
import type { DraftOutcome } from './import-drafts.ts'
import { type DraftOptions, type DraftReport, itemOf } from './report.ts'

const AS_DRAFT: Readonly<Record<Outcome, DraftOutcome>> = {
  added: 'added',
  identical: 'identical',
  kept: 'kept',
  replaced: 'updated',
}

/** Takes back what an export to Markdown wrote: ids, scopes and times stay. A page that was edited is the next version. */
export async function importFiled(
  unit: WriteUnit,
  caller: Caller,
  records: readonly Filed[],
  { scope, onConflict, isDryRun }: DraftOptions,
): Promise<DraftReport> {
  if (records.length > 0 && scope !== undefined) {
    throw new AppError('INVALID_PARAMETER', 'scope: these pages say themselves where they belong.', {
      suggestion: 'Leave it out, or take agent_memory out of the front matter of the pages.',
    })
  }
  const counts = { added: 0, updated: 0, identical: 0, kept: 0, deleted: 0 }
  const links = { added: 0, identical: 0 }
  const changes: DraftReport['changes'][number][] = []
  const run = new ImportRun({ unit, caller, onConflict, mayBeEdited: true })
  let at = 0
  try {
    for await (const [kind, outcome] of applyRecords(run, numbered(records))) {
      const { file, record } = records[at++] ?? {}
      if (kind === 'relation') links[outcome === 'added' ? 'added' : 'identical']++
      if (record?.kind !== 'entry' || file === undefined) continue
      counts[AS_DRAFT[outcome]]++
      if (outcome !== 'identical')
        changes.push({ outcome: AS_DRAFT[outcome], ...itemOf(record.entry), file, line: 1 })
    }
  } catch (error) {
    throw withFile(error, records)
  }
  const place = {
    scope_type: 'global' as const,
    scope_id: null,
    scope_name: 'the scopes that the pages name',
  }
  return { ...place, counts, links, left_out: [], changes, vanished: [], dry_run: isDryRun }
}

/** The place of a page stands for its line. */
async function* numbered(records: readonly Filed[]): AsyncGenerator<Numbered> {
  for (const [at, { record }] of records.entries()) yield { line: at + 1, record }
}

function withFile(error: unknown, records: readonly Filed[]): unknown {
  if (!(error instanceof AppError)) return error
  const { message, details, suggestion, name } = error.toBody().error
  const line = details?.['line']
  const file = typeof line === 'number' ? records[line - 1]?.file : undefined
  if (file === undefined) return error
  const said = message.replace(/^Line \d+/, file)
  return new AppError(error.errorName, said, {
    details: { ...details, file, line: 1 },
    suggestion: suggestion ?? name,
  })
}
