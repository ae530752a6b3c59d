import { describe, expect, test } from 'vitest'
import { questionOf } from '../../src/domain/words/asked/question.ts'
import { englishFor, englishIn, foreignFor } from '../../src/domain/words/translations/index.ts'

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

test('the meaning of a question is its text with English for what is not', () => {
  expect(questionOf('Wo liegt der Schlüssel zum Lager?').asEnglish).toMatch(/key.*warehouse/)
  expect(questionOf('where is the key').asEnglish).toBe('where is the key')
})
