import { cell, isEmpty, isRow, type Row } from './cells.ts'
import { columnsOf, LISTS } from './lists.ts'
import { table } from './table.ts'
import { oneLine, padEnd, printable, stringWidth, type Terminal } from './terminal.ts'

type Field = readonly [key: string, value: unknown]

/** One thing, readable: its name, its short fields in two columns, then its texts and lists. */
export function card(thing: Row, terminal: Terminal): string {
  const { name, ...rest } = thing
  const fields = Object.entries(rest).filter(([, value]) => !isEmpty(value))
  const [short, long] = partition(fields, isShort)
  const title = typeof name === 'string' ? [terminal.bold(oneLine(name))] : []
  return [
    [...title, ...pairs(short, terminal)].join('\n'),
    ...long.map(([key, value]) => `${terminal.bold(key)}\n${block(key, value, terminal)}`),
  ]
    .filter(Boolean)
    .join('\n\n')
}

function isShort([key, value]: Field): boolean {
  if (key === 'content' || isTable(value) || isRow(value)) return false
  return !(typeof value === 'string' && (value.includes('\n') || value.length > 200))
}

function pairs(fields: readonly Field[], { dim }: Terminal): string[] {
  const width = Math.max(0, ...fields.map(([key]) => stringWidth(oneLine(key))))
  return fields.map(([key, value]) => `${dim(padEnd(oneLine(key), width))}  ${cell(value)}`)
}

function block(key: string, value: unknown, terminal: Terminal): string {
  if (typeof value === 'string') return printable(value)
  if (isTable(value)) return table(value, LISTS[key]?.columns ?? columnsOf(value), terminal)
  return isRow(value) ? pairs(Object.entries(value), terminal).join('\n') : cell(value)
}

function isTable(value: unknown): value is readonly Row[] {
  return Array.isArray(value) && value.length > 0 && value.every(isRow)
}

function partition(fields: readonly Field[], test: (field: Field) => boolean): [Field[], Field[]] {
  return [fields.filter(test), fields.filter((field) => !test(field))]
}
