import { stripVTControlCharacters } from 'node:util'
import { cell, isRow, type Row, valueAt } from '../view/cells.ts'
import { oneLine, padEnd, stringWidth, type Terminal, truncate } from '../view/terminal.ts'
import type { Status } from './read.ts'

const INDENT = '    '

/** The state as lines, none longer than the terminal. */
export function screenOf(status: Status, now: Date, terminal: Terminal): string[] {
  const lines = [
    head(status, now, terminal),
    '',
    ...status.agents.flatMap((agent) => agentLines(agent, { now, terminal, root: rootOf(status) })),
    ...(status.agents.length === 0 ? [terminal.dim('Nobody is at work here.'), ''] : []),
    ...(status.locks_known === false
      ? ['The place of the locks cannot be reached: files are missing here.', '']
      : []),
    ...(status.events.length > 0 ? [terminal.bold('Last changes')] : []),
    ...status.events.map((event) => eventLine(event, rootOf(status))),
  ]
  return lines.map((line) => (Number.isFinite(terminal.width) ? cut(line, terminal.width) : line))
}

function head({ project, agents }: Status, now: Date, { bold, dim }: Terminal): string {
  const where = `${cell(project['scope_type'])} ${cell(project['name'])}`
  const count = agents.length === 1 ? '1 agent' : `${agents.length} agents`
  return `${bold(where)}  ${count} at work  ${dim(clock(now))}`
}

interface Looks {
  readonly now: Date
  readonly terminal: Terminal
  readonly root: string
}

function agentLines(agent: Row, { now, terminal: { bold, dim, green, red }, root }: Looks): string[] {
  const state = cell(agent['state'])
  const colour = state === 'waiting' ? red : state === 'editing' ? green : dim
  const on = cell(agent['working_on'])
  const since = `since ${clock(new Date(given(agent, 'since')))}`
  const held = rows(agent['locks']).map(
    (lock) =>
      `${INDENT}${padEnd(inProject(cell(lock['file_path']), root), 32)}  ${dim(`${left(lock, now)}  ${cell(lock['purpose'])}`)}`,
  )
  const more = agent['more_locks'] === undefined ? [] : [`${INDENT}and ${cell(agent['more_locks'])} more`]
  const waits = rows(agent['waits_for']).map((wait) => {
    const holder = cell(wait['held_by'])
    return `${INDENT}${red('waits for')} ${inProject(cell(wait['file_path']), root)}${holder === '' ? '' : `, held by ${holder}`}`
  })
  const title = [bold(cell(agent['agent_id'])), colour(state), dim(since), on && oneLine(on)]
  return [title.filter((part) => part !== '').join('  '), ...held, ...more, ...waits, '']
}

function eventLine(event: Row, root: string): string {
  const about =
    cell(valueAt(event, 'lock.file_path')) ||
    ['entry.type', 'entry.id'].map((path) => cell(valueAt(event, path))).join(' ')
  const time = clock(new Date(given(event, 'at')))
  return `${time}  ${padEnd(cell(event['type']), 16)}  ${cell(event['agent_id'])}  ${inProject(about.trim(), root)}`
}

/** How long a lock still lasts. */
function left(lock: Row, now: Date): string {
  const seconds = Math.ceil((Date.parse(given(lock, 'expires_at')) - now.getTime()) / 1_000)
  return seconds > 0 ? `${seconds} s left` : 'over'
}

function inProject(path: string, root: string): string {
  return root !== '' && path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path
}

function rootOf({ project }: Status): string {
  return cell(project['root_path'])
}

/** As it stands there: cells shorten times. */
function given(row: Row, key: string): string {
  return String(row[key] ?? '')
}

function clock(time: Date): string {
  return Number.isNaN(time.getTime()) ? '' : time.toTimeString().slice(0, 8)
}

function rows(value: unknown): readonly Row[] {
  return Array.isArray(value) ? value.filter(isRow) : []
}

/** Styles take no columns. */
function cut(line: string, width: number): string {
  const plain = stripVTControlCharacters(line)
  return stringWidth(plain) <= width ? line : truncate(plain, width)
}
