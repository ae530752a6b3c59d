import { isDeepStrictEqual } from 'node:util'
import { getNodeValue, type Node, printParseErrorCode } from 'jsonc-parser'
import { keepMark, withoutMark } from '../setup/editing/editor.ts'
import { parseOutline } from '../setup/editing/json-outline.ts'
import { insertProperty, jsonStyle, removeProperty, renderFile } from '../setup/editing/json-properties.ts'
import { applyEdits, lineEnding, positionAt } from '../setup/editing/text-edits.ts'
import { isRecord } from '../setup/entry.ts'
import { brokenFile, tooDeep, unsafeEdit } from '../setup/refusals.ts'

const KEY = 'hooks'
/** Of Claude Code and Qwen Code. */
export const OFF_SWITCH = 'disableAllHooks'

/** What stands in the list of an event: which tools it is for, and what is run. */
export interface HookGroup {
  readonly event: string
  readonly group: Readonly<Record<string, unknown>>
}

/** Whether these are the same, in whatever order the file has its events. */
export function isSameHooks(some: readonly HookGroup[], others: readonly HookGroup[]): boolean {
  const sorted = (groups: readonly HookGroup[]) => groups.toSorted((a, b) => (a.event < b.event ? -1 : 1))
  return isDeepStrictEqual(sorted(some), sorted(others))
}

type IsOurs = (hook: Readonly<Record<string, unknown>>) => boolean

/** Changes the hooks in the text of a client's settings (JSON, comments allowed), and nothing in it but our own. */
export class HookEditor {
  readonly #file: string
  readonly #isOurs: IsOurs

  /** `isOurs` knows our own hooks. */
  constructor(file: string, isOurs: IsOurs) {
    this.#file = file
    this.#isOurs = isOurs
  }

  /** Our groups, as they stand there. */
  find(text: string): readonly HookGroup[] {
    return this.#find(withoutMark(text))
  }

