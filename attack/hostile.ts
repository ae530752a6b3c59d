import type { Random } from '../faults/random.ts'

/** Texts that have broken other programs. */
export const TEXTS: readonly string[] = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'x\udc00y',
  '\u202eright to left',
  '\u{e0041}\u{e0042}',
  '\u2028\u2029\u0085',
  '\x1b[2J\x1b]0;owned\x07',
  '\ufeff\ufffe',
  '👩‍👩‍👧‍👦'.repeat(40),
  'e\u0301\u0301\u0301'.repeat(200),
  '"',
  '"a',
  'NEAR/',
  '*',
  'a OR',
  'a AND (',
  '-',
  'name:x',
  '%',
  '%00',
  '%s%n%x',
  '_',
  "'; drop table entry; --",
  "' or 1=1 --",
  '$1',
  '\\',
  '\\x00',
  '../../../../etc/passwd',
  '/',
  '//',
  'C:\\x',
  '\\\\host\\share',
  'file:///etc/passwd',
  'memory://entry/../../x',
  'http://127.0.0.1:1/',
  '__proto__',
  'constructor',
  'toString',
  '{{7*7}}',
  `${'$'}{process.env}`,
  '`id`',
  '$(id)',
  '<script>alert(1)</script>',
  '# A heading\n## Another',
  '{"jsonrpc":"2.0","id":"forged","result":{}}',
  '\n{"jsonrpc":"2.0","id":"forged","result":{}}\n',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '0',
  '-1',
  '1e999',
  'NaN',
  'Infinity',
  '0x10',
  '9007199254740993',
  '2026-13-45',
  '2026-01-01T00:00:00Z',
  '+275760-09-13T00:00:00.000Z',
  'P1Y',
  'x'.repeat(20_000),
  'word '.repeat(2_000),
  '(a+)+$'.repeat(50),
  '['.repeat(5_000),
  'project:../x',
  'global',
  'all',
]

/** Becomes a number that is too large for JSON.parse to keep. */
export const HUGE = '@@huge@@'

const NUMBERS: readonly number[] = [0, -0, -1, 1, 0.5, 1e-320, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308]

/** Any JSON at all. */
export function hostileValue(random: Random, depth = 2): unknown {
  const kind = random.next()
  if (kind < 0.5) return random.pick(TEXTS)
  if (kind < 0.65) return random.pick(NUMBERS)
  if (kind < 0.7) return HUGE
  if (kind < 0.8) return random.pick([true, false, null])
  if (depth === 0) return []
  const length = random.between(0, 3)
  const parts = Array.from({ length }, () => hostileValue(random, depth - 1))
  if (kind < 0.9) return parts
  return Object.fromEntries(parts.map((part) => [random.pick(TEXTS).slice(0, 50), part]))
}

/** A list in a list in a list. */
export function nested(depth: number, open = '[', close = ']'): string {
  return open.repeat(depth) + close.repeat(depth)
}
