import { type Node, type NodeType, visit } from 'jsonc-parser'
import { MAX_NESTING } from '../refusals.ts'

/** What keeps a text from being read: nesting, or the parser's number of an error and its place. */
type JsonProblem = 'too deep' | { readonly code: number; readonly offset: number }

/** A node that is being made. */
type Draft = { -readonly [K in keyof Node]: Node[K] }

/** A container that is still open; what stands in it is kept or passed over. */
interface Open {
  readonly node: Draft | undefined
  readonly isKept: boolean
}

class TooDeep extends Error {}

/**
 * The tree of a JSON text as far as setup edits it: the root's properties, and all that stands inside of the one named `key`. Other
 * values have no children, for a client may keep a history of many megabytes beside its settings.
 */
export function parseOutline(
  text: string,
  key: string,
): { readonly root?: Node | undefined; readonly problem?: JsonProblem | undefined } {
  const outline = new Outline(key)
  let problem: JsonProblem | undefined
  try {
    visit(
      text,
      {
        onObjectBegin: (offset) => outline.begin('object', offset),
        onArrayBegin: (offset) => outline.begin('array', offset),
        onObjectEnd: (offset) => outline.end(offset + 1),
        onArrayEnd: (offset) => outline.end(offset + 1),
        onObjectProperty: (name, offset, length) => outline.property(name, offset, length),
        onSeparator: (sign, offset) => outline.separator(sign, offset),
        onLiteralValue: (value, offset, length) => outline.literal(value, offset, length),
        onError: (code, offset) => {
          problem ??= { code, offset }
        },
      },
      { allowTrailingComma: true, allowEmptyContent: true },
    )
  } catch (error) {
    // The parser calls itself for each level, also in what is passed over: there the stack is the limit.
    if (!(error instanceof TooDeep || error instanceof RangeError)) throw error
    problem ??= 'too deep'
  }
  return { root: outline.root, problem }
}

class Outline {
  root: Node | undefined
  readonly #key: string
  readonly #open: Open[] = []

  constructor(key: string) {
    this.#key = key
  }

  /** Whether what stands in it is wanted. */
  begin(type: NodeType, offset: number): boolean {
    if (this.#open.length === MAX_NESTING) throw new TooDeep()
    const node = this.#attach({ type, offset, length: 0, children: [] })
    const isTable = this.#open.length !== 1 || node?.parent?.children?.[0]?.value === this.#key
    this.#open.push({ node, isKept: node !== undefined && isTable })
    return isTable
  }

  end(offset: number): void {
    const closed = this.#open.pop()
    if (closed?.node) endAt(closed.node, offset)
  }

  property(name: string, offset: number, length: number): void {
    const { node, isKept } = this.#open.at(-1) ?? {}
    if (!node || !isKept) return
    const property: Node = { type: 'property', offset, length: 0, children: [], parent: node }
    property.children?.push({ type: 'string', value: name, offset, length, parent: property })
    node.children?.push(property)
  }

  separator(sign: string, offset: number): void {
    const { node, isKept } = this.#open.at(-1) ?? {}
    const property: Draft | undefined = sign === ':' && isKept ? node?.children?.at(-1) : undefined
    if (property) property.colonOffset = offset
  }

  literal(value: unknown, offset: number, length: number): void {
    const type = value === null ? 'null' : (typeof value as NodeType)
    const node = this.#attach({ type, value, offset, length })
    if (node) endAt(node, offset + length)
  }

  /** Puts it where it stands, or nowhere. */
  #attach(node: Node): Node | undefined {
    const open = this.#open.at(-1)
    if (!open) {
      this.root ??= node
      return node
    }
    if (!open.isKept) return undefined
    const parent = open.node?.type === 'object' ? open.node.children?.at(-1) : open.node
    if (!parent) return undefined
    const placed = Object.assign(node, { parent })
    parent.children?.push(placed)
    return placed
  }
}

/** A property ends with its value. */
function endAt(node: Draft, offset: number): void {
  node.length = offset - node.offset
  const parent: Draft | undefined = node.parent
  if (parent?.type === 'property') parent.length = offset - parent.offset
}
