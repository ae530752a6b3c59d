import { fold } from './fold.ts'
import { type Language, smallWords } from './stems/language.ts'
import { type Token, tokensOf } from './tokens.ts'
import { englishFor, englishIn } from './translations/index.ts'

/**
 * The words of a text as the word vectors know them, which are of English words: those of another language by their first
 * translation, its small words not at all. A vector of the words themselves would say little more than which language they are of.
 */
export function inEnglish(tokens: readonly Token[], language: Language): readonly Token[] {
  if (language === 'english' && !tokens.some(({ isUnspaced }) => isUnspaced)) return tokens
  return tokensOf(tokens.flatMap((token) => englishOf(token, language)).join(' '))
}

function englishOf(token: Token, language: Language): string[] {
  if (token.isUnspaced) return englishOfRun(token.text)
  if (language === 'english') return [token.text]
  const small = smallWords(language)
  return token.parts.filter((part) => !small.has(fold(part))).map((part) => englishOfWord(part, language))
}

/** A word that the dictionaries do not have is mostly a name. */
export function englishOfWord(word: string, language: Language): string {
  return englishFor(fold(word), language)[0] ?? word
}

/** Of a run without spaces. */
export function englishOfRun(run: string): string[] {
  return englishIn(fold(run)).flatMap(({ english }) => english.slice(0, 1))
}
