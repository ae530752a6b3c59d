import { isDeepStrictEqual } from 'node:util'
import { parse, TomlError } from 'smol-toml'
import { isWithinDepth } from '../../../../domain/voting.ts'
import { type EntryShape, foundIn, renderEntry, startOf } from '../clients/shape.ts'
import {
  envOf,
  type FoundEntry,
  isRecord,
  isSameEntry,
  requireKind,
  SERVER_NAME,
  type ServerEntry,
} from '../entry.ts'
import { brokenFile, MAX_NESTING, MAX_TEXT_CHARACTERS, tooDeep, tooLong, unsafeEdit } from '../refusals.ts'
import type { ConfigEditor } from './config-editor.ts'
import { applyEdits, keepComments, lineEnding, positionAt, type TextEdit } from './text-edits.ts'
import { STRING_OR_COMMENT, type TomlStatement, tomlStatements } from './toml-statements.ts'

interface TomlTarget {
  readonly key: string
  readonly file: string
  readonly shape: EntryShape
}

/**
 * Edits TOML by the lines of our own table. A parser reads the file before and after: where the rest would not read the
 * same, nothing is written.
 */
export class TomlEditor implements ConfigEditor {
  readonly #key: string
  readonly #file: string
  readonly #shape: EntryShape
  readonly #path: readonly string[]

  constructor(target: TomlTarget) {
    this.#key = target.key
    this.#file = target.file
    this.#shape = target.shape
    this.#path = [target.key, SERVER_NAME]
  }

