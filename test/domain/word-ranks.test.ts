import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rankOfInflected } from '../../src/domain/words/vectors/inflected.ts'
import { WordRanks } from '../../src/domain/words/vectors/word-ranks.ts'

const VECTOR_BYTES = 44_000 * 104

test('every word of the shipped table has its rank, and no other word has one', () => {
  const file = readFileSync(join(import.meta.dirname, '../../src/store/search/words-44k.bin'))
  const bytes = file.subarray(VECTOR_BYTES)
  const words = bytes.toString('utf8').split('\n')
  const ranks = new WordRanks(bytes)
  expect(words).toHaveLength(44_000)
  expect(words.filter((word, rank) => ranks.rankOf(word) !== rank)).toEqual([])
  const known = new Set(words)
  const others = words
    .flatMap((word) => [`${word}q`, word.slice(1), `${word}\n`])
    .filter((word) => !known.has(word))
  expect(others.length).toBeGreaterThan(80_000)
  expect(others.filter((word) => ranks.rankOf(word) !== -1)).toEqual([])
})

test('words of one place in the table, of other scripts and none at all are told apart', () => {
  const ranks = new WordRanks(Buffer.from('größe\nab\nba\n日本'))
  expect(['größe', 'ab', 'ba', '日本'].map((word) => ranks.rankOf(word))).toEqual([0, 1, 2, 3])
  expect(['', 'größ', 'aba', '日', '本日'].map((word) => ranks.rankOf(word))).toEqual([-1, -1, -1, -1, -1])
})

test('an inflected word that the table lacks has the rank of its base form, and one that it holds its own', () => {
  const ranks = new WordRanks(Buffer.from('library\nbicycle\nbox\nparse\nreplay\nbus\nused\nuse'))
  const rankOf = (word: string) => rankOfInflected(word, ranks)
  expect(
    ['libraries', 'bicycles', 'boxes', 'parsing', 'replaying', 'parsed', 'replayed'].map(rankOf),
  ).toEqual([0, 1, 2, 3, 4, 3, 4])
  expect(['bus', 'used', 'use'].map(rankOf)).toEqual([5, 6, 7])
  // Too short, or nothing is left that the table holds.
  expect(['uses', 'ing', 'glasses', ''].map(rankOf)).toEqual([-1, -1, -1, -1])
})
