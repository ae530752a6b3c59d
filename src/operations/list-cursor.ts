import { createHash } from 'node:crypto'
import { badCursor } from '../domain/page.ts'
import { canonicalJson } from '../domain/text/canonical-json.ts'
import type { Caller } from '../services/running/caller.ts'
import type { Operation } from './define.ts'

type Arguments = Readonly<Record<string, unknown>>

/** Which list a page is of: the same operation with the same arguments, asked from the same project. */
interface AskedList {
  readonly operation: Operation
  readonly caller: Caller
  readonly input: Arguments
}

/** Where a page begins and how long it is, rather than which list it is of. */
const PLACE: ReadonlySet<string> = new Set(['cursor', 'limit', 'since', 'token_budget'])

/** The arguments with the cursor as the list made it; that of another list is refused. */
export function openCursor(list: AskedList): Arguments {
  const { cursor } = list.input
  if (typeof cursor !== 'string') return list.input
  const mark = markOf(list)
  if (!cursor.startsWith(mark)) throw badCursor()
  return { ...list.input, cursor: cursor.slice(mark.length) }
}

/** The answer, with the mark of its list before its cursor. */
export function sealCursor(list: AskedList, answer: Arguments): Record<string, unknown> {
  const { next_cursor: next } = answer
  return typeof next === 'string' ? { ...answer, next_cursor: markOf(list) + next } : answer
}

function markOf({ operation: { tool, action }, caller: { workspace }, input }: AskedList): string {
  const given = Object.fromEntries(Object.entries(input).filter(([name]) => !PLACE.has(name)))
  const list = [tool, action, workspace?.project ?? workspace?.root ?? null, given]
  return `${createHash('sha256').update(canonicalJson(list)).digest('base64url').slice(0, 16)}.`
}
