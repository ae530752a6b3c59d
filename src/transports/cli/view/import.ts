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
  const { counts, links, changes, vanished } = report
  const { added, updated, identical, kept } = counts
  const lines = [
    `${added} added, ${updated} updated, ${identical} as they were, ${kept} kept as they are here, in ${placeOf(report)}.`,
    ...(links.added + links.identical > 0
      ? [`Links: ${links.added} added, ${links.identical} as they were.`]
      : []),
    ...(links.left_out > 0
      ? [
          `${links.left_out} ${links.left_out === 1 ? 'link was' : 'links were'} left out: an end is not in the file.`,
        ]
      : []),
    ...changes.map(
      ({ outcome, type, name, file, line }) => `- ${outcome} ${type} "${name}" (${file}:${line})`,
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
