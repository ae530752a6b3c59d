import { isRecord } from '../entry.ts'
import { lineEnding } from './text-edits.ts'

/** A field as lines: a table below its name, everything else behind it. JSON's texts and lists are YAML's. */
export function fieldLines(name: string, value: unknown, indent: string): string[] {
  if (!isRecord(value)) return [`${indent}${yamlKey(name)}: ${inline(value)}`]
  const inner = Object.entries(value).flatMap(([key, each]) => fieldLines(key, each, `${indent}  `))
  return [`${indent}${yamlKey(name)}:`, ...inner]
}

/** An item of a list that is a table. */
export function itemLines(fields: Readonly<Record<string, unknown>>, indent: string): string[] {
  const lines = Object.entries(fields).flatMap(([name, value]) => fieldLines(name, value, `${indent}  `))
  return lines.map((line, at) => (at === 0 ? `${indent}- ${line.slice(indent.length + 2)}` : line))
}

/** Some characters that JSON leaves raw are not printable in YAML. */
export function inline(value: unknown): string {
  if (typeof value === 'string' && /^[a-z][a-z-]*$/.test(value) && !RESERVED.has(value)) return value
  const json = Array.isArray(value) ? `[${value.map(quoted).join(', ')}]` : quoted(value)
  return json
}

function quoted(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const RESERVED = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n'])

function yamlKey(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) && !RESERVED.has(name.toLowerCase()) ? name : quoted(name)
}

/** Puts lines where one begins; the line before gets its end. */
export function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const eol = lineEnding(text)
  const before = text.slice(0, offset)
  const lead = before === '' || before.endsWith('\n') ? '' : eol
  return before + lead + lines.map((line) => line + eol).join('') + text.slice(offset)
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Where the line of a node ends that ends at `offset`, its line break included. */
export function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset
  const at = text.indexOf('\n', offset)
  return at < 0 ? text.length : at + 1
}
