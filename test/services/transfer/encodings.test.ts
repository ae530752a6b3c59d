import { describe, expect, test } from 'vitest'
import { withApp } from '../../support/app.ts'
import { exported, imported, refusedImport } from './files.ts'

// What Windows makes of an export on its way: PowerShell redirects as UTF-16, editors set a byte order mark and CRLF.

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()

const TOUCHED: readonly (readonly [string, (file: string) => Buffer])[] = [
  ['a byte order mark', (file) => Buffer.from(`\ufeff${file}`)],
  ['CRLF', (file) => Buffer.from(file.replaceAll('\n', '\r\n'))],
  ['an empty last line', (file) => Buffer.from(`${file}\n`)],
  ['an empty last line in CRLF', (file) => Buffer.from(`${file}\r\n \r\n`)],
  ['no newline at the end', (file) => Buffer.from(file.trimEnd())],
  ['UTF-16 LE', (file) => Buffer.from(`\ufeff${file.replaceAll('\n', '\r\n')}`, 'utf16le')],
  ['UTF-16 BE', (file) => utf16be(`\ufeff${file}`)],
  ['UTF-16 LE without a mark', (file) => Buffer.from(file, 'utf16le')],
  ['UTF-16 BE without a mark', (file) => utf16be(file)],
]

describe('an export with', () => {
  test.each(TOUCHED)('%s is read as it was written', (_what, touch) =>
    withApp((from) =>
      withApp(async (to) => {
        const content = 'Grüße 事実 👋 and a \ufeff inside'
        await from.call('memory_knowledge', 'add', { scope_type: 'global', name: 'Fact', content })
        const file = await exported(from)
        for (const pieceBytes of [1, 65_536]) await imported(to, touch(file), { pieceBytes })
        expect(await exported(to)).toBe(file)
      }),
    ),
  )

  test('UTF-16 that was cut inside a letter is refused', () =>
    withApp(async (t) => {
      await t.call('memory_knowledge', 'add', { scope_type: 'global', name: 'Fact', content: 'One' })
      const file = Buffer.from(`\ufeff${await exported(t)}`, 'utf16le')
      const error = await refusedImport(t, file.subarray(0, -1))
      expect(error).toMatchObject({ name: 'INVALID_PARAMETER', details: { line: 3 } })
      expect(error.message).toContain('UTF-16LE')
    }))
})
