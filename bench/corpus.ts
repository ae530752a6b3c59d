/** Numbers that repeat from run to run (a linear congruential generator, Park and Miller 1988). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

export interface Text {
  readonly name: string
  readonly content: string
  readonly tags: string[]
}

const VOCABULARY = 50_000
const WORDS_PER_TEXT = 40
const CONSONANTS = 'bcdfghjklmnpqrstvwxz'
const VOWELS = 'aeiou'

/** Made-up texts whose words are as unevenly common as those of a language (Zipf's law). */
export function makeTexts(count: number, seed = 1, prefix = 'entry'): Text[] {
  const next = randomNumbers(seed)
  const word = () => wordOf(Math.floor(Math.exp(next() * Math.log(VOCABULARY + 1))) - 1)
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix} ${index}`,
    content: Array.from({ length: WORDS_PER_TEXT }, word).join(' '),
    tags: [`tag-${index % 7}`],
  }))
}

/** Questions of five words, each set taken from one text: so every question has an answer. */
export function makeQueries(texts: readonly Text[], count: number, seed = 2): string[] {
  const next = randomNumbers(seed)
  return Array.from({ length: count }, () => {
    const words = texts[Math.floor(next() * texts.length)]?.content.split(' ') ?? []
    return Array.from({ length: 5 }, () => words[Math.floor(next() * words.length)]).join(' ')
  })
}

function wordOf(rank: number): string {
  let text = ''
  for (let rest = rank + 17; rest > 0; rest = Math.floor(rest / 20)) {
    text += `${CONSONANTS[rest % 20]}${VOWELS[(rest >> 3) % 5]}`
  }
  return `${text}r`
}
