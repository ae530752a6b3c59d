import fc from 'fast-check'
import { expect, test } from 'vitest'
import { documentText, readDocument } from '../../src/domain/words/document.ts'
import { StoredTerms, WantedTerms } from '../../src/domain/words/ranking/stored-terms.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 200 })

test('a text that is gone through says of each column what its cut words say', () => {
  fc.assert(
    fc.property(fc.record({ name: text, tags: text, content: text, more: text }), (texts) => {
      const stored = documentText(readDocument(texts), undefined)
      const { columns } = new StoredTerms(stored)
      // Every other term, some that are nowhere, and one that another begins with.
      const terms = [...new Set(columns.flat())].filter((_, at) => at % 2 === 0)
      const asked = [...new Set([...terms, 'nowhere', ...terms.slice(0, 1).map((term) => `${term}x`)])]
      const wanted = new WantedTerms(asked)
      const read: [number, string[]][] = []
      new StoredTerms(stored).eachColumn(wanted, (_, words, { count, places }) => {
        read.push([words, [...places.subarray(0, count)].map((place) => asked[place] ?? '')])
      })
      expect(read).toEqual(
        columns.map((words) => [words.length, words.filter((word) => asked.includes(word))]),
      )
    }),
  )
})

test('a column of very many wanted terms is read to its end', () => {
  const content = Array.from({ length: 1_000 }, () => 'walrus').join(' ')
  const stored = documentText(readDocument({ name: '', tags: '', content, more: '' }), undefined)
  const counts: number[] = []
  new StoredTerms(stored).eachColumn(new WantedTerms(['walrus']), (_, __, { count }) => counts.push(count))
  expect(counts).toEqual([0, 0, 1_000, 0, 0])
})
