import { isDeepStrictEqual } from 'node:util'
import { getNodeValue, type Node, printParseErrorCode } from 'jsonc-parser'
import { type EntryShape, type Field, foundIn, pathOfEnv, renderEntry, startOf } from '../clients/shape.ts'
import {
  type FoundEntry,
  isRecord,
  isSameEntry,
  requireKind,
  SERVER_NAME,
  type ServerEntry,
} from '../entry.ts'
import { brokenFile, tooDeep, unsafeEdit } from '../refusals.ts'
import type { ConfigEditor } from './config-editor.ts'
import { parseOutline } from './json-outline.ts'
import { insertProperty, jsonStyle, removeProperty, renderFile, replaceValue } from './json-properties.ts'
import { applyEdits, keepComments, lineEnding, positionAt, type TextEdit } from './text-edits.ts'

interface JsonTarget {
  readonly key: string
  readonly file: string
  readonly shape: EntryShape
}

/** Edits JSON with comments and trailing commas in place. */
export class JsonEditor implements ConfigEditor {
  readonly #key: string
  readonly #file: string
  readonly #shape: EntryShape
  /** The last two texts, before and after a change: each is asked for again and again, and may be long. */
  #parsed: readonly { readonly text: string; readonly root: Node | undefined }[] = []

  constructor(target: JsonTarget) {
    this.#key = target.key
    this.#file = target.file
    this.#shape = target.shape
  }

