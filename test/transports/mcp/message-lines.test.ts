import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MessageLines } from '../../../src/transports/mcp/stdio/message-lines.ts'

function split(chunks: readonly Buffer[], maxBytes: number): (string | null)[] {
  const seen: (string | null)[] = []
  const lines = new MessageLines(maxBytes, {
    line: (line) => seen.push(line.toString()),
    tooLong: () => seen.push(null),
  })
  for (const chunk of chunks) lines.push(chunk)
  lines.end()
  return seen
}

test('the lines are the same however the bytes come in, and long ones are reported in their place', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\n', ' '))
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(40)), (texts, cuts) => {
      const bytes = Buffer.from(texts.join('\n'))
      const chunks: Buffer[] = []
      let start = 0
      for (const cut of cuts) {
        chunks.push(bytes.subarray(start, start + cut))
        start += cut
      }
      chunks.push(bytes.subarray(start))
      const expected = bytes
        .toString()
        .split('\n')
        .map((text) => (Buffer.byteLength(text) > 16 ? null : text))
      expect(split(chunks, 16)).toEqual(expected)
    }),
  )
})
