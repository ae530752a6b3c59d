import type { Operation } from '../../../operations/define.ts'
import { commandOf } from '../names.ts'
import { card } from './card.ts'
import { isRow, type Row } from './cells.ts'
import { LISTS } from './lists.ts'
import { table } from './table.ts'
import { oneLine, printable, type Terminal } from './terminal.ts'
import { whyLines } from './why.ts'

/** A result for people: a table, a card, or the text itself. */
export function render(operation: Operation, result: Row, terminal: Terminal): string {
  if (typeof result['context'] === 'string') return contextText(result['context'], result['hint'])
  // What has a name is one thing, though it may hold tags.
  const list = 'name' in result ? undefined : Object.entries(result).find(isMainList)
  if (!list) return card(result, terminal)
  const [key, rows] = list
  if (!Array.isArray(rows) || rows.length === 0) return emptyText(operation, key, result['hint'])
  const shown = rows.filter(isRow)
  const lines = table(shown, LISTS[key]?.columns ?? [], terminal)
  return [lines, ...whyLines(shown, terminal), ...notes(result, terminal)].join('\n')
}

function isMainList([key, value]: readonly [string, unknown]): boolean {
  return MAIN_LISTS.has(key) && Array.isArray(value)
}

const MAIN_LISTS = new Set([
  'entries',
  'results',
  'versions',
  'scopes',
  'tags',
  'relations',
  'locks',
  'votes',
  'conflicts',
  'events',
  'agents',
  'grants',
  'records',
])

function contextText(text: string, hint: unknown): string {
  const what =
    typeof hint === 'string' ? hint : 'Add what agents should know: agent-memory knowledge add --help'
  return printable(text) || `There is nothing to read yet.\n${printable(what)}`
}

function notes({ next_cursor: cursor, resync, hint }: Row, { dim }: Terminal): string[] {
  return [
    ...(typeof hint === 'string' ? [dim(oneLine(hint))] : []),
    ...(resync === true ? [dim('Older events are gone.')] : []),
    ...(typeof cursor === 'string' ? [dim(`There is more: add --cursor ${oneLine(cursor)}`)] : []),
  ]
}

/** What is said of an empty list, and what to do next: what its own answer says of that goes first. */
function emptyText(operation: Operation, key: string, own: unknown): string {
  const { empty, hint } = LISTS[key] ?? { empty: 'There are none.', hint: '' }
  const next = typeof own === 'string' ? oneLine(own) : hint.replaceAll('{tool}', toolOf(operation))
  return `${empty}\n${next}`.trimEnd()
}

/** The word of the operation's tool; entries of all types together are no tool's, and most of what is added is knowledge. */
function toolOf(operation: Operation): string {
  const [, tool = '', action] = commandOf(operation).split(' ')
  return action === undefined ? 'knowledge' : tool
}
