import { expect, test } from 'vitest'
import { visibleText } from '../../src/domain/text/visible-text.ts'

test.each([
  ['tag characters', 'Names\u{e0069}\u{e0067}', 'Names<U+E0069><U+E0067>'],
  ['a turn of direction', 'a\u202eb\u2066c', 'a<U+202E>b<U+2066>c'],
  ['separators that end a line for some', 'one\u001ctwo\u001dthree', 'one<U+001C>two<U+001D>three'],
  ['zero width between plain letters', 'ig\u200bno\u200dre\u2060', 'ig<U+200B>no<U+200D>re<U+2060>'],
  ['bytes hidden in variation selectors', 'a\ufe01\ufe02\u{e0105}', 'a<U+FE01><U+FE02><U+E0105>'],
  [
    'a selector after a letter that has no variations',
    '\u0434\ufe0f\u00e9\ufe00',
    '\u0434<U+FE0F>\u00e9<U+FE00>',
  ],
  ['a second selector on a Han character', '\u845b\u{e0100}\u{e0101}', '\u845b\u{e0100}<U+E0101>'],
  [
    'words in the tags of a flag',
    '\u{1f3f4}\u{e0072}\u{e006d}\u{e007f}',
    '\u{1f3f4}<U+E0072><U+E006D><U+E007F>',
  ],
  [
    'joiners between letters that do not join',
    '\u0434\u200d\u0434\u200c\u00e9',
    '\u0434<U+200D>\u0434<U+200C>\u00e9',
  ],
  ['a second joiner', '\u0645\u200c\u200d\u0645', '\u0645\u200c<U+200D>\u0645'],
  ['a mark of direction between left-to-right letters', 'a\u200fb\u200ec', 'a<U+200F>b<U+200E>c'],
  ['ends of lines for some', 'a\u0085b\u2028c\u2029d\fe', 'a<U+0085>b<U+2028>c<U+2029>d<U+000C>e'],
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
  ['a keycap', '1\ufe0f\u20e3'],
  ['a heart on fire', '\u2764\ufe0f\u200d\u{1f525}'],
  ['Malayalam that ends in a joiner', '\u0d05\u0d35\u0d28\u0d4d\u200d is'],
  ['an Arabic letter in its initial form', '\u0647\u200d.'],
  ['an Arabic letter in its final form', ' \u200d\u0647'],
  ['Hebrew with a mark behind its punctuation', '\u05e9\u05dc\u05d5\u05dd!\u200f (C++\u200e) \u05d0'],
  ['a mathematical sign with its variation', '\u2229\ufe00'],
  ['lines and tabs', 'a\n\tb\r\n'],
])('%s stays as it is', (_, text) => {
  expect(visibleText(text)).toBe(text)
})
