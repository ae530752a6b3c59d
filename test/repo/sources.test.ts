import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../../src')

interface SourceRule {
  readonly why: string
  readonly pattern: RegExp
  /** Where it is allowed. */
  readonly except?: RegExp
  /** Comments count too (suppressions are comments). */
  readonly inComments?: boolean
  /** Text that the rule must catch. */
  readonly breaches: readonly string[]
}

const RULES: readonly SourceRule[] = [
  {
    why: 'the environment is read in one place',
    pattern:
      /\bprocess\s*\.\s*env\b|\bprocess\s*\[\s*['"]env|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*'node:process'/,
    except: /^config\.ts$/,
    breaches: [
      "const x = process.env['HOME']",
      "const { HOME } = process['env']",
      "import { env } from 'node:process'",
    ],
  },
  {
    why: 'no type is forced',
    pattern: /\bas\s+(unknown|never)\s+as\b|\bas\s+any\b|[:<,|]\s*any\b(?!\s*[:(])|\bany\[\]/,
    breaches: ['x as unknown as Y', 'x as any', 'const x: any = 1', 'Map<string, any>', 'x: any[]'],
  },
  {
    why: 'no check is switched off',
    pattern:
      /@ts-(ignore|expect-error|nocheck)|biome-ignore|eslint-disable|c8 ignore|v8 ignore|istanbul ignore/,
    inComments: true,
    breaches: ['// @ts-expect-error', '// biome-ignore lint: x', '/* v8 ignore next */'],
  },
  {
    why: 'SQL that only SQLite knows stands in store/sqlite',
    pattern:
      /\b(pragma\s|rowid\b|sqlite_(master|schema|sequence)|json_(extract|each|group_array)\s*\(|insert or (replace|ignore)|strftime\s*\(|julianday\s*\(|unixepoch\s*\(|bm25\s*\(|using fts5)/i,
    except: /^store[\\/]sqlite[\\/]/,
    breaches: [
      'sql`pragma data_version`',
      "sql`json_extract(metadata, '$.a')`",
      'sql`insert or ignore into entry`',
      'sql`select rowid`',
    ],
  },
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join(SRC, name))

describe('the sources', () => {
  test.each(RULES)('$why', (rule) => {
    const found = files
      .map((file) => ({ name: relative(SRC, file), text: readFileSync(file, 'utf8') }))
      .filter(({ name, text }) => !rule.except?.test(name) && breaks(rule, text))
    expect(found.map(({ name }) => name)).toEqual([])
  })

  test.each(RULES)('the check itself would see a breach: $why', (rule) => {
    expect(rule.breaches.filter((text) => !breaks(rule, text))).toEqual([])
    expect(files.length).toBeGreaterThan(100)
  })
})

function breaks({ pattern, inComments = false }: SourceRule, text: string): boolean {
  return pattern.test(inComments ? text : withoutComments(text))
}

/** Good enough for our sources: a `//` within a string stays, for it follows a colon or a quote. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
