import { parse } from 'smol-toml'

/** One header or key/value pair of a TOML file, by its place in the text. */
export interface TomlStatement {
  readonly kind: 'table' | 'array' | 'pair'
  /** Path from the root of the file. */
  readonly path: readonly string[]
  /** From the start of its first line to the end of its last, line break included. */
  readonly start: number
  readonly end: number
  /** The value of a pair; for a header, the header itself. */
  readonly valueStart: number
  readonly valueEnd: number
}

const SKIPPED = /(?:\s+|#[^\n]*)*/y
const BASIC_STRING = /"""(?:\\[\s\S]|(?!""")[^\\])*"""(?:"{0,2})|"(?:\\.|[^"\\])*"/y
const LITERAL_STRING = /'''(?:(?!''')[\s\S])*'''(?:'{0,2})|'[^']*'/y
export const STRING_OR_COMMENT = new RegExp(
  `${BASIC_STRING.source}|${LITERAL_STRING.source}|(?<comment>#[^\\r\\n]*)`,
  'g',
)
const BARE_KEY = /[A-Za-z0-9_-]+/y
const DOT = /[ \t]*\.[ \t]*/y
const EQUALS = /[ \t]*=[ \t]*/y
const OPEN_HEADER = /\[{1,2}[ \t]*/y
const OTHER = /[^"'#[\]{}\n]+/y

/** Lists the statements of a TOML text that a parser has found valid. */
export function tomlStatements(text: string): TomlStatement[] {
  const reader = new Reader(text)
  const statements: TomlStatement[] = []
  let table: readonly string[] = []
  for (reader.take(SKIPPED); !reader.atEnd; reader.take(SKIPPED)) {
    const at = reader.at
    const open = reader.take(OPEN_HEADER).trim()
    const path = readPath(reader)
    if (open !== '') {
      table = path
      reader.at = text.indexOf(open === '[' ? ']' : ']]', reader.at) + open.length
      statements.push(statement(text, open === '[' ? 'table' : 'array', path, [at, reader.at]))
    } else {
      reader.take(EQUALS)
      const valueStart = reader.at
      skipValue(reader)
      statements.push(statement(text, 'pair', [...table, ...path], [valueStart, reader.at], at))
    }
    reader.at = statements.at(-1)?.end ?? text.length
  }
  return statements
}

/** A text with a place in it. */
class Reader {
  at = 0
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  get atEnd(): boolean {
    return this.at >= this.text.length
  }

  /** Moves past a pattern (sticky) and gives what it matched, '' for nothing. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }
}

function readPath(reader: Reader): string[] {
  const path: string[] = []
  do {
    const quoted = reader.take(BASIC_STRING) || reader.take(LITERAL_STRING)
    path.push(quoted === '' ? reader.take(BARE_KEY) : unquote(quoted))
  } while (reader.take(DOT) !== '')
  return path
}

/** Stops behind the value; comments and line breaks count as part of it only inside brackets. */
function skipValue(reader: Reader): void {
  let depth = 0
  while (!reader.atEnd) {
    if (reader.take(BASIC_STRING) || reader.take(LITERAL_STRING) || reader.take(OTHER)) continue
    const char = reader.text[reader.at] ?? ''
    const isLineEnd = char === '\n' || char === '#'
    if (isLineEnd && depth === 0) return
    if (isLineEnd) reader.take(SKIPPED)
    else {
      depth += '[{'.includes(char) ? 1 : -1
      reader.at++
    }
  }
}

function statement(
  text: string,
  kind: TomlStatement['kind'],
  path: readonly string[],
  [valueStart, valueEnd]: readonly [number, number],
  at = valueStart,
): TomlStatement {
  const lineBreak = text.indexOf('\n', valueEnd)
  return {
    kind,
    path,
    start: text.lastIndexOf('\n', at - 1) + 1,
    end: lineBreak < 0 ? text.length : lineBreak + 1,
    valueStart,
    valueEnd: valueStart + text.slice(valueStart, valueEnd).trimEnd().length,
  }
}

function unquote(quoted: string): string {
  return String(parse(`value = ${quoted}`)['value'])
}