  #find(text: string): readonly HookGroup[] {
    return this.#events(text).flatMap(({ event, list }) =>
      (list.children ?? []).flatMap((node) => {
        const group = plainValue(node)
        return isRecord(group) && this.#own(node).length > 0 ? [{ event, group }] : []
      }),
    )
  }

  /** Whether the user has switched all hooks off there. */
  isOff(text: string): boolean {
    const root = this.#parse(withoutMark(text))
    return root !== undefined && childOf(root, OFF_SWITCH)?.value === true
  }

  /** The text with these groups, each the last of its event; those of before are taken out. */
  put(text: string, groups: readonly HookGroup[]): string {
    return keepMark(text, (body) => this.#put(body, groups))
  }

  #put(text: string, groups: readonly HookGroup[]): string {
    const after = groups.reduce((done, group) => this.#add(done, group), this.#remove(text))
    if (!isSameHooks(this.#find(after), groups)) throw unsafeEdit(this.#file)
    return this.#checked(text, after)
  }

  /** The text without our hooks, and without what held nothing else. */
  remove(text: string): string {
    return keepMark(text, (body) => this.#remove(body))
  }

  #remove(text: string): string {
    let done = text
    for (let at = 0; at < MOST_HOOKS; at++) {
      const next = this.#removeOne(done)
      if (next === undefined) return this.#checked(text, done)
      done = next
    }
    throw unsafeEdit(this.#file)
  }

  #add(text: string, { event, group }: HookGroup): string {
    const root = this.#parse(text)
    const style = jsonStyle(text, root)
    if (root === undefined) {
      const gap = text.trim() === '' ? '' : text.endsWith('\n') ? text : text + lineEnding(text)
      return gap + renderFile({ name: KEY, value: { [event]: [group] } }, style)
    }
    const table = childOf(root, KEY)
    if (!table)
      return applyEdits(text, insertProperty(text, root, { name: KEY, value: { [event]: [group] } }, style))
    const list = childOf(this.#typed(table, 'object', text), event)
    const edits = list
      ? insertProperty(text, this.#typed(list, 'array', text), { value: group }, style)
      : insertProperty(text, table, { name: event, value: [group] }, style)
    return applyEdits(text, edits)
  }

  /** Takes one hook of ours out, with every list and table that it was alone in. */
  #removeOne(text: string): string | undefined {
    const own = this.#events(text).flatMap(({ list }) =>
      (list.children ?? []).flatMap((node) => this.#own(node)),
    )[0]
    if (!own) return undefined
    let node = own
    // A group, an event and the table of hooks go with the last that they held.
    for (let parent = node.parent; parent && !isRoot(parent); parent = node.parent) {
      const isAlone = parent.type === 'property' || parent.children?.length === 1 || holdsOnly(parent, node)
      if (!isAlone) break
      node = parent
    }
    const container = node.parent
    return container && applyEdits(text, removeProperty(text, container, node))
  }

  /** The hooks of ours in an element of an event's list. */
  #own(node: Node): readonly Node[] {
    const hooks = childOf(node, KEY)?.children ?? [node]
    return hooks.filter((each) => {
      const hook = plainValue(each)
      return isRecord(hook) && this.#isOurs(hook)
    })
  }

  #events(text: string): readonly { readonly event: string; readonly list: Node }[] {
    const root = this.#parse(text)
    const table = root && childOf(root, KEY)
    if (!table) return []
    return (this.#typed(table, 'object', text).children ?? []).flatMap(({ children: [name, list] = [] }) =>
      name && list?.type === 'array' ? [{ event: String(name.value), list }] : [],
    )
  }

  #parse(text: string): Node | undefined {
    const { root, problem } = parseOutline(text, KEY)
    if (problem === 'too deep') throw tooDeep(this.#file)
    if (problem)
      throw brokenFile(
        this.#file,
        'JSON',
        printParseErrorCode(problem.code),
        positionAt(text, problem.offset),
      )
    return root && this.#typed(root, 'object', text)
  }

  #typed(node: Node, type: 'object' | 'array', text: string): Node {
    if (node.type === type) return node
    throw brokenFile(this.#file, 'a configuration', `an ${type} is expected`, positionAt(text, node.offset))
  }

  /** The belt to the braces: everything that is not ours must mean the same before and after. */
  #checked(before: string, after: string): string {
    if (!isDeepStrictEqual(this.#others(before), this.#others(after))) throw unsafeEdit(this.#file)
    return after
  }

  /** All values but ours; lists and tables that then hold nothing count as none. */
  #others(text: string): unknown {
    const root = this.#parse(text)
    const rest = (root?.children ?? []).flatMap(({ children: [name, value] = [] }) =>
      name && value && name.value !== KEY
        ? [[name.value, text.slice(value.offset, value.offset + value.length)]]
        : [],
    )
    const foreign = this.#events(text).flatMap(({ event, list }) =>
      (list.children ?? []).flatMap((node) => {
        const own = this.#own(node)
        const others = (childOf(node, KEY)?.children ?? [node]).filter((each) => !own.includes(each))
        return others.map((each): unknown => [event, getNodeValue(each)])
      }),
    )
    return [rest, foreign]
  }
}

const MOST_HOOKS = 1_000

/** As JSON gives it: the parser's own objects have no prototype, so none is ever equal to ours. */
function plainValue(node: Node): unknown {
  return JSON.parse(JSON.stringify(getNodeValue(node))) as unknown
}

function childOf(object: Node, name: string): Node | undefined {
  if (object.type !== 'object') return undefined
  return object.children?.find((property) => property.children?.[0]?.value === name)?.children?.[1]
}

function isRoot(node: Node): boolean {
  return node.parent === undefined
}

/** A group of ours has a matcher beside its commands. */
function holdsOnly(group: Node, node: Node): boolean {
  return group.type === 'object' && childOf(group, KEY) !== undefined && node.children?.[0]?.value === KEY
}
