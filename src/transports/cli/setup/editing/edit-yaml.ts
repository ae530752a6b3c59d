import { isDeepStrictEqual } from 'node:util'
import { isMap, isNode, isScalar, isSeq, parseDocument, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { isWithinDepth } from '../../../../domain/voting.ts'
import { type EntryShape, type Field, foundIn, pathOfEnv, renderEntry, startOf } from '../clients/shape.ts'
import {
  type FoundEntry,
  isRecord,
  isSameEntry,
  requireKind,
  SERVER_NAME,
  type ServerEntry,
} from '../entry.ts'
import { brokenFile, MAX_NESTING, MAX_TEXT_CHARACTERS, tooDeep, tooLong, unsafeEdit } from '../refusals.ts'
import type { ConfigEditor } from './config-editor.ts'
import { applyEdits, keepComments, lineEnding, positionAt } from './text-edits.ts'
import { fieldLines, inline, insertLines, itemLines, lineEnd, lineStart } from './yaml-lines.ts'

interface YamlTarget {
  readonly key: string
  readonly file: string
  readonly shape: EntryShape
}

interface Parsed {
  /** Undefined: the file says nothing. */
  readonly root: YAMLMap | undefined
  readonly value: Record<string, unknown>
}

/** The key of the servers and what stands there. */
interface Table {
  readonly key: Scalar
  readonly value: unknown
}

/** Edits the list of servers in YAML by lines. A parser reads the file before and after: where the rest would differ, nothing is written. */
export class YamlEditor implements ConfigEditor {
  readonly #key: string
  readonly #file: string
  readonly #shape: EntryShape

  constructor({ key, file, shape }: YamlTarget) {
    this.#key = key
    this.#file = file
    this.#shape = shape
  }

  find(text: string): FoundEntry | undefined {
    const parsed = this.#parse(text)
    const entry = this.#servers(parsed).find(isOurs)
    if (entry === undefined) return undefined
    const { line } = positionAt(text, rangeOf(this.#item(parsed))[0])
    return foundIn(
      requireKind(
        entry,
        `"${SERVER_NAME}" in ${this.#file}, line ${line},`,
        this.#shape.address !== undefined,
      ),
      this.#shape,
    )
  }

  hasTable(text: string): boolean {
    return this.#key in this.#parse(text).value
  }

  put(text: string, entry: ServerEntry): string {
    const after = this.find(text) === undefined ? this.#add(text, entry) : this.#update(text, entry)
    const found = this.find(after)
    if (found === undefined || !isSameEntry(found, entry)) throw unsafeEdit(this.#file)
    return this.#parse(text).root === undefined ? after : this.#checked(text, after)
  }

  remove(text: string, { dropTable }: { readonly dropTable: boolean }): string {
    const parsed = this.#parse(text)
    if (!this.#servers(parsed).some(isOurs)) return text
    const item = this.#item(parsed)
    const table = this.#table(parsed)
    const list = listIn(table)
    if (!item || !table || !list || list.flow) throw unsafeEdit(this.#file)
    const [from, to] = rangeOf(item)
    const [start, end] = [lineStart(text, from), lineEnd(text, to)]
    if (list.items.length > 1) return this.#checked(text, text.slice(0, start) + text.slice(end))
    const keyStart = lineStart(text, rangeOf(table.key)[0])
    const emptied = dropTable ? '' : `${this.#key}: []${lineEnding(text)}`
    return this.#checked(text, text.slice(0, keyStart) + emptied + text.slice(end))
  }

  #add(text: string, entry: ServerEntry): string {
    const parsed = this.#parse(text)
    const fields = renderEntry(entry, this.#shape)
    const table = this.#table(parsed)
    if (table === undefined) {
      const head = parsed.root === undefined ? (this.#shape.newFile ?? []) : []
      return insertLines(text, text.length, [...head, `${this.#key}:`, ...itemLines(fields, '  ')])
    }
    const list = listIn(table)
    const [first] = list?.items ?? []
    if (!list || first === undefined || list.flow) return this.#fill(text, table, fields)
    const start = rangeOf(first)[0]
    const indent = /^( *)- *$/.exec(text.slice(lineStart(text, start), start))?.[1]
    if (indent === undefined) throw unsafeEdit(this.#file)
    return insertLines(text, lineEnd(text, rangeOf(list)[1]), itemLines(fields, indent))
  }

  /** Puts the first server under a key that has none. */
  #fill(text: string, { key }: Table, fields: Record<string, unknown>): string {
    const end = rangeOf(key)[1]
    const [line, comment = ''] =
      /^\s*:[ \t]*(?:\[\s*\]|null|~)?[ \t]*(#[^\r\n]*)?(?=\r?\n|$)/.exec(text.slice(end)) ?? []
    if (line === undefined) throw unsafeEdit(this.#file)
    const emptied = `${text.slice(0, end)}:${comment && ` ${comment}`}`
    const whole = emptied + text.slice(end + line.length)
    return insertLines(whole, lineEnd(whole, emptied.length), itemLines(fields, '  '))
  }

  #update(text: string, entry: ServerEntry): string {
    const found = this.#servers(this.#parse(text)).find(isOurs) ?? {}
    const envPath = pathOfEnv(this.#shape, found)
    const settings = Object.entries(entry.env).map(([name, each]): Field => [[...envPath, name], each])
    const isNew = found[this.#shape.env] === undefined && settings.length > 0
    const env: Field[] = isNew ? [[envPath, entry.env]] : settings
    return [...startOf(entry, this.#shape, found), ...env].reduce(
      (done, [path, value]) => this.#setField(done, path, value),
      text,
    )
  }

  #setField(text: string, path: readonly string[], value: unknown): string {
    const [name = '', inner] = path.toReversed()
    const item = this.#item(this.#parse(text))
    const map = inner === undefined ? item : item?.get(inner, true)
    if (!isMap(map) || map.flow) throw unsafeEdit(this.#file)
    const found = map.get(name, true)
    if (found === undefined) {
      const indent = ' '.repeat(positionAt(text, rangeOf(map)[0]).column - 1)
      return insertLines(text, lineEnd(text, rangeOf(map)[1]), fieldLines(name, value, indent))
    }
    if (isDeepStrictEqual(map.toJSON()[name], value)) return text
    const [start, end] = rangeOf(found)
    const lineBreak = text[end - 1] === '\n' ? lineEnding(text) : ''
    const key = map.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.key
    const line = lineStart(text, rangeOf(key)[0])
    const offset = line + (/^ */.exec(text.slice(line))?.[0].length ?? 0)
    return applyEdits(text, [
      ...keepComments(text, text.slice(start, end), { offset, pattern: STRING_OR_COMMENT }),
      { offset: start, length: end - start, text: inline(value) + lineBreak },
    ])
  }

  #parse(text: string): Parsed {
    if (text.length > MAX_TEXT_CHARACTERS) throw tooLong(this.#file)
    try {
      return this.#read(text)
    } catch (error) {
      // The parser calls itself for each level.
      if (error instanceof RangeError) throw tooDeep(this.#file)
      throw error
    }
  }

  #read(text: string): Parsed {
    const document = parseDocument(text, { prettyErrors: false })
    const [problem] = document.errors
    if (problem?.code === 'RESOURCE_EXHAUSTION') throw tooDeep(this.#file)
    if (problem) throw this.#broken(text, problem.code.toLowerCase().replaceAll('_', ' '), problem.pos[0])
    const { contents } = document
    const value: unknown = document.toJS()
    if (contents === null || value === null) return { root: undefined, value: {} }
    if (!isWithinDepth(value, MAX_NESTING)) throw tooDeep(this.#file)
    if (!isMap(contents) || !isRecord(value))
      throw this.#broken(text, 'names and values are expected', rangeOf(contents)[0])
    return { root: contents, value }
  }

  #broken(text: string, problem: string, offset: number): Error {
    return brokenFile(this.#file, 'YAML', problem, positionAt(text, offset))
  }

  #servers({ value }: Parsed): Record<string, unknown>[] {
    const list: unknown = value[this.#key]
    return Array.isArray(list) ? list.filter(isRecord) : []
  }

  #table({ root }: Parsed): Table | undefined {
    for (const { key, value } of root?.items ?? [])
      if (isScalar(key) && key.value === this.#key) return { key, value }
    return undefined
  }

  #item(parsed: Parsed): YAMLMap | undefined {
    const items = listIn(this.#table(parsed))?.items ?? []
    return items.filter((item) => isMap(item)).find((item) => item.get('name') === SERVER_NAME)
  }

  #checked(before: string, after: string): string {
    if (!isDeepStrictEqual(this.#others(before), this.#others(after))) throw unsafeEdit(this.#file)
    return after
  }

  #others(text: string): unknown {
    const { [this.#key]: list, ...rest } = this.#parse(text).value
    const others: readonly unknown[] = Array.isArray(list) ? list : []
    return [rest, others.filter((server) => !(isRecord(server) && isOurs(server)))]
  }
}

/** A quote, or the sign of a comment, is one where a word begins. */
const STRING_OR_COMMENT = /(?<![^\s,[{])(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|(?<comment>#[^\r\n]*))/g

function isOurs({ name }: Record<string, unknown>): boolean {
  return name === SERVER_NAME
}

function listIn(table: Table | undefined): YAMLSeq | undefined {
  return isSeq(table?.value) ? table.value : undefined
}

/** Where a node begins, and where what it says ends. */
function rangeOf(node: unknown): readonly [start: number, end: number] {
  const range = isNode(node) ? node.range : undefined
  return range ? [range[0], range[1]] : [0, 0]
}
