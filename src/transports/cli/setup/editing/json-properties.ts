import type { Node } from 'jsonc-parser'
import { isRecord } from '../entry.ts'
import { lineEnding, type TextEdit } from './text-edits.ts'

export interface JsonProperty {
  /** Left out: an element of a list. */
  readonly name?: string
  readonly value: unknown
}

/** How a JSON file is laid out, so that what is added looks like the rest. */
export interface JsonStyle {
  readonly eol: string
  /** One step of indentation. */
  readonly unit: string
  /** The whole file is one line. */
  readonly isOneLine: boolean
}

export function jsonStyle(text: string, root: Node | undefined): JsonStyle {
  const first = root?.children?.[0]
  const indent = first === undefined ? undefined : ownLineIndent(text, first.offset)
  return {
    eol: lineEnding(text),
    unit: indent || '  ',
    isOneLine: first !== undefined && !/[\r\n]/.test(text.trim()),
  }
}

/** Adds a property as the last of an object, or an element as the last of a list. Comments stay with what they follow, a trailing comma stays in use. */
export function insertProperty(
  text: string,
  object: Node,
  added: JsonProperty,
  style: JsonStyle,
): TextEdit[] {
  const last = object.children?.at(-1)
  if (last === undefined) return insertFirst(text, object, added, style)
  const gap = readGap(text, endOf(last), closingBrace(object))
  const indent = ownLineIndent(text, last.offset)
  const isInline = indent === undefined && !gap.endsInLineComment
  const property = isInline
    ? inlineProperty(added, isSpaced(text, last))
    : blockProperty(added, indent ?? lineIndent(text, object.offset) + style.unit, style)
  if (gap.commaAt !== undefined) return [{ offset: gap.solidEnd, length: 0, text: `${property},` }]
  if (gap.solidEnd === endOf(last)) return [{ offset: gap.solidEnd, length: 0, text: `,${property}` }]
  return [
    { offset: endOf(last), length: 0, text: ',' },
    { offset: gap.solidEnd, length: 0, text: property },
  ]
}

/** Takes a property out with the comma that it no longer needs. Comments around it stay. */
export function removeProperty(text: string, object: Node, property: Node): TextEdit[] {
  const siblings = object.children ?? []
  const at = siblings.indexOf(property)
  const [previous, next] = [siblings[at - 1], siblings[at + 1]]
  const before = readGap(text, previous ? endOf(previous) : object.offset + 1, property.offset)
  const after = readGap(text, endOf(property), next?.offset ?? closingBrace(object))
  if (siblings.length === 1 && !before.hasComment && !after.hasComment) {
    return [{ offset: object.offset + 1, length: object.length - 2, text: '' }]
  }
  const comma = after.commaAt ?? before.commaAt
  const commaEdit: TextEdit[] = comma === undefined ? [] : [{ offset: comma, length: 1, text: '' }]
  const start = mustKeepLine(text, property, before, after) ? property.offset : before.spaceStart
  return [{ offset: start, length: endOf(property) - start, text: '' }, ...commaEdit]
}

/** Writes another value in the place of one, on one line if that was. */
export function replaceValue(text: string, value: Node, wanted: unknown, style: JsonStyle): TextEdit {
  const isInline = !/[\r\n]/.test(text.slice(value.offset, endOf(value)))
  const rendered = isInline ? spacedValue(wanted) : blockValue(wanted, lineIndent(text, value.offset), style)
  return { offset: value.offset, length: value.length, text: rendered }
}

/** A whole new file with one property. */
export function renderFile(added: JsonProperty, style: JsonStyle): string {
  return `{${blockProperty(added, style.unit, style)}${style.eol}}${style.eol}`
}

function insertFirst(text: string, object: Node, added: JsonProperty, style: JsonStyle): TextEdit[] {
  const close = closingBrace(object)
  const gap = readGap(text, object.offset + 1, close)
  if (style.isOneLine && !gap.hasComment) {
    const property = inlineProperty(added, false)
    return [{ offset: object.offset + 1, length: close - object.offset - 1, text: property }]
  }
  const indent = lineIndent(text, object.offset)
  const property = blockProperty(added, indent + style.unit, style)
  const space = text.slice(gap.solidEnd, close)
  if (space.includes('\n')) return [{ offset: gap.solidEnd, length: 0, text: property }]
  return [{ offset: gap.solidEnd, length: space.length, text: property + style.eol + indent }]
}

interface Gap {
  readonly commaAt: number | undefined
  /** End of the last comment or comma; the gap's start if it has none. */
  readonly solidEnd: number
  /** Start of the white space at the end of the gap. */
  readonly spaceStart: number
  readonly hasComment: boolean
  readonly endsInLineComment: boolean
}

/** What stands between two properties: white space, comments and at most one comma. */
function readGap(text: string, start: number, end: number): Gap {
  const token = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\/|,/g
  const found = [...text.slice(start, end).matchAll(token)].map((match) => ({
    at: start + match.index,
    text: match[0],
  }))
  const last = found.at(-1)
  const solidEnd = last === undefined ? start : last.at + last.text.length
  return {
    commaAt: found.find((item) => item.text === ',')?.at,
    solidEnd,
    spaceStart: solidEnd,
    hasComment: found.some((item) => item.text !== ','),
    endsInLineComment: last?.text.startsWith('//') ?? false,
  }
}

/** A comment behind the property keeps its line; a line comment before it must not swallow what follows. */
function mustKeepLine(text: string, property: Node, before: Gap, after: Gap): boolean {
  const from = after.commaAt === undefined ? endOf(property) : after.commaAt + 1
  const restOfLine = /^[^\r\n]*/.exec(text.slice(from))?.[0] ?? ''
  if (/^\s*\/[/*]/.test(restOfLine)) return true
  return before.endsInLineComment && restOfLine.trim() !== ''
}

function blockProperty({ name, value }: JsonProperty, indent: string, style: JsonStyle): string {
  return `${style.eol}${indent}${label(name, ': ')}${blockValue(value, indent, style)}`
}

/** Strings carry no raw line break in JSON, so every one is layout. */
function blockValue(value: unknown, indent: string, style: JsonStyle): string {
  return JSON.stringify(value, null, style.unit).replaceAll('\n', style.eol + indent)
}

function inlineProperty({ name, value }: JsonProperty, spaced: boolean): string {
  if (!spaced) return `${label(name, ':')}${JSON.stringify(value)}`
  return ` ${label(name, ': ')}${spacedValue(value)}`
}

function label(name: string | undefined, colon: string): string {
  return name === undefined ? '' : `${JSON.stringify(name)}${colon}`
}

function spacedValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spacedValue).join(', ')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const properties = Object.entries(value).map(
    ([name, inner]) => `${JSON.stringify(name)}: ${spacedValue(inner)}`,
  )
  return `{ ${properties.join(', ')} }`
}

function isSpaced(text: string, property: Node): boolean {
  if (property.colonOffset === undefined) return property.type !== 'property'
  return text[property.colonOffset + 1] === ' '
}

/** The indentation of what starts its line, or undefined if something stands before it. */
function ownLineIndent(text: string, offset: number): string | undefined {
  const lead = text.slice(lineStart(text, offset), offset)
  return lead.trim() === '' && lineStart(text, offset) > 0 ? lead : undefined
}

function lineIndent(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? ''
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function endOf(node: Node): number {
  return node.offset + node.length
}

function closingBrace(object: Node): number {
  return endOf(object) - 1
}
