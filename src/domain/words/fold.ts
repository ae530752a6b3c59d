/** Points and vowel signs that writers put on or leave out: Latin, Greek and Cyrillic accents, Hebrew and Arabic points. */
const OPTIONAL_MARKS =
  /[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670\u0640]+/gu
const PLAIN = /^[a-z0-9]*$/
const ASCII = /^[\0-\x7f]*$/

/**
 * The one form of a word in text and question: compatibility forms and case gone, accents gone. Marks that make a word (vowel
 * signs of the Indic scripts) stay.
 */
export function fold(word: string): string {
  if (PLAIN.test(word)) return word
  if (ASCII.test(word)) return word.toLowerCase()
  const lower = word.normalize('NFKC').toLowerCase().replaceAll('ß', 'ss').replaceAll('ς', 'σ')
  return lower.normalize('NFD').replace(OPTIONAL_MARKS, '').normalize('NFC').replaceAll('ı', 'i')
}
