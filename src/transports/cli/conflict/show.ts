import { AppError } from '../../../domain/errors.ts'
import { get as getConflict } from '../../../operations/conflict/get.ts'
import type { OperationContext } from '../../../operations/define.ts'
import { findAction } from '../../../operations/find.ts'
import { OPERATIONS } from '../../../operations/index.ts'
import type { Instance } from '../../../operations/instance.ts'
import { runOperation } from '../../../operations/run.ts'
import type { CommandIo } from '../io.ts'
import { callerOf } from '../run-tool.ts'
import { isRow, type Row } from '../view/cells.ts'
import { oneLine, type Terminal } from '../view/terminal.ts'
import { type Hunk, threeWay } from './three-way.ts'

type Conflict = Awaited<ReturnType<typeof readConflict>>

/** Of unchanged lines, so many stand beside what changed. */
const CONTEXT = 3

/** Shows a conflict for a person to decide. The exit code. */
export async function showConflict(id: string, io: CommandIo): Promise<number> {
  const config = io.config()
  const app = await io.openApp(config)
  try {
    const ctx = app.context(callerOf(config, io))
    const conflict = await readConflict(app, ctx, id)
    io.answer(conflict, () => `${textOf(conflict, io.terminal).join('\n')}\n`)
    return 0
  } finally {
    await app.close()
  }
}

/** With what the fields were before both, as far as that version is still there. */
async function readConflict(app: Instance, ctx: OperationContext, id: string) {
  const { now, secrets, permissions } = app.pipeline
  const pipeline = { now, record: () => {}, secrets, permissions }
  const conflict = await runOperation(pipeline, ctx, getConflict, { id })
  const { entry_type, entry_id, base_version, current_version, fields } = conflict
  const version = base_version ?? Math.max(1, current_version - 1)
  const tool = `memory_${entry_type}`
  const get = findAction(
    tool,
    OPERATIONS.filter((operation) => operation.tool === tool),
    'get',
  )
  const base = await runOperation(pipeline, ctx, get, { id: entry_id, version }).catch((error: unknown) => {
    if (error instanceof AppError && error.errorName === 'NOT_FOUND') return undefined
    throw error
  })
  const before: Row = isRow(base) ? base : {}
  const diff = fields.map((field) => {
    const sides = {
      base: before[field],
      current: conflict.current_values[field],
      incoming: conflict.incoming_values[field],
    }
    return { field, hunks: threeWay(sides) ?? null }
  })
  return { ...conflict, compared_with: version, name: String(before['name'] ?? ''), diff }
}

const MARKS = { both: '  ', base: '| ', current: '< ', incoming: '> ' } as const

function textOf(conflict: Conflict, terminal: Terminal): string[] {
  const { id, entry_type, entry_id, status, kind, name, diff, compared_with, resolution } = conflict
  const { bold, dim } = terminal
  const [current, incoming] = [conflict.current_agent, conflict.incoming_agent].map(oneLine)
  const applied = kind === 'refused' ? 'was refused' : 'stands in the entry'
  return [
    bold(
      `The ${entry_type} ${name === '' ? entry_id : oneLine(name)}: ${status === 'open' ? 'open' : `settled (${resolution})`}`,
    ),
    `< current: ${current}, version ${conflict.current_version}`,
    `> incoming: ${incoming}; it ${applied}`,
    dim(`| before both: version ${compared_with}`),
    ...diff.flatMap(({ field, hunks }) => ['', bold(field), ...fieldLines(hunks, terminal)]),
    '',
    ...(status === 'open' ? advice(id) : []),
  ]
}

function fieldLines(hunks: readonly Hunk[] | null, terminal: Terminal): string[] {
  if (hunks === null)
    return [terminal.dim('Too long to be compared here: agent-memory conflict get shows both.')]
  return hunks.flatMap((hunk, place) =>
    hunkLines(hunk, { terminal, isFirst: place === 0, isLast: place === hunks.length - 1 }),
  )
}

interface Place {
  readonly terminal: Terminal
  readonly isFirst: boolean
  readonly isLast: boolean
}

function hunkLines({ of, lines }: Hunk, { terminal, isFirst, isLast }: Place): string[] {
  const colour = { both: terminal.dim, base: terminal.dim, current: terminal.green, incoming: terminal.red }[
    of
  ]
  const shown = (line: string) => colour(`${MARKS[of]}${oneLine(line)}`.trimEnd())
  if (of !== 'both') return lines.map(shown)
  const head = isFirst ? [] : lines.slice(0, CONTEXT)
  const tail = isLast ? [] : lines.slice(Math.max(head.length, lines.length - CONTEXT))
  const left = lines.length - head.length - tail.length
  const gap = left > 0 ? [terminal.dim(`  … ${left} ${left === 1 ? 'line' : 'lines'} as before`)] : []
  return [...head.map(shown), ...gap, ...tail.map(shown)]
}

function advice(id: string): string[] {
  return [
    'Settle it:',
    `  agent-memory conflict resolve ${id} current`,
    `  agent-memory conflict resolve ${id} incoming`,
    `  agent-memory conflict resolve ${id} merged --content - < merged.txt`,
  ]
}
