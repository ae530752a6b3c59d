import { isDeepStrictEqual } from 'node:util'
import { applyEdits, modify, type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import { isWithinDepth } from '../../../../domain/voting.ts'
import { type FoundEntry, isRecord, type ServerEntry } from '../entry.ts'
import { brokenFile, MAX_NESTING, MAX_TEXT_CHARACTERS, tooDeep, tooLong, unsafeEdit } from '../refusals.ts'
import type { ConfigEditor } from './config-editor.ts'
import { lineEnding, positionAt } from './text-edits.ts'

const LIST = ['permissions', 'allow'] as const

/** A rule is all there or not at all: as an entry it says only its name. */
export function ruleEntry(rule: string): ServerEntry {
  return { command: rule, args: [], env: {} }
}

/** Edits the list of what Claude Code may do without asking, which stands in a file of its own. */
export class PermissionEditor implements ConfigEditor {
  readonly #file: string
  readonly #rule: string

  constructor({ file, rule }: { readonly file: string; readonly rule: string }) {
    this.#file = file
    this.#rule = rule
  }

  find(text: string): FoundEntry | undefined {
    return this.#rules(text).includes(this.#rule) ? { ...ruleEntry(this.#rule), others: {} } : undefined
  }

  hasTable(text: string): boolean {
    return 'permissions' in this.#parse(text)
  }

  put(text: string): string {
    if (this.find(text)) return text
    return this.#checked(text, this.#edit(text, [...LIST, -1], this.#rule))
  }

  remove(text: string): string {
    const at = this.#rules(text).indexOf(this.#rule)
    return at < 0 ? text : this.#checked(text, this.#edit(text, [...LIST, at], undefined))
  }

  #edit(text: string, path: (string | number)[], value: string | undefined): string {
    const tabSize = /^( +)"/m.exec(text)?.[1]?.length ?? 2
    const formattingOptions = { insertSpaces: !/^\t/m.test(text), tabSize, eol: lineEnding(text) }
    const edited = applyEdits(text, modify(text, path, value, { isArrayInsertion: true, formattingOptions }))
    return text.trim() === '' ? edited + formattingOptions.eol : edited
  }

  #rules(text: string): unknown[] {
    const { permissions } = this.#parse(text)
    const list = isRecord(permissions) ? permissions['allow'] : undefined
    return Array.isArray(list) ? list : []
  }

  #parse(text: string): Record<string, unknown> {
    if (text.length > MAX_TEXT_CHARACTERS) throw tooLong(this.#file)
    const errors: ParseError[] = []
    const value: unknown = attemptParse(text, errors) ?? this.#tooDeep()
    const [problem] = errors
    if (problem) {
      const words = printParseErrorCode(problem.error).replaceAll(/(?<!^)[A-Z]/g, ' $&')
      throw brokenFile(this.#file, 'JSON', words.toLowerCase(), positionAt(text, problem.offset))
    }
    if (!isWithinDepth(value, MAX_NESTING)) this.#tooDeep()
    if (!isRecord(value))
      throw brokenFile(this.#file, 'a configuration', 'an object is expected', { line: 1, column: 1 })
    return value
  }

  #tooDeep(): never {
    throw tooDeep(this.#file)
  }

  #checked(before: string, after: string): string {
    const rest = (text: string): unknown => {
      const { permissions, ...others } = this.#parse(text)
      const { allow: _, ...rules } = isRecord(permissions) ? permissions : {}
      return [others, rules, this.#rules(text).filter((rule) => rule !== this.#rule)]
    }
    if (!isDeepStrictEqual(rest(before), rest(after))) throw unsafeEdit(this.#file)
    return after
  }
}

/** Undefined where it is nested too deep: the parser calls itself for each level. */
function attemptParse(text: string, errors: ParseError[]): unknown {
  try {
    return parse(text.trim() === '' ? '{}' : text, errors, { allowTrailingComma: true }) ?? {}
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}
