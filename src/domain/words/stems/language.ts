import { STOP_WORDS } from './stop-words.ts'

/** Languages whose endings are known, with the small words that give each away and say nothing themselves. */
const SMALL_WORDS = {
  german: `aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann das dass dem den denn der
    des dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen einer eines er es etwas euch
    fur gegen haben hat hatte heisst ich ihm ihn ihr ihre im in ins ist jede jedem jeden jeder jedes jetzt kann kein keine keinen
    konnen man mehr mein mit muss mussen nach nicht noch nur ob oder ohne sein seine sich sie sind so soll sollen sonst
    uber um und uns unser unter vom von vor war waren warum was weil welche welcher welches wenn wer werden wie wieder wir wird
    wo worden wurde zu zum zur zwischen`,
  french: `alors au aussi autre aux avec ce ces cet cette chaque comme comment dans de des du elle elles en est et etaient etait etre
    faut ici il ils je jamais la le les leur leurs lors mais meme mes moi mon ne nos notre nous ont ou par parce pas peut plus
    pour pourquoi quand que quel quelle quelles quels qui sa sans ses si son sont sous sur ta tes toi ton tous tout toute toutes
    tu un une vos votre vous`,
  spanish: `al ante antes como con cual cuando de del desde donde el ella ellos en entre era es esa ese eso esta estaba estan este esto
    estos fue ha hace han hasta hay la las le les lo los mas me mi mientras muy nada ni no nos nosotros o para pero por porque
    que quien se segun ser si sin sobre son su sus tambien tiene tienen todo todos un una unas uno unos y ya`,
  portuguese: `ao aos as ate com como da das de dela dele deles depois do dos e ela eles em entre era essa esse esta estao este eu foi ha isso
    isto ja la mais mas me mesmo meu muito na nao nas nem no nos nossa nosso num numa o os ou para pela pelas pelo pelos por
    porque qual quando que quem sao se sem ser seu seus so sua suas tambem te tem uma umas voce`,
  russian: `а без более бы был была были было быть в вам вас весь во вот все всегда всего вы где да даже для до его ее если есть еще же за
    здесь и из или им их к как когда кто ли либо мне может мы на над надо наш не него нее нет ни них но ну о об однако он она они
    оно от очень по под при с со так также такой там те тем то того тоже той только том ты у уже хотя чего чей чем что чтобы
    чье чья эта эти это я`,
} as const

export type Language = keyof typeof SMALL_WORDS | 'english'

const LISTS: readonly { readonly language: Language; readonly words: ReadonlySet<string> }[] = [
  { language: 'english', words: STOP_WORDS },
  ...Object.entries(SMALL_WORDS).map(([language, words]) => ({
    language: language as keyof typeof SMALL_WORDS,
    words: new Set(words.split(/\s+/)),
  })),
]
/** Of each small word the lists that have it. */
const PLACES = new Map<string, number[]>()
for (const [place, { words }] of LISTS.entries())
  for (const word of words) PLACES.set(word, [...(PLACES.get(word) ?? []), place])
/** Of these many words the language is judged. */
export const JUDGED_WORDS = 200
const CYRILLIC = /\p{Script=Cyrillic}/u

/** What a word says of the language of its text. */
export interface Speaks {
  /** The lists that have it. */
  readonly places: readonly number[]
  readonly isCyrillic: boolean
}

const NOWHERE: Speaks = { places: [], isCyrillic: false }

/** What a folded word says; of most nothing. */
export function speaksFor(word: string): Speaks {
  const places = PLACES.get(word)
  const isWritten = isCyrillic(word)
  return places || isWritten ? { places: places ?? NOWHERE.places, isCyrillic: isWritten } : NOWHERE
}

/** The language of a text by its own small words; English where nothing speaks for another. */
export function languageOf(words: readonly { readonly speaksFor: Speaks }[]): Language {
  const judged = Math.min(words.length, JUDGED_WORDS)
  const counts = LISTS.map(() => 0)
  let cyrillic = 0
  for (let at = 0; at < judged; at++) {
    const { places, isCyrillic } = words[at]?.speaksFor ?? NOWHERE
    if (isCyrillic) cyrillic++
    for (const place of places) counts[place] = (counts[place] ?? 0) + 1
  }
  if (cyrillic * 2 > judged) return 'russian'
  let best: { language: Language; count: number } = { language: 'english', count: 0 }
  for (const [place, { language }] of LISTS.entries()) {
    const count = counts[place] ?? 0
    const speaks = language === 'english' || count * 8 >= judged
    if (count > best.count && speaks) best = { language, count }
  }
  return best.language
}

/** Latin letters, which most words have only, are passed over without a look at their script. */
function isCyrillic(word: string): boolean {
  for (let at = 0; at < word.length; at++) if (word.charCodeAt(at) >= 0x400) return CYRILLIC.test(word)
  return false
}

/** The small words of a language. */
export function smallWords(language: Language): ReadonlySet<string> {
  return LISTS.find((list) => list.language === language)?.words ?? STOP_WORDS
}
