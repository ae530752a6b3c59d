import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { randomNumbers } from '../../bench/corpus.ts'
import { similarityTo, wordsToFindBy } from '../../src/domain/words/ranking/similarity.ts'
import { tokensOf } from '../../src/domain/words/tokens.ts'

// The words of a text are cut by loops and remembered; here is what they are, said by expressions alone.

const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}'
const PIECE = new RegExp(
  `[${UNSPACED}ー]+[${UNSPACED}ー\\p{M}]*|(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{Co}])(?:(?![${UNSPACED}])[\\p{L}\\p{N}\\p{M}\\p{Co}])*`,
  'gu',
)
const CAMEL_STEP = /(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u

function pieces(text: string): string[] {
  return text.split(/\s+/).flatMap((chunk) => {
    const word = chunk.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}\p{M}]+$/gu, '').replace(/['’]s$/iu, '')
    return word.match(PIECE) ?? []
  })
}

function evaluated(): string[] {
  const names = ['coding-dev', 'coding-more', 'coding-third', 'coding-fourth', 'coding-fifth']
  return names.flatMap((name) => {
    const path = join(import.meta.dirname, `../../bench/eval/${name}.json`)
    const { entries } = JSON.parse(readFileSync(path, 'utf8')) as { entries: { content: string }[] }
    return entries.map(({ content }) => content)
  })
}

const SIGNS = [
  ...'abcXYZ019_-.:/@+#\'’,;!?()[]"\n\t éßςİı中国テーー한ไสवि\u0301ёЖ\u00a0\u200b😀ﬁ²Ⅷ',
  ...[
    '\ud800',
    '\ue000',
    '\u0085',
    '\ufeff',
    '\u3000',
    '\u1680',
    'the ',
    'der ',
    ' не ',
    'HTTPServer',
    'fooBar',
    "'s ",
    'v1.2',
  ],
]

function mixed(count: number): string[] {
  const next = randomNumbers(7)
  const sign = () => SIGNS[Math.floor(next() * SIGNS.length)]
  return Array.from({ length: count }, () =>
    Array.from({ length: 1 + Math.floor(next() * 40) }, sign).join(''),
  )
}

describe('the words of a text', () => {
  test('are the same as by the expressions, the first time and again', () => {
    for (const text of [...evaluated(), ...mixed(3_000)]) {
      const expected = pieces(text)
      for (const tokens of [tokensOf(text), tokensOf(text)]) {
        expect(tokens.map((token) => token.text)).toEqual(expected)
        expect(tokens.flatMap(({ parts }) => parts)).toEqual(
          expected.flatMap((piece) => piece.split(CAMEL_STEP)),
        )
        for (const { text, word, isPlain, words, parts } of tokens) {
          expect(words).toHaveLength(parts.length)
          if (isPlain) expect(word.folded).toBe(text.toLowerCase())
        }
      }
    }
  })

  test('are parted by every sign that is a space, and by no other', () => {
    for (let code = 0; code < 0x10000; code++) {
      const sign = String.fromCharCode(code)
      if (/[\p{L}\p{N}\p{M}\p{Co}]/u.test(sign)) continue
      const isSpace = /\s/.test(sign)
      expect([code, tokensOf(`ab${sign}cd`)[0]?.whole === null || isSpace]).toEqual([
        code,
        isSpace || !/^[-_.:/@+#\\]$/.test(sign),
      ])
      expect(tokensOf(`x${sign}`).map(({ text }) => text)).toEqual(['x'])
    }
  })

  test('are cut no further than asked, but a piece to its end', () => {
    expect(tokensOf('one two sha-256 four', 3).map(({ text }) => text)).toEqual(['one', 'two', 'sha', '256'])
  })
})

describe('telling words', () => {
  test('are the same by the shorter way for plain letters as by the way for all', () => {
    for (const content of evaluated()) {
      // A sign that parts words and is not ASCII.
      const other = content.replaceAll(' ', '\u2028')
      expect([...wordsToFindBy({ name: '', content: other })]).toEqual([
        ...wordsToFindBy({ name: '', content }),
      ])
      expect(similarityTo({ name: '', content })({ name: '', content: other })).toBe(1)
    }
  })
})
