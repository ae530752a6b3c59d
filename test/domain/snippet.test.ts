import fc from 'fast-check'
import { expect, test } from 'vitest'
import { snippetOf } from '../../src/domain/words/snippet.ts'

const FILLER = 'nothing of any interest stands here. '.repeat(30)

test('a short text is shown whole, on one line', () => {
  expect(snippetOf('one\n\n  two\tthree ', 'two')).toBe('one two three')
})

test('of a long text the part that holds the most of the words', () => {
  const text = `${FILLER}a walrus alone. ${FILLER}the walrus met a seal. ${FILLER}`
  const snippet = snippetOf(text, 'seal walrus')
  expect(snippet).toContain('the walrus met a seal')
  expect(snippet).toMatch(/^….*…$/)
})

test('other forms of a word count', () => {
  expect(snippetOf(`${FILLER}it was invalidated then. ${FILLER}`, 'invalidates')).toContain(
    'it was invalidated',
  )
})

test('letters with and without marks are alike, syllables of Hangul with the same first letter are not', () => {
  expect(snippetOf(`${FILLER}Здесь стоит Йод. ${FILLER}`, 'иод')).toContain('стоит Йод')
  expect(snippetOf(`${FILLER}학교가 있다. ${FILLER}한국이 있다. ${FILLER}`, '한국')).toContain('한국이')
})

test('without a match it is the beginning', () => {
  expect(snippetOf(`Begin here. ${FILLER}`, 'walrus')).toMatch(/^Begin here\..*…$/)
})

test('the words stand at the right place behind characters of two halves, and behind those that lower case makes longer', () => {
  const odd = `${'🦭'.repeat(300)} ${'İ'.repeat(300)} ${FILLER}`
  expect(snippetOf(`${odd} the walrus met a seal. ${FILLER}`, 'walrus seal')).toContain('walrus met a seal')
})

test('of any text it is about 200 characters, none cut in half', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 900 }),
      fc.string({ maxLength: 20 }),
      (text, query) => {
        const snippet = snippetOf(text, query)
        expect(snippet.isWellFormed()).toBe(true)
        expect([...snippet].length).toBeLessThanOrEqual(202)
      },
    ),
  )
})

test('a text of the largest size takes no noticeable work for each of many words', () => {
  const words = Array.from({ length: 48 }, (_, n) => `word${n}`)
  const text = words.join(' ').repeat(700)
  expect(snippetOf(text, words.join(' ')).length).toBeLessThanOrEqual(202)
})
