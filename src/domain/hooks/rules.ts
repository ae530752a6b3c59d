import type { Entry } from '../entries/entry.ts'
import { listField, textField } from '../entries/types/entry-type.ts'
import { visibleText } from '../text/visible-text.ts'
import { isRecord } from './read.ts'

/** A guideline as hooks hold tools to it. */
export interface Rule {
  readonly id: string
  readonly name: string
  readonly enforce: 'block' | 'warn'
  readonly content: string
  readonly rationale: string
  readonly goodExample: string | undefined
  /** Globs of the files that the rule is about; none for a rule about all files, or about shell commands. */
  readonly appliesTo: readonly string[]
  /** Texts, or expressions in slashes. None: the files themselves are not to be touched. */
  readonly forbidden: readonly string[]
}

/** Something that a tool is about to do against a rule. */
export interface Violation {
  readonly rule: Rule
  /** The file, where it is one. */
  readonly path: string | undefined
  /** Which of the forbidden texts. */
  readonly found: string | undefined
}

/** Of a guideline that is to be enforced and says what to look for. */
export function ruleOf(entry: Entry): Rule | undefined {
  const enforce = textField(entry, 'enforce')
  if (enforce !== 'block' && enforce !== 'warn') return undefined
  const appliesTo = listField(entry, 'applies_to')
  const forbidden = listField(entry, 'forbidden').filter((text) => text !== '')
  if (appliesTo.length === 0 && forbidden.length === 0) return undefined
  const { examples } = entry
  const good = isRecord(examples) && Array.isArray(examples['good']) ? examples['good'] : []
  const goodExample = good.find((example) => typeof example === 'string')
  const { id, name, content } = entry
  return {
    id,
    name,
    enforce,
    content,
    rationale: textField(entry, 'rationale'),
    goodExample,
    appliesTo,
    forbidden,
  }
}

/** An expression's source, of a forbidden text in slashes. */
export function expressionIn(forbidden: string): string | undefined {
  return /^\/(.+)\/$/s.exec(forbidden)?.[1]
}

/** What the model reads of a violation. Stored text stands behind `>`, whatever ends its lines. */
export function violationText({ rule, path, found }: Violation): string {
  const verb = rule.enforce === 'block' ? 'Not done: it breaks' : 'This breaks'
  const where = path === undefined ? '' : ` in ${oneLine(path)}`
  const what = found === undefined ? ' (this file is not to be changed)' : ` (forbidden: ${oneLine(found)})`
  return [
    `${verb} the guideline ${JSON.stringify(oneLine(rule.name))}${where}${what}.`,
    ...part('It says', rule.content),
    ...part('Why', rule.rationale),
    ...part('Do it like this', rule.goodExample ?? ''),
  ].join('\n')
}

const MOST_CHARACTERS = 1_500

function part(title: string, text: string): string[] {
  if (text === '') return []
  const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text
  return [
    `${title}:`,
    ...visibleText(shown)
      .split(/\r\n|[\n\r]/)
      .map((line) => `> ${line}`),
  ]
}

function oneLine(text: string): string {
  return visibleText(text).replaceAll(/\s+/g, ' ').slice(0, 300)
}
