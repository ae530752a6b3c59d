import { expect, test } from 'vitest'
import { visibleText } from '../../src/domain/visible-text.ts'

test.each([
  ['tag characters', 'Names\u{e0069}\u{e0067}', 'Names<U+E0069><U+E0067>'],
  ['a turn of direction', 'a\u202eb\u2066c', 'a<U+202E>b<U+2066>c'],
  ['separators that end a line for some', 'one\u001ctwo\u001dthree', 'one<U+001C>two<U+001D>three'],
  ['zero width between plain letters', 'ig\u200bno\u200dre\u2060', 'ig<U+200B>no<U+200D>re<U+2060>'],
  ['bytes hidden in variation selectors', 'a\ufe01\ufe02\u{e0105}', 'a\ufe01<U+FE02><U+E0105>'],
  ['a Hangul filler', 'x\u3164y', 'x<U+3164>y'],
  ['half a character', 'a\ud800', 'a\ufffd'],
])('%s is spelled out', (_, text, shown) => {
  expect(visibleText(text)).toBe(shown)
})

test.each([
  ['a family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}'],
  ['a heart with its variation', '\u2764\ufe0f'],
  ['a woman at work', '\u{1f469}\u{1f3fd}\u200d\u{1f4bb}'],
  ['the flag of a region', '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}'],
  ['Persian with a non-joiner', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'],
  ['Hindi with a joiner', '\u0915\u094d\u200d\u0937'],
  ['a Han character with its variation', '\u845b\u{e0100}'],
  ['lines and tabs', 'a\n\tb\r\n'],
])('%s stays as it is', (_, text) => {
  expect(visibleText(text)).toBe(text)
})