  find(text: string): FoundEntry | undefined {
    const table = this.#parse(text)[this.#key]
    if (!isRecord(table) || !(SERVER_NAME in table)) return undefined
    const where = `"${SERVER_NAME}" in ${this.#file}${this.#lineOf(text)}`
    return foundIn(requireKind(table[SERVER_NAME], where, this.#shape.address !== undefined), this.#shape)
  }

  hasTable(text: string): boolean {
    return this.#key in this.#parse(text)
  }

  put(text: string, entry: ServerEntry): string {
    const after =
      this.find(text) === undefined
        ? append(text, this.#render(entry, lineEnding(text)))
        : this.#update(text, entry)
    return this.#checked(text, after, entry)
  }

  /** Tables of servers are implied in TOML, so there is none to drop. */
  remove(text: string): string {
    this.#parse(text)
    const edits = ownRanges(tomlStatements(text), this.#path).map(({ kind, start, end }): TextEdit => {
      const from = kind === 'pair' ? start : blankLineBefore(text, start)
      return { offset: from, length: end - from, text: '' }
    })
    return this.#checked(text, applyEdits(text, edits))
  }

  #render(entry: ServerEntry, eol: string): string {
    const fields = Object.entries(renderEntry(entry, this.#shape))
    const lines = [
      `[${this.#path.map(renderKey).join('.')}]`,
      ...fields.map(([name, value]) => `${renderKey(name)} = ${renderValue(value)}`),
    ]
    return lines.map((line) => line + eol).join('')
  }

  #update(text: string, entry: ServerEntry): string {
    const found = this.find(text)
    const wanted = startOf(entry, this.#shape, {}).map(([[name = ''], value]): [string, unknown] => [
      name,
      value,
    ])
    if (Object.keys(entry.env).length > 0)
      wanted.push([this.#shape.env, { ...(found && envOf(found)), ...entry.env }])
    return wanted.reduce((done, [name, value]) => this.#setField(done, name, value), text)
  }

  #setField(text: string, name: string, value: unknown): string {
    const found = this.#entryValue(text)[name]
    if (isDeepStrictEqual(found, value)) return text
    const statements = tomlStatements(text)
    const path = [...this.#path, name]
    const pair = statements.find((item) => item.kind === 'pair' && isDeepStrictEqual(item.path, path))
    if (pair !== undefined) return replaceValue(text, pair, value)
    const isInline = statements.some((item) => item.kind === 'pair' && startsWith(path, item.path))
    if (isInline) return this.#refuse()
    const isTableOfItsOwn = statements.some((item) => startsWith(item.path, path))
    if (isTableOfItsOwn && isRecord(value))
      return this.#setInside(text, path, value, isRecord(found) ? found : {})
    return addPair(text, statements, path, value) ?? this.#refuse()
  }

  /** The env in a table of its own, or as dotted keys: one variable at a time. */
  #setInside(
    text: string,
    path: readonly string[],
    wanted: Record<string, unknown>,
    found: Record<string, unknown>,
  ): string {
    const changed = Object.entries(wanted).filter(([name, value]) => found[name] !== value)
    return changed.reduce((done, [name, value]) => {
      const statements = tomlStatements(done)
      const pair = statements.find(
        (item) => item.kind === 'pair' && isDeepStrictEqual(item.path, [...path, name]),
      )
      if (pair !== undefined) return replaceValue(done, pair, value)
      return addPair(done, statements, [...path, name], value) ?? this.#refuse()
    }, text)
  }

  #entryValue(text: string): Record<string, unknown> {
    const table = this.#parse(text)[this.#key]
    const entry = isRecord(table) ? table[SERVER_NAME] : undefined
    return isRecord(entry) ? entry : {}
  }

  #parse(text: string): Record<string, unknown> {
    if (text.length > MAX_TEXT_CHARACTERS) throw tooLong(this.#file)
    try {
      const found = parse(text, { integersAsBigInt: 'asNeeded' })
      // Dotted names nest without a bracket.
      if (!isWithinDepth(found, MAX_NESTING)) throw tooDeep(this.#file)
      return found
    } catch (error) {
      if (!(error instanceof TomlError)) throw error
      const [summary = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
      throw brokenFile(this.#file, 'TOML', summary, error)
    }
  }

  #lineOf(text: string): string {
    const first = tomlStatements(text).find((item) => startsWith(item.path, this.#path))
    return first === undefined ? '' : `, line ${positionAt(text, first.valueStart).line},`
  }

  #checked(before: string, after: string, entry?: ServerEntry): string {
    const rest = (text: string): unknown => this.#withoutEntry(text)
    if (!parses(after) || !isDeepStrictEqual(rest(before), rest(after))) return this.#refuse()
    const found = this.find(after)
    const isDone =
      entry === undefined ? found === undefined : found !== undefined && isSameEntry(found, entry)
    return isDone ? after : this.#refuse()
  }

  #withoutEntry(text: string): unknown {
    const { [this.#key]: table, ...rest } = this.#parse(text)
    const { [SERVER_NAME]: _, ...others } = isRecord(table) ? table : {}
    return { ...rest, [this.#key]: others }
  }

  #refuse(): never {
    throw unsafeEdit(this.#file)
  }
}

interface OwnRange {
  readonly kind: TomlStatement['kind']
  readonly start: number
  end: number
}

/** The lines that are ours: each own header with its pairs, and pairs of ours that stand under another header. */
function ownRanges(statements: readonly TomlStatement[], path: readonly string[]): OwnRange[] {
  const ranges: OwnRange[] = []
  let table: OwnRange | undefined
  for (const { kind, path: itemPath, start, end } of statements) {
    if (kind !== 'pair') table = undefined
    if (!startsWith(itemPath, path)) continue
    if (table !== undefined) {
      table.end = end
      continue
    }
    const range = { kind, start, end }
    if (kind !== 'pair') table = range
    ranges.push(range)
  }
  return ranges
}

/** A new pair at the end of the table that it belongs to, if that stands in the file under its own header. */
function addPair(
  text: string,
  statements: readonly TomlStatement[],
  path: readonly string[],
  value: unknown,
): string | undefined {
  for (let depth = path.length - 1; depth > 0; depth--) {
    const at = statements.findIndex(
      (item) => item.kind === 'table' && isDeepStrictEqual(item.path, path.slice(0, depth)),
    )
    if (at < 0) continue
    const following = statements.slice(at + 1)
    const next = following.findIndex((item) => item.kind !== 'pair')
    const last = (next < 0 ? following : following.slice(0, next)).at(-1) ?? statements[at]
    if (last === undefined) return undefined
    const eol = lineEnding(text)
    const line = `${path.slice(depth).map(renderKey).join('.')} = ${renderValue(value)}${eol}`
    const lead = text[last.end - 1] === '\n' ? '' : eol
    return applyEdits(text, [{ offset: last.end, length: 0, text: lead + line }])
  }
  return undefined
}

function replaceValue(text: string, pair: TomlStatement, value: unknown): string {
  const { start, valueStart, valueEnd } = pair
  const offset = start + (/^[ \t]*/.exec(text.slice(start))?.[0].length ?? 0)
  return applyEdits(text, [
    ...keepComments(text, text.slice(valueStart, valueEnd), { offset, pattern: STRING_OR_COMMENT }),
    { offset: valueStart, length: valueEnd - valueStart, text: renderValue(value) },
  ])
}

function append(text: string, block: string): string {
  if (text === '') return block
  const eol = lineEnding(text)
  return text + (text.endsWith('\n') ? eol : eol + eol) + block
}

/** Where the empty line starts that sets a block apart, if there is one; else the block's own start. */
function blankLineBefore(text: string, start: number): number {
  const blank = /(?<=\n)\r?\n$/.exec(text.slice(0, start))
  return blank === null ? start : blank.index
}

function startsWith(path: readonly string[], prefix: readonly string[]): boolean {
  return prefix.every((name, at) => path[at] === name)
}

function parses(text: string): boolean {
  try {
    parse(text, { integersAsBigInt: 'asNeeded' })
    return true
  } catch (error) {
    if (error instanceof TomlError) return false
    throw error
  }
}

function renderKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : renderString(name)
}

function renderValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderValue).join(', ')}]`
  if (!isRecord(value)) return renderString(String(value))
  const pairs = Object.entries(value).map(([name, inner]) => `${renderKey(name)} = ${renderValue(inner)}`)
  return `{ ${pairs.join(', ')} }`
}

/** JSON's escapes are TOML's, but for one character that JSON leaves raw. */
function renderString(value: string): string {
  return JSON.stringify(value).replaceAll('\u007F', '\\u007F')
}
