import { RECORD_KINDS } from '../../../domain/transfer.ts'
import type { DraftReport } from '../../../services/transfer/drafts/report.ts'
import type { ImportCounts } from '../../../services/transfer/transfer.ts'
import { type Column, table } from './table.ts'
import { oneLine, type Terminal } from './terminal.ts'

export const NOTHING_CHANGED = 'This was a dry run: nothing was changed.'

type Row = readonly [kind: string, counts: ImportCounts['entry']]

const COLUMNS: readonly Column<Row>[] = [
  { title: 'records', text: ([kind]) => kind },
  { title: 'added', text: ([, { added }]) => String(added) },
  { title: 'identical', text: ([, { identical }]) => String(identical) },
  { title: 'kept', text: ([, { kept }]) => String(kept) },
  { title: 'replaced', text: ([, { replaced }]) => String(replaced) },
]

/** What became of the records of an export. */
export function shownCounts(counts: ImportCounts, terminal: Terminal): string {
  const rows = RECORD_KINDS.map((kind): Row => [kind, counts[kind]])
  return table(rows, COLUMNS, terminal)
}

/** What became of another program's file. */
export function shownReport(report: DraftReport): string {
  const { counts, links, left_out, changes, vanished } = report
  const { added, updated, identical, kept } = counts
  const lines = [
    `${added} added, ${updated} updated, ${identical} as they were, ${kept} kept as they are here, in ${placeOf(report)}.`,
    ...(links.added + links.identical > 0
      ? [`Links: ${links.added} added, ${links.identical} as they were.`]
      : []),
    ...(counts.deleted > 0
      ? [`${counts.deleted} stayed deleted; --on-conflict replace brings them back.`]
      : []),
    ...changes.map(
      ({ outcome, type, name, file, line }) => `- ${outcome} ${type} "${name}" (${file}:${line})`,
    ),
    ...(left_out.length > 0 ? ['Links that were left out:'] : []),
    ...left_out.map(
      ({ from, to, relation_type, why, file, line }) =>
        `- "${from}" ${relation_type} "${to}": ${why} (${file}:${line})`,
    ),
    ...(vanished.length > 0 ? ['No longer in the files, and kept; delete what is out of date:'] : []),
    ...vanished.map(({ type, name, file, id }) => `- ${type} "${name}" (${file}) ${id}`),
    ...(report.dry_run ? [NOTHING_CHANGED] : []),
  ]
  return lines.map(oneLine).join('\n')
}

function placeOf({ scope_type, scope_name }: DraftReport): string {
  return scope_type === 'global' ? scope_name : `the ${scope_type} ${scope_name}`
}
