import { oneLine } from './terminal.ts'

export type Row = Readonly<Record<string, unknown>>

/** A value of a result on one line, safe to print; '' for what has nothing to say. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return isInstant(value) ? shortInstant(value) : oneLine(value)
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return oneLine(value.join(', '))
  if (typeof value === 'object') return isEmpty(value) ? '' : oneLine(JSON.stringify(value))
  return String(value)
}

/** Any JSON as it was given, so that a text can be distinguished from a number. */
export function jsonCell(value: unknown): string {
  return typeof value === 'string' ? oneLine(value) : oneLine(JSON.stringify(value) ?? '')
}

/** A property of a property, by its path. */
export function valueAt(row: Row, path: string): unknown {
  let value: unknown = row
  for (const key of path.split('.')) value = isRow(value) ? value[key] : undefined
  return value
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text)
}

function shortInstant(text: string): string {
  return `${text.slice(0, 10)} ${text.slice(11, 19)}Z`
}