  find(text: string): FoundEntry | undefined {
    const node = this.#entry(this.#parse(text), text)
    if (node === undefined) return undefined
    const where = `"${SERVER_NAME}" in ${this.#file}, line ${positionAt(text, node.offset).line},`
    return foundIn(requireKind(getNodeValue(node), where, this.#shape.address !== undefined), this.#shape)
  }

  hasTable(text: string): boolean {
    return this.#table(this.#parse(text), text) !== undefined
  }

  put(text: string, entry: ServerEntry): string {
    const after = this.find(text) === undefined ? this.#add(text, entry) : this.#update(text, entry)
    const found = this.find(after)
    if (found === undefined || !isSameEntry(found, entry)) throw unsafeEdit(this.#file)
    return this.#checked(text, after)
  }

  remove(text: string, { dropTable }: { readonly dropTable: boolean }): string {
    const root = this.#parse(text)
    const entry = this.#entry(root, text)
    if (entry?.parent === undefined) return text
    const without = applyEdits(
      text,
      removeProperty(text, this.#object(entry.parent.parent, text), entry.parent),
    )
    return this.#checked(text, dropTable ? this.#dropEmptyTable(without) : without)
  }

  #add(text: string, entry: ServerEntry): string {
    const root = this.#parse(text)
    const style = jsonStyle(text, root)
    const value = renderEntry(entry, this.#shape)
    if (root === undefined) {
      const gap = text.trim() === '' ? '' : text.endsWith('\n') ? text : text + lineEnding(text)
      return gap + renderFile({ name: this.#key, value: { [SERVER_NAME]: value } }, style)
    }
    const table = this.#table(root, text)
    const edits =
      table === undefined
        ? insertProperty(text, root, { name: this.#key, value: { [SERVER_NAME]: value } }, style)
        : insertProperty(text, table, { name: SERVER_NAME, value }, style)
    return applyEdits(text, edits)
  }

  /** One field at a time, so that what else the user gave the entry stays. */
  #update(text: string, entry: ServerEntry): string {
    const node = this.#entry(this.#parse(text), text)
    const value: unknown = node && getNodeValue(node)
    const found = isRecord(value) ? value : {}
    const envPath = pathOfEnv(this.#shape, found)
    const hasEnv = this.#entryNode(text, envPath) !== undefined
    const settings = Object.entries(entry.env).map(([name, each]): Field => [[...envPath, name], each])
    const env: Field[] = hasEnv || settings.length === 0 ? settings : [[envPath, entry.env]]
    return [...startOf(entry, this.#shape, found), ...env].reduce(
      (done, [path, wanted]) => applyEdits(done, this.#setField(done, path, wanted)),
      text,
    )
  }

  #setField(text: string, path: readonly string[], value: unknown): TextEdit[] {
    const style = jsonStyle(text, this.#parse(text))
    const node = this.#entryNode(text, path)
    if (node === undefined) {
      const parent = this.#object(this.#entryNode(text, path.slice(0, -1)), text)
      return insertProperty(text, parent, { name: path.at(-1) ?? '', value }, style)
    }
    if (isDeepStrictEqual(getNodeValue(node), value)) return []
    const old = text.slice(node.offset, node.offset + node.length)
    const place = { offset: node.parent?.offset ?? node.offset, pattern: STRING_OR_COMMENT }
    return [...keepComments(text, old, place), replaceValue(text, node, value, style)]
  }

  #dropEmptyTable(text: string): string {
    const root = this.#parse(text)
    const table = this.#table(root, text)
    const isEmpty =
      table !== undefined && /^\{\s*\}$/.test(text.slice(table.offset, table.offset + table.length))
    if (!isEmpty || table.parent === undefined) return text
    return applyEdits(text, removeProperty(text, this.#object(root, text), table.parent))
  }

  /** The node at a path inside our entry. */
  #entryNode(text: string, path: readonly string[]): Node | undefined {
    const entry = this.#entry(this.#parse(text), text)
    return path.reduce<Node | undefined>((node, name) => node && this.#child(node, name, text), entry)
  }

  #entry(root: Node | undefined, text: string): Node | undefined {
    const table = this.#table(root, text)
    return table && this.#child(table, SERVER_NAME, text)
  }

  #table(root: Node | undefined, text: string): Node | undefined {
    const table = root && this.#child(root, this.#key, text)
    return table && this.#object(table, text)
  }

  #parse(text: string): Node | undefined {
    const known = this.#parsed.find((parsed) => parsed.text === text)
    if (known) return known.root
    const { root, problem } = parseOutline(text, this.#key)
    if (problem === 'too deep') throw tooDeep(this.#file)
    if (problem) throw brokenFile(this.#file, 'JSON', inWords(problem.code), positionAt(text, problem.offset))
    const checked = root && this.#object(root, text)
    this.#parsed = [...this.#parsed.slice(-1), { text, root: checked }]
    return checked
  }

  #object(node: Node | undefined, text: string): Node {
    if (node?.type === 'object') return node
    throw brokenFile(
      this.#file,
      'a configuration',
      'an object is expected',
      positionAt(text, node?.offset ?? 0),
    )
  }

  #child(object: Node, name: string, text: string): Node | undefined {
    const found = (object.children ?? []).filter((property) => property.children?.[0]?.value === name)
    const [first, second] = found
    if (second !== undefined) {
      throw brokenFile(this.#file, 'clear', `"${name}" stands there twice`, positionAt(text, second.offset))
    }
    return first?.children?.[1]
  }

  /** The belt to the braces: everything but our entry must stand there letter for letter before and after. */
  #checked(before: string, after: string): string {
    if (!isDeepStrictEqual(this.#others(before), this.#others(after))) throw unsafeEdit(this.#file)
    return after
  }

  #others(text: string): unknown {
    const root = this.#parse(text)
    return [
      valuesBut(text, root, this.#key),
      valuesBut(text, root && this.#child(root, this.#key, text), SERVER_NAME),
    ]
  }
}

const STRING_OR_COMMENT = /"(?:\\.|[^"\\])*"|(?<comment>\/\/[^\r\n]*|\/\*[\s\S]*?\*\/)/g

/** The properties of an object but one, each with the text of its value. */
function valuesBut(text: string, object: Node | undefined, left: string): [name: unknown, value: string][] {
  return (object?.children ?? []).flatMap(({ children: [name, value] = [] }) =>
    name && value && name.value !== left
      ? [[name.value, text.slice(value.offset, value.offset + value.length)]]
      : [],
  )
}

/** `CommaExpected` as `comma expected`. */
function inWords(code: number): string {
  return printParseErrorCode(code)
    .replaceAll(/(?<!^)[A-Z]/g, ' $&')
    .toLowerCase()
}
