import { describe, expect, test } from 'vitest'
import { entryType } from '../../src/domain/entries/types/index.ts'
import { questionOf } from '../../src/domain/words/asked/question.ts'
import { vectorOf } from '../../src/domain/words/document.ts'
import { searchText } from '../../src/domain/words/search-text.ts'
import { englishFor, englishIn, foreignFor } from '../../src/domain/words/translations/index.ts'
import { likeness, likenessOf, textVector } from '../../src/domain/words/vectors/vectors.ts'
import { wordTable } from '../../src/store/search/word-table.ts'

describe('a word of another language', () => {
  test.each([
    ['rechnung', 'german', 'invoice'],
    ['rechnungen', 'german', 'invoice'],
    ['kundigen', 'german', 'cancel'],
    ['facturas', 'spanish', 'invoice'],
    ['senha', 'portuguese', 'password'],
    ['пароля', 'russian', 'password'],
  ] as const)('%s (%s) is %s', (word, language, english) => {
    expect(englishFor(word, language)).toContain(english)
  })

  test('that German makes of two is both of them', () => {
    expect(englishFor('lagerschlussel', 'german')).toEqual(['key', 'warehouse'])
    expect(englishFor('qwertzuiopasdf', 'german')).toEqual([])
  })

  test('is nothing to an English question that happens to have it', () => {
    expect(englishFor('gift', 'english')).toEqual([])
    const terms = questionOf('gift for a customer').words.flatMap(({ members }) =>
      members.map(({ term }) => term),
    )
    expect(terms).not.toContain('poison')
  })
})

test('runs without spaces are read by their longest words', () => {
  expect(englishIn('バックアップはどこにありますか')).toEqual([{ word: 'バックアップ', english: ['backup'] }])
  expect(englishIn('数据库备份').map(({ english }) => english[0])).toEqual(['database', 'backup'])
})

test('an English word is looked for in the other languages too, but not as what English has with another meaning', () => {
  expect(foreignFor('invoices')).toEqual(expect.arrayContaining(['rechnung', 'factur', '发票']))
  expect(foreignFor('poison')).not.toContain('gift')
  expect(foreignFor('day')).not.toContain('tag')
})

test('the meaning of a question is its text, in English where that is not', () => {
  expect(questionOf('Wo liegt der Schlüssel zum Lager?').asEnglish).toMatch(/^\w+ key warehouse$/)
  expect(questionOf('where is the key').asEnglish).toBe('where is the key')
})

test('the vector of a text in another language is that of its English', () => {
  const table = wordTable()
  if (!table) throw new Error('no table of words')
  const vectorFor = (content: string) => {
    const stored = vectorOf(
      searchText({ type: 'knowledge', name: '', tags: [], content }, entryType('knowledge'), table),
    )
    if (!stored) throw new Error('no vector')
    return stored
  }
  const asked = textVector('the key of the warehouse', table)
  const german = vectorFor('Der Schlüssel zum Lager ist bei der Pforte.')
  const other = vectorFor('Die Rechnung wird am Montag von der Bank bezahlt.')
  expect(likeness(asked ?? new Float32Array(100), german)).toBeGreaterThan(0.5)
  expect(likenessOf(german, other)).toBeLessThan(0.5)
})
