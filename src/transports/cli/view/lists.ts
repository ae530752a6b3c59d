import { cell, isRow, jsonCell, type Row, valueAt } from './cells.ts'
import type { Column } from './table.ts'

/** How the items of a list are shown, and what stands there when there are none. */
interface ListView {
  readonly columns: readonly Column<Row>[]
  readonly empty: string
  /** What to do next; `{tool}` is the tool's word. */
  readonly hint: string
}

const id = column('id')
const flexible = { flexible: true }
const optional = { optional: true }

/** By the name of the list in the result. */
export const LISTS: Readonly<Record<string, ListView>> = {
  entries: {
    columns: [
      column('name', flexible),
      column('type', optional),
      column('scope_type', { title: 'scope', ...optional }),
      column('status', optional),
      column('priority', optional),
      column('tags', { ...flexible, ...optional }),
      column('version', optional),
      column('updated_at', { title: 'updated', ...optional }),
      id,
    ],
    empty: 'There are no entries.',
    hint: 'Add one: agent-memory {tool} add --help',
  },
  results: {
    columns: [
      column('name', flexible),
      column('type', optional),
      column('scope_type', { title: 'scope', ...optional }),
      column('snippet', { ...flexible, ...optional }),
      id,
    ],
    empty: 'Nothing was found.',
    hint: 'Try fewer or other words, or see what there is: agent-memory knowledge list',
  },
  versions: {
    columns: [
      column('version'),
      column('updated_at', { title: 'changed' }),
      column('updated_by', { title: 'by', ...flexible }),
      column('status', optional),
      column('name', { ...flexible, ...optional }),
      column('content', { ...flexible, ...optional }),
    ],
    empty: 'There are no versions.',
    hint: 'See what there is: agent-memory {tool} list',
  },
  scopes: {
    columns: [
      column('name', flexible),
      column('scope_type', { title: 'type' }),
      column('status', optional),
      column('root_path', { title: 'folder', ...flexible, ...optional }),
      column('updated_at', { title: 'updated', ...optional }),
      id,
    ],
    empty: 'There are no scopes of that kind.',
    hint: 'A project is made by the first entry in its folder; see agent-memory scope create --help',
  },
  tags: {
    columns: [column('tag', flexible), column('count')],
    empty: 'No tags are in use.',
    hint: 'Attach one: agent-memory tag attach ENTRY_ID TAG',
  },
  relations: {
    columns: [
      column('relation_type', { title: 'type', ...flexible }),
      column('from_id', { title: 'from' }),
      column('to_id', { title: 'to' }),
      id,
    ],
    empty: 'There are no links.',
    hint: 'Make one: agent-memory relation create --help',
  },
  locks: {
    columns: [
      column('file_path', { title: 'file', ...flexible }),
      column('agent_id', { title: 'agent', ...flexible }),
      column('purpose', { ...flexible, ...optional }),
      column('fencing_token', { title: 'token' }),
      column('expires_at', { title: 'expires' }),
    ],
    empty: 'No file is locked.',
    hint: 'Lock one: agent-memory lock checkout FILE',
  },
  votes: {
    columns: [
      column('agent_id', { title: 'agent', ...flexible }),
      { ...column('vote_value', { title: 'vote', ...flexible }), text: (row) => jsonCell(row['vote_value']) },
      column('confidence', optional),
      column('reasoning', { ...flexible, ...optional }),
      column('updated_at', { title: 'at', ...optional }),
    ],
    empty: 'Nobody has voted on this.',
    hint: 'Vote: agent-memory voting record-vote TASK VALUE',
  },
  tally: {
    columns: [{ ...column('value', flexible), text: (row) => jsonCell(row['value']) }, column('votes')],
    empty: 'Nobody has voted.',
    hint: 'Vote: agent-memory voting record-vote TASK VALUE',
  },
  conflicts: {
    columns: [
      column('status'),
      column('kind', optional),
      column('entry_type', { title: 'type', ...optional }),
      column('fields', { ...flexible, ...optional }),
      column('current_agent', { title: 'first', ...flexible, ...optional }),
      column('incoming_agent', { title: 'second', ...flexible, ...optional }),
      column('created_at', { title: 'at', ...optional }),
      id,
    ],
    empty: 'There are no such conflicts.',
    hint: 'Settled ones too: agent-memory conflict list --status all',
  },
  events: {
    columns: [
      column('seq'),
      column('at', optional),
      column('type'),
      column('scope.type', { title: 'scope', ...optional }),
      column('agent_id', { title: 'agent', ...flexible, ...optional }),
      { ...column('about', { ...flexible, ...optional }), text: aboutEvent },
    ],
    empty: 'There are no such events.',
    hint: 'Wait for the next: agent-memory event wait',
  },
  grants: {
    columns: [
      column('grantee', flexible),
      column('permission'),
      column('scope_type', { title: 'scope', ...optional }),
      column('entry_type', { title: 'type', ...optional }),
      column('created_by', { title: 'by', ...optional }),
      id,
    ],
    empty: 'Nothing was granted.',
    hint: 'Grant something: agent-memory permission grant --help',
  },
  agents: {
    columns: [
      column('agent_id', { title: 'agent', ...flexible }),
      column('state'),
      column('working_on', { title: 'on', ...flexible, ...optional }),
      { ...column('holds', flexible), text: filesOf('locks') },
      { ...column('waits for', { ...flexible, ...optional }), text: filesOf('waits_for') },
      column('since', optional),
    ],
    empty: 'Nobody is at work here.',
    hint: 'Agents are listed from their first call on: agent-memory setup connects a client',
  },
  records: {
    columns: [
      column('seq'),
      column('event.at', { title: 'at' }),
      column('event.type', { title: 'type' }),
      column('event.agent_id', { title: 'agent', ...flexible }),
      { ...column('about', { ...flexible, ...optional }), text: (row) => aboutEvent(rowIn(row, 'event')) },
      { ...column('hash', optional), text: (row) => cell(row['hash']).slice(0, 12) },
    ],
    empty: 'Nothing was written yet.',
    hint: '',
  },
  problems: {
    columns: [column('seq'), column('kind'), column('message', flexible)],
    empty: '',
    hint: '',
  },
  similar: {
    columns: [column('similarity'), column('name', flexible), column('scope_type', { title: 'scope' }), id],
    empty: '',
    hint: '',
  },
  inherits: {
    columns: [
      column('scope_type', { title: 'scope' }),
      column('name', flexible),
      column('scope_id', { title: 'id' }),
    ],
    empty: '',
    hint: '',
  },
}

/** Columns for a list that has no view of its own: what its rows hold. */
export function columnsOf(rows: readonly Row[]): readonly Column<Row>[] {
  const keys = new Set(rows.flatMap((row) => Object.keys(row)))
  return [...keys].map((key) => column(key, key === 'id' ? {} : flexible))
}

function column(path: string, more: Partial<Column<Row>> = {}): Column<Row> {
  return { title: path, text: (row) => cell(valueAt(row, path)), ...more }
}

/** The files in such a list, each by its own name. */
function filesOf(list: string) {
  return (row: Row): string => {
    const items = row[list]
    const names = (Array.isArray(items) ? items : []).map((item) => cell(valueAt(item, 'file_path')))
    return names.map((name) => name.split('/').at(-1) ?? name).join(' ')
  }
}

function rowIn(row: Row, key: string): Row {
  const value = row[key]
  return isRow(value) ? value : {}
}

/** What happened to what. */
function aboutEvent(row: Row): string {
  const entry = ['entry.type', 'entry.id'].map((path) => cell(valueAt(row, path))).join(' ')
  return entry.trim() || cell(valueAt(row, 'lock.file_path')) || cell(row['detail'])
}
